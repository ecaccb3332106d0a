package check

import (
	"cmp"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"

	"github.com/heapvet/heapvet/cmd/heapvet/internal/load"
)

// A finding is one diagnostic as users see it.
type finding struct {
	pos     token.Position // as //line says; the file name is short
	end     token.Position
	check   string
	message string
}

// collect orders the diagnostics of graph by position, each named once, and
// returns them all in that order.
func collect(graph *checker.Graph, env *load.Env) []finding {
	var findings []finding
	for _, act := range graph.Roots {
		fset := act.Package.Fset
		if act.Package.ForTest == act.Package.PkgPath {
			// The other files are reported with the package itself, where
			// the heat of the module is known.
			act.Diagnostics = slices.DeleteFunc(act.Diagnostics, func(d analysis.Diagnostic) bool {
				return !strings.HasSuffix(fset.File(d.Pos).Name(), "_test.go")
			})
		}
		slices.SortStableFunc(act.Diagnostics, func(a, b analysis.Diagnostic) int {
			return cmp.Or(comparePositions(fset.Position(a.Pos), fset.Position(b.Pos)), cmp.Compare(a.Message, b.Message))
		})
		for _, d := range act.Diagnostics {
			f := finding{pos: fset.Position(d.Pos), end: fset.Position(max(d.Pos, d.End)), check: act.Analyzer.Name, message: d.Message}
			f.pos.Filename = env.Rel(f.pos.Filename)
			findings = append(findings, f)
		}
	}
	slices.SortFunc(findings, func(a, b finding) int {
		return cmp.Or(comparePositions(a.pos, b.pos), cmp.Compare(a.check, b.check), cmp.Compare(a.message, b.message))
	})
	return slices.CompactFunc(findings, func(a, b finding) bool {
		return comparePositions(a.pos, b.pos) == 0 && a.check == b.check && a.message == b.message
	})
}

func comparePositions(a, b token.Position) int {
	return cmp.Or(cmp.Compare(a.Filename, b.Filename), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}
