package prove

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/passes/gcfacts"
)

// A site is a place that the compiler allocates at.
type site struct {
	file       string
	start, end int // of the expression, in bytes
	kind       gcfacts.Kind
	inlined    string // Inlined: what the callee allocates
	expr       string // the compiler's text
	heap       bool   // always; else only if it is large
	once       bool   // outside of functions: it is allocated when the program starts
}

func newSite(fset *token.FileSet, s *gcfacts.Site) site {
	file := fset.File(s.Node.Pos())
	at := site{file: file.Name(), start: file.Offset(s.Node.Pos()), end: file.Offset(s.Node.End()), kind: s.Kind, expr: s.Expr, heap: s.Verdict == gcfacts.Heap}
	if s.Kind == gcfacts.Inlined {
		at.inlined = s.Expr
	}
	return at
}

// grows reports whether s is of a kind that allocates more than once, as it
// grows: a fix that gives it its size at once leaves an allocation there.
func (s *site) grows() bool {
	return s.kind == gcfacts.Append || s.kind == gcfacts.MapLit || s.kind == gcfacts.MakeMap
}

// allocations returns the sites of gc that are on the heap, or may be. What
// inlined functions of the same package allocate is left out: it counts
// where it is written, whether they are inlined or not.
func allocations(fset *token.FileSet, gc *gcfacts.Package, files []*ast.File, pkg *types.Package, info *types.Info) []site {
	var all []site
	for _, s := range gc.Sites() {
		if s.Verdict != gcfacts.Heap && s.Verdict != gcfacts.StackIfSmall {
			continue
		}
		if call, ok := s.Node.(*ast.CallExpr); ok && s.Kind == gcfacts.Inlined {
			if fn := typeutil.StaticCallee(info, call); fn != nil && fn.Pkg() == pkg {
				continue
			}
		}
		if s.Kind == gcfacts.Inlined && strings.HasPrefix(s.Expr, "[]") && strings.HasSuffix(s.Expr, "{}") {
			continue // an empty slice, as in bytes.Clone, takes no memory
		}
		at := newSite(fset, s)
		at.once = !inFunc(files, s.Node)
		all = append(all, at)
	}
	return all
}

// inFunc reports whether node lies in a function that may run more than once.
func inFunc(files []*ast.File, node ast.Node) bool {
	for _, file := range files {
		if node.Pos() < file.FileStart || file.FileEnd <= node.Pos() {
			continue
		}
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Pos() <= node.Pos() && node.Pos() < fn.End() {
				return fn.Recv != nil || fn.Name.Name != "init"
			}
		}
	}
	return false
}

// place is what tells a site from all others in one state of the package.
type place struct {
	file    string
	offset  int
	kind    gcfacts.Kind
	inlined string
}

// moved returns the place of s in the changed files; ok is false if its text
// was replaced.
func (s *site) moved(changes map[string]*change) (p place, ok bool) {
	p = place{s.file, s.start, s.kind, s.inlined}
	if c := changes[s.file]; c != nil {
		p.offset, ok = c.offset(s.start)
		return p, ok
	}
	return p, true
}

func (s *site) place() place { return place{s.file, s.start, s.kind, s.inlined} }
