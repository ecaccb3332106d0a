package heat

import (
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/heapvet/heapvet/cmd/heapvet/internal/session"
	"github.com/heapvet/heapvet/passes"
	"github.com/heapvet/heapvet/passes/answers"
	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/reqflow"
)

// collect returns the heat of the module, and the lines of which the checks
// say something else when they know no more than that of a module. It ends
// the session's use of the module, which takes memory.
func collect(s *session.Session) (*answers.Module, error) {
	known := &answers.Module{Paths: s.Program.Modules}
	module := s.Config.Module
	module.Answer(known)
	reqflow.Answer(module, known)
	whole, err := diagnoseModule(s)
	if err != nil {
		return nil, err
	}
	alone := s.Config
	alone.Module, alone.Answers, alone.Advice = nil, known, true
	opinions, err := opinions(s, alone)
	if err != nil {
		return nil, err
	}
	module.Correct(known, opinions)
	s.Config.Module, module = nil, nil
	single, err := diagnoseAlone(s, alone)
	if err != nil {
		return nil, err
	}
	for _, pkg := range s.Program.Own {
		text := answers.NewText(pkg.Fset, pkg.Syntax, os.ReadFile)
		p := known.Add(pkg.PkgPath, pkg.Name)
		p.Verdicts = append(p.Verdicts, whole.missing(pkg, single, text)...)
		p.Verdicts = append(p.Verdicts, whole.refuted(pkg, single, text)...)
	}
	return known, nil
}

// opinions returns the heat of all functions as their packages show it by
// themselves.
func opinions(s *session.Session, cfg passes.Config) (map[ast.Node]hotcode.Opinion, error) {
	heat, _ := passes.Facts(cfg)
	d := newDriver([]*analysis.Analyzer{heat})
	all := make(map[ast.Node]hotcode.Opinion)
	for _, pkg := range s.Program.Own {
		out, err := d.run(pkg)
		if err != nil {
			return nil, err
		}
		out[0].result.(*hotcode.Result).Opinions(all)
	}
	return all, nil
}

// A place is a line of a file, whatever //line directives say, and a check:
// a check has at most one finding on a line.
type place struct {
	pkg, check, file string
	line             int
}

// A report is the findings of a run, of both tiers.
type report struct {
	found map[place]analysis.Diagnostic
	order []place // by package, check and position
}

func newReport() *report { return &report{found: make(map[place]analysis.Diagnostic)} }

func (r *report) add(pkg *packages.Package, check string, diagnostics []analysis.Diagnostic) {
	for _, d := range diagnostics {
		at := placeOf(pkg, check, d.Pos)
		if _, ok := r.found[at]; !ok {
			r.found[at] = d
			r.order = append(r.order, at)
		}
	}
}

// diagnoseModule runs the suite in sight of the whole module.
func diagnoseModule(s *session.Session) (*report, error) {
	cfg := s.Config
	cfg.Advice = true
	suite := passes.New(cfg)
	session.Guard(suite)
	graph, err := checker.Analyze(suite, s.Program.Own, nil)
	if err != nil {
		return nil, fmt.Errorf("running the checks: %w", err)
	}
	r := newReport()
	for _, act := range graph.Roots {
		if act.Err != nil {
			return nil, fmt.Errorf("running %s on %s: %w", act.Analyzer.Name, act.Package.PkgPath, act.Err)
		}
		r.add(act.Package, act.Analyzer.Name, act.Diagnostics)
	}
	return r, nil
}

// diagnoseAlone runs the suite on each package by itself.
func diagnoseAlone(s *session.Session, cfg passes.Config) (*report, error) {
	suite := passes.New(cfg)
	d, r := newDriver(suite), newReport()
	for _, pkg := range s.Program.Own {
		out, err := d.run(pkg)
		if err != nil {
			return nil, err
		}
		for i, a := range suite {
			r.add(pkg, a.Name, out[i].diagnostics)
		}
	}
	return r, nil
}

func placeOf(pkg *packages.Package, check string, pos token.Pos) place {
	at := pkg.Fset.PositionFor(pos, false)
	return place{pkg.PkgPath, check, at.Filename, at.Line}
}

// missing returns verdicts for the findings in pkg that other has not, or
// words in another way.
func (r *report) missing(pkg *packages.Package, other *report, text *answers.Text) []answers.Verdict {
	var all []answers.Verdict
	for _, at := range r.order {
		d := r.found[at]
		if old, ok := other.found[at]; at.pkg != pkg.PkgPath || ok && old.Pos == d.Pos && old.Message == d.Message {
			continue
		}
		v := answers.Verdict{Check: at.check}
		v.Message, v.Advice = strings.CutSuffix(d.Message, " [advice]")
		if text.Place(d.Pos, &v) && !strings.ContainsAny(v.Message, "\r\n") {
			all = append(all, v)
		}
	}
	return all
}

// refuted returns verdicts for the lines of pkg where only other has
// findings.
func (r *report) refuted(pkg *packages.Package, other *report, text *answers.Text) []answers.Verdict {
	var all []answers.Verdict
	for _, at := range other.order {
		if _, ok := r.found[at]; at.pkg != pkg.PkgPath || ok {
			continue
		}
		v := answers.Verdict{Check: at.check}
		if text.Place(other.found[at].Pos, &v) {
			all = append(all, v)
		}
	}
	return all
}
