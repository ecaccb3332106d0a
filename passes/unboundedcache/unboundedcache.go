package unboundedcache

import (
	_ "embed"
	"go/token"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/passes/internal/doc"
	"github.com/heapvet/heapvet/passes/internal/growth"
	"github.com/heapvet/heapvet/passes/internal/report"
)

//go:embed doc.go
var docSource string

// New returns the analyzer, which requires model, the analyzer that
// growth.New made.
func New(model *analysis.Analyzer, opts report.Options) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:      "unboundedcache",
		Doc:       doc.Section(docSource, "unboundedcache"),
		URL:       doc.URL("unboundedcache"),
		Requires:  []*analysis.Analyzer{model},
		FactTypes: []analysis.Fact{new(grows)},
		Run: func(pass *analysis.Pass) (any, error) {
			m, _ := pass.ResultOf[model].(*growth.Model)
			if m == nil {
				return nil, nil // not a package that is analysed
			}
			m.Use(func() { run(pass, m, report.New(pass, opts)) })
			return nil, nil
		},
	}
}

func run(pass *analysis.Pass, m *growth.Model, r *report.Reporter) {
	export(pass, m)
	callers(pass, m, r)
	for _, c := range m.In(pass.Pkg) {
		best, ok := m.Judge(c)
		if !ok || best.Growth.Package() != pass.Pkg || m.Broken(c) != nil {
			continue // bounded, told in another package, or by brokenevict
		}
		r.Add(report.Finding{
			Pos:     best.Growth.Pos(),
			Message: message(m, best),
			Advice:  best.Advice,
			Related: related(c),
		})
	}
	r.Flush()
}

// related points to the declaration.
func related(c *growth.Container) []analysis.RelatedInformation {
	if c.Pos == token.NoPos {
		return nil
	}
	return []analysis.RelatedInformation{{Pos: c.Pos, Message: "declared here"}}
}
