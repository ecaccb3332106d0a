package hot

import (
	"fmt"
	"io"

	"golang.org/x/tools/go/packages"

	"github.com/heapvet/heapvet/cmd/heapvet/internal/session"
	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/hotcode"
)

// positions counts the places from which gc lets something escape.
type positions struct {
	hot     int // in hot functions
	failing int // in hot functions, but on failure or once only
	warm    int
	cold    int // in other functions and in package variables
	noData  int // packages without a word of the compiler
}

// writeCounts prints how much code is how hot, and how many of the
// positions at which gc reports an escape lie in it.
func writeCounts(w io.Writer, s *session.Session) error {
	var p positions
	if err := each(s, p.add); err != nil {
		return err
	}
	c := s.Config.Module.Counts()
	for _, row := range []struct {
		name  string
		count int
	}{
		{"roots", c.Roots},
		{"functions: hot only", c.HotOnly},
		{"functions: both hot and set-up", c.Both},
		{"functions: background", c.Background},
		{"functions: set-up only", c.SetUp},
		{"functions: neither", c.None},
		{"escape positions: hot, success path", p.hot},
		{"escape positions: hot, failure path or once", p.failing},
		{"escape positions: warm", p.warm},
		{"escape positions: cold and package variables", p.cold},
		{"packages without compiler output", p.noData},
	} {
		fmt.Fprintf(w, "%6d  %s\n", row.count, row.name)
	}
	return nil
}

// add counts the positions of one package. Several values that escape at
// one position, as boxed arguments and their slice may, count once.
func (p *positions) add(pkg *packages.Package, heat *hotcode.Result, gc *gcfacts.Package) {
	type key struct {
		file      string
		line, col int
	}
	seen := make(map[key]bool)
	for _, s := range gc.Sites() {
		if s.Verdict != gcfacts.Heap && s.Verdict != gcfacts.HeapNoAlloc {
			continue
		}
		pos := pkg.Fset.PositionFor(s.Node.Pos(), false)
		at := key{pos.Filename, pos.Line, pos.Column}
		if seen[at] {
			continue
		}
		seen[at] = true
		h := heat.At(s.Node)
		switch {
		case h.Grade == hotcode.Hot:
			p.hot++
		case h.Grade == hotcode.Warm:
			p.warm++
		case h.Func != nil && h.Func.Grade == hotcode.Hot:
			p.failing++
		default:
			p.cold++
		}
	}
	if gc.NoData() != "" {
		p.noData++
	}
}
