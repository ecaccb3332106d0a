package brokenevict

import (
	_ "embed"
	"fmt"

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
		Name:     "brokenevict",
		Doc:      doc.Section(docSource, "brokenevict"),
		URL:      doc.URL("brokenevict"),
		Requires: []*analysis.Analyzer{model},
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
	for _, c := range m.Containers {
		d := m.Broken(c)
		if d == nil || d.Package() != pass.Pkg {
			continue // nothing is wrong, or it is told elsewhere
		}
		finding := report.Finding{Pos: d.Pos(), Message: message(d), Advice: d.Advice}
		if d.Other != nil {
			finding.Related = []analysis.RelatedInformation{{Pos: d.Other.Pos(), Message: other(d.Kind)}}
		}
		r.Add(finding)
	}
	r.Flush()
}

// message says what the removal leaves behind, and what to do.
func message(d *growth.Defect) string {
	name := d.Container.Name
	switch d.Kind {
	case growth.SiblingKept:
		return fmt.Sprintf("%s %q keeps the keys that are deleted from %q: delete them from both", d.Container.Kind, name, d.Sibling.Name)
	case growth.InnerOnly:
		return fmt.Sprintf("%s %q keeps a key with nothing in it: delete the key when its last element goes", d.Container.Kind, name)
	case growth.CounterKept:
		return fmt.Sprintf("%s %q keeps each counter that falls to zero: delete the key then", d.Container.Kind, name)
	case growth.SweepOnce:
		return fmt.Sprintf("%s %q is swept once only: this timer is never reset; use time.NewTicker", d.Container.Kind, name)
	case growth.OtherKey:
		return fmt.Sprintf("%s %q is filled under keys that are transformed first, and this deletes the plain one: transform it, too", d.Container.Kind, name)
	case growth.SuccessOnly:
		return fmt.Sprintf("%s %q keeps what always fails: this adds on failure, and only success removes; expire entries, or use a cache with a limit", d.Container.Kind, name)
	case growth.OwnOrder:
		return fmt.Sprintf("%s %q keeps what comes out of turn: senders choose the key, and only the next in order is deleted; refuse keys too far ahead, or limit its length", d.Container.Kind, name)
	case growth.ReplacedKey:
		return fmt.Sprintf("%s %q keeps the pointers that %q replaces: only those that it still has are deleted; delete the old one, too, or key by an id", d.Container.Kind, name, d.Sibling.Name)
	case growth.EarlyReturn:
		return fmt.Sprintf("%s %q keeps its entry on this return: it is deleted further down; defer that", d.Container.Kind, name)
	case growth.Overwritten:
		return fmt.Sprintf("%s %q drops a value without closing it when its key comes again: close the old one", d.Container.Kind, name)
	}
	return ""
}

// other says what the related place is.
func other(kind growth.DefectKind) string {
	switch kind {
	case growth.SiblingKept, growth.SuccessOnly, growth.OwnOrder, growth.EarlyReturn:
		return "deleted here"
	case growth.ReplacedKey:
		return "replaced here"
	case growth.Overwritten:
		return "closed here"
	}
	return "added here"
}
