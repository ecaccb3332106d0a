// Package report turns the findings of a check into diagnostics, the same
// way for all checks and drivers: one per line and check, in source order,
// each message complete in itself, none in generated files or where a
// directive silences it.
package report

import (
	"cmp"
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/passes/internal/directive"
)

// Options are the settings every check shares.
type Options struct {
	Advice bool // report findings of tier advice too
}

// A Finding is one problem, before it is decided whether users see it.
type Finding struct {
	Pos, End    token.Pos
	Message     string // lower case, subject first, no final period
	Advice      bool   // tier advice: opt-in
	Unconfirmed string // why the compiler's word is missing; "" if it confirmed the finding
	Fixes       []analysis.SuggestedFix
	Related     []analysis.RelatedInformation // other places: the declaration, the calls
}

// A Reporter collects the findings of one check on one package.
type Reporter struct {
	pass     *analysis.Pass
	opts     Options
	findings []Finding
}

// New returns a Reporter for pass.
func New(pass *analysis.Pass, opts Options) *Reporter {
	return &Reporter{pass: pass, opts: opts}
}

// Add records a finding.
func (r *Reporter) Add(f Finding) { r.findings = append(r.findings, f) }

// Flush reports what was added, in source order. Of several findings on one
// line the first of the default tier stands: drivers such as golangci-lint
// show one per line anyway, and would choose by chance.
func (r *Reporter) Flush() {
	silent := r.silent()
	slices.SortStableFunc(r.findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Pos, b.Pos), cmp.Compare(btoi(a.Advice), btoi(b.Advice)), strings.Compare(a.Message, b.Message))
	})
	best := make(map[line]int)
	for i, f := range r.findings {
		at := r.line(f.Pos)
		if j, ok := best[at]; !ok || r.findings[j].Advice && !f.Advice {
			best[at] = i
		}
	}
	for i, f := range r.findings {
		at := r.line(f.Pos)
		if best[at] != i || silent[at] || silent[line{at.file, 0}] || f.Advice && !r.opts.Advice {
			continue
		}
		msg := f.Message
		if f.Unconfirmed != "" {
			msg += " (unconfirmed: " + f.Unconfirmed + ")"
		}
		if f.Advice {
			msg += " [advice]"
		}
		r.pass.Report(analysis.Diagnostic{
			Pos: f.Pos, End: f.End, Category: r.pass.Analyzer.Name, Message: msg,
			SuggestedFixes: f.Fixes, Related: f.Related,
		})
	}
	r.findings = nil
}

// A line is a place where at most one finding of a check is shown; number
// 0 stands for the whole file.
type line struct {
	file   *token.File
	number int
}

func (r *Reporter) line(pos token.Pos) line {
	file := r.pass.Fset.File(pos)
	return line{file, file.Line(pos)}
}

// silent returns the lines that an //heapvet:ignore directive of this check
// covers, its own and the next, and the generated files.
func (r *Reporter) silent() map[line]bool {
	lines := make(map[line]bool)
	for _, file := range r.pass.Files {
		if ast.IsGenerated(file) {
			lines[line{r.pass.Fset.File(file.FileStart), 0}] = true
		}
		for d := range directive.All(file) {
			check, reason, _ := strings.Cut(d.Args, " ")
			if d.Name != "ignore" || check != r.pass.Analyzer.Name || strings.TrimSpace(reason) == "" {
				continue // another directive, another check, or no reason: the directive check tells
			}
			at := r.line(d.Pos)
			lines[at] = true
			lines[line{at.file, at.number + 1}] = true
		}
	}
	return lines
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
