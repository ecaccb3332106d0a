package hotinit

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/known"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// builds is the fact that each call of a function, which is not hot in its
// own package, builds something that could be built once or kept.
type builds struct {
	Chain  []string // the calls on the way: "newWriter", "gzip.NewWriter"
	Remedy known.Remedy
	Advice string
	Allocs int64
	Bytes  int64
}

func (*builds) AFact() {}

// String is what tests want.
func (f *builds) String() string {
	return fmt.Sprintf("builds(%s, %d B)", strings.Join(f.Chain, " -> "), f.Bytes)
}

// worthFact is the number of bytes from which on callers are told.
const worthFact = 1 << 10

// A builder finds the functions of a package that are facts to others.
type builder struct {
	*checker
	c        *hotsite.Checker
	failures hotcode.Failures
	decls    map[*types.Func]*ast.FuncDecl
	memo     map[*types.Func]*builds
}

// export writes the facts of the package that c is about. Where the whole
// module is seen, heat reaches the functions themselves, and no facts are
// needed.
func (k *checker) export(c *hotsite.Checker) {
	b := &builder{k, c, hotcode.NewFailures(), make(map[*types.Func]*ast.FuncDecl), make(map[*types.Func]*builds)}
	var order []*types.Func
	for _, file := range c.Pass.Files {
		for _, decl := range file.Decls {
			if decl, ok := decl.(*ast.FuncDecl); ok && decl.Body != nil {
				if fn := c.Declared(decl); fn != nil {
					b.decls[fn] = decl
					order = append(order, fn)
				}
			}
		}
	}
	for _, fn := range order {
		if f := b.of(fn); f != nil && fn.Exported() {
			c.Pass.ExportObjectFact(fn, f)
		}
	}
}

// of returns what fn builds on each call, the largest, or nil.
func (b *builder) of(fn *types.Func) *builds {
	if f, ok := b.memo[fn]; ok {
		return f
	}
	b.memo[fn] = nil // for recursion
	decl := b.decls[fn]
	heat := b.c.Heat.Func(decl)
	cur, ok := b.c.Root.FindNode(decl.Body)
	if !ok || heat.Grade != hotcode.Cold && !heat.Assumed || heat.SSA == nil {
		return nil // told there
	}
	failing := b.failures.In(heat.SSA)
	var best *builds
	cur.Inspect([]ast.Node{(*ast.CallExpr)(nil), (*ast.FuncLit)(nil)}, func(cur inspector.Cursor) bool {
		call, ok := cur.Node().(*ast.CallExpr)
		if !ok {
			return false // runs when it is called
		}
		if f := b.call(cur, call); f != nil && f.Bytes >= worthFact && !failing(call.Pos()) && (best == nil || best.Bytes < f.Bytes) {
			best = f
		}
		return true
	})
	b.memo[fn] = best
	return best
}

// call returns what the call at cur builds, or nil.
func (b *builder) call(cur inspector.Cursor, call *ast.CallExpr) *builds {
	fn := typeid.Callee(b.c.Info, call)
	if fn == nil {
		return nil
	}
	name := typeid.Name(fn, b.c.Pass.Pkg)
	if row := b.table.Of(fn); row != nil {
		if !applies(b.c, cur, row) || rarely(b.c, cur, row) {
			return nil
		}
		return &builds{Chain: []string{name}, Remedy: row.Remedy, Advice: row.Advice, Allocs: row.Allocs, Bytes: bytes(b.c, call, row)}
	}
	var inner *builds
	if b.decls[fn] != nil {
		inner = b.of(fn)
	} else if f := new(builds); fn.Pkg() != b.c.Pass.Pkg && b.c.Pass.ImportObjectFact(fn, f) {
		inner = f
	}
	if inner == nil || !appliesTo(b.c, cur, inner) {
		return nil
	}
	out := *inner
	out.Chain = append([]string{name}, inner.Chain...)
	const most = 5
	if len(out.Chain) > most {
		out.Chain = append(out.Chain[:2:2], out.Chain[len(out.Chain)-2:]...)
	}
	return &out
}

// appliesTo is like [applies] for a call of a function that builds something.
func appliesTo(c *hotsite.Checker, cur inspector.Cursor, f *builds) bool {
	if f.Remedy == known.Pool {
		return !pooled(c, cur)
	}
	return !stored(c, cur)
}

// wrapper tells hot code of calls of functions of other packages that build
// something.
func (k *checker) wrapper(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	fn := typeid.Callee(c.Info, call)
	f := new(builds)
	if fn == nil || fn.Pkg() == c.Pass.Pkg || !c.Pass.ImportObjectFact(fn, f) || !appliesTo(c, cur, f) {
		return
	}
	c.Report(cur, hotsite.Finding{
		Pos: call.Pos(), End: call.Lparen,
		Text:     fmt.Sprintf("%s calls %s on every call: %s", typeid.Name(fn, c.Pass.Pkg), strings.Join(f.Chain, " -> "), f.Advice),
		Measured: f.Allocs,
		Bytes:    f.Bytes,
		Advice:   f.Remedy == known.Pool && f.Bytes < small && outlives(c, cur),
	})
}
