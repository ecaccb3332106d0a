package explain

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/heapvet/heapvet/cmd/heapvet/internal/session"
	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/hotcode"
)

// A Listing is what explain -json prints about one package, for editors.
type Listing struct {
	Functions   []Function   `json:"functions"`
	Allocations []Allocation `json:"allocations"`
}

// A Function is a hot or warm function. Start and End are byte offsets in
// File, here as in an Allocation.
type Function struct {
	File  string `json:"file"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	Grade string `json:"grade"`
	Why   string `json:"why"` // the root, and the chain of calls from it
}

// An Allocation is a value that gc puts on the heap in hot or warm code.
type Allocation struct {
	File  string `json:"file"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	Text  string `json:"text"` // what gc decided and why, and how the code got hot
}

// list writes the Listing of pkg.
func list(w io.Writer, s *session.Session, pkg *packages.Package) error {
	heat, gc, err := Facts(s.Config, pkg)
	if err != nil {
		return err
	}
	l := Listing{Functions: []Function{}, Allocations: []Allocation{}}
	for _, fn := range heat.Funcs() {
		at := pkg.Fset.PositionFor(fn.Node.Pos(), false)
		if fn.Grade == hotcode.Cold {
			continue
		}
		end := pkg.Fset.PositionFor(fn.Node.End(), false)
		l.Functions = append(l.Functions, Function{at.Filename, at.Offset, end.Offset, fn.Grade.String(), Why(fn)})
	}
	for _, site := range gc.Sites() {
		h := heat.At(site.Node)
		if site.Verdict != gcfacts.Heap || h.Grade == hotcode.Cold {
			continue
		}
		at := pkg.Fset.PositionFor(site.Node.Pos(), false)
		end := pkg.Fset.PositionFor(site.Node.End(), false)
		e := &explainer{env: s.Env, pkg: pkg, heat: heat, gc: gc}
		e.at = place{file: at.Filename, line: pkg.Fset.PositionFor(anchor(site.Node), false).Line}
		var text strings.Builder
		e.site(&text, site)
		fmt.Fprintf(&text, "%s\n", Heat(h))
		l.Allocations = append(l.Allocations, Allocation{at.Filename, at.Offset, end.Offset, strings.TrimSpace(text.String())})
	}
	slices.SortStableFunc(l.Allocations, func(a, b Allocation) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Start, b.Start), cmp.Compare(a.Text, b.Text))
	})
	return json.NewEncoder(w).Encode(l)
}
