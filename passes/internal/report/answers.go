package report

import (
	"go/token"
	"slices"

	"github.com/heapvet/heapvet/passes/answers"
)

// learn puts in the place of what the package alone shows what is known
// from a view of the whole module, line by line, as far as the code is what
// it was then.
func (r *Reporter) learn() {
	known := r.opts.Answers.Package(r.pass.Pkg.Path())
	if known == nil || len(known.Verdicts) == 0 {
		return
	}
	text := answers.NewText(r.pass.Fset, r.pass.Files, r.pass.ReadFile)
	for _, v := range known.Verdicts {
		if v.Check != r.pass.Analyzer.Name {
			continue
		}
		pos, ok := text.Find(v)
		if !ok {
			continue // edited since: what the package shows is newer
		}
		at := r.physical(pos)
		r.findings = slices.DeleteFunc(r.findings, func(f Finding) bool { return r.physical(f.Pos) == at })
		if v.Message != "" {
			r.Add(Finding{Pos: pos, Message: v.Message, Advice: v.Advice})
		}
	}
}

// physical returns the line of pos, whatever //line directives say.
func (r *Reporter) physical(pos token.Pos) line {
	return line{r.pass.Fset.File(pos), r.pass.Fset.PositionFor(pos, false).Line}
}
