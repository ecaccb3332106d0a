package hotinit

import (
	"go/ast"
	"go/constant"
	"go/types"
	"hash/crc32"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/known"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// A checker looks for what the table knows in one package.
type checker struct {
	table *known.Table
	names map[string]bool // of the package variables that fixes declare
}

// call looks for calls of functions in the table.
func (k *checker) call(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	fn := typeid.Callee(c.Info, call)
	if fn == nil {
		return
	}
	row := k.table.Of(fn)
	if row == nil || !applies(c, cur, row) {
		return
	}
	if !c.Hot(call) {
		return // a fix's name would be lost
	}
	text := typeid.Name(fn, c.Pass.Pkg)
	if row.Remedy == known.Once && row.Args != 0 {
		text += " of constants"
	}
	c.Report(cur, hotsite.Finding{
		Pos: call.Pos(), End: call.Lparen,
		Text:     text + " on every call: " + row.Advice,
		Measured: row.Allocs,
		Bytes:    bytes(c, call, row),
		Advice:   rarely(c, cur, row),
		Fixes:    k.fixes(c, cur, row),
	})
}

func (k *checker) fixes(c *hotsite.Checker, cur inspector.Cursor, row *known.Row) []analysis.SuggestedFix {
	if row.Remedy != known.Once {
		return nil // a pool is for the one who knows where the object's use ends
	}
	return k.hoist(c, cur)
}

// bytes returns what the call allocates. Of some, an argument tells.
func bytes(c *hotsite.Checker, call *ast.CallExpr, row *known.Row) int64 {
	if row.Remedy != known.Pool || row.Args < 1 || len(call.Args) < row.Args {
		return row.Bytes
	}
	size, ok := constantInt(c.Info, call.Args[row.Args-1])
	if !ok {
		return row.Bytes
	}
	return size
}

// rarely reports whether the remedy of row is worth the trouble in some
// programs only: the object is small and another function must put it back,
// or what it is made of may be a request's. Buffers whose size somebody
// chose belong to work that is as large, if requests share it with set-up.
func rarely(c *hotsite.Checker, cur inspector.Cursor, row *known.Row) bool {
	call := cur.Node().(*ast.CallExpr)
	switch row.Remedy {
	case known.Rare:
		return true
	case known.Pool:
		return bytes(c, call, row) < small && outlives(c, cur) || row.Args > 0 && c.Heat.At(call).Grade != hotcode.Hot
	case known.Once:
		return row.Args == 0 && slices.ContainsFunc(call.Args, func(arg ast.Expr) bool { return given(c, arg) })
	}
	return false
}

// small is the number of bytes below which an object is not worth a pool
// that another function has to put it back into.
const small = 8 << 10

// applies reports whether the remedy of row fits the call at cur.
func applies(c *hotsite.Checker, cur inspector.Cursor, row *known.Row) bool {
	call := cur.Node().(*ast.CallExpr)
	switch row.Remedy {
	case known.Once:
		return sameEachTime(c, call, row) && !stored(c, cur)
	case known.Pool:
		return !forLater(c.Info, call) && bytes(c, call, row) >= least && !pooled(c, cur)
	case known.Rare:
		return !stored(c, cur) && !pooled(c, cur) && !loopedTimer(c, cur)
	case known.Swap:
		return len(call.Args) > 0 && readsClock(c.Info, call.Args[0])
	}
	return false
}

// loopedTimer reports whether a timer is made in a loop, which hotcall tells.
func loopedTimer(c *hotsite.Checker, cur inspector.Cursor) bool {
	fn := typeid.Callee(c.Info, cur.Node().(*ast.CallExpr))
	return typeid.IsFunc(fn, "time", "NewTimer") && c.Heat.At(cur.Node()).Loop > 0
}

// least is the number of bytes below which nothing is worth a pool.
const least = 256

// forLater reports whether call makes a writer or reader of nothing, which
// is given something to write to or read from by a Reset elsewhere.
func forLater(info *types.Info, call *ast.CallExpr) bool {
	return len(call.Args) > 0 && info.Types[call.Args[0]].IsNil()
}

// sameEachTime reports whether all that decides the result of call is fixed.
func sameEachTime(c *hotsite.Checker, call *ast.CallExpr, row *known.Row) bool {
	args := call.Args
	if row.Args >= 0 && row.Args < len(args) {
		args = args[:row.Args]
	}
	for _, arg := range args {
		if !fixed(c, arg) {
			return false
		}
	}
	switch fn := typeid.Callee(c.Info, call); {
	case fn.Signature().Recv() != nil:
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		return ok && (fresh(c, sel.X) || fixed(c, sel.X))
	case typeid.IsFunc(fn, "time", "LoadLocation"), typeid.IsFunc(fn, "hash/crc32", "MakeTable"):
		return !builtIn(c.Info, args[0])
	}
	return true
}

// builtIn reports whether arg is the name of a time zone that is not loaded,
// or a polynomial whose table package crc32 keeps.
func builtIn(info *types.Info, arg ast.Expr) bool {
	v := info.Types[arg].Value
	if v == nil {
		return false
	}
	switch v.ExactString() {
	case `""`, `"UTC"`, `"Local"`:
		return true
	}
	poly, ok := constant.Uint64Val(constant.ToInt(v))
	return ok && (poly == crc32.IEEE || poly == crc32.Castagnoli)
}

// fresh reports whether e is a chain of calls that begins with one of a
// package-level function, such as template.New("x").Funcs(m), and takes only
// fixed arguments.
func fresh(c *hotsite.Checker, e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	for _, arg := range call.Args {
		if !fixed(c, arg) {
			return false
		}
	}
	fn := typeid.Callee(c.Info, call)
	if fn == nil {
		return false
	}
	if fn.Signature().Recv() == nil {
		return fn.Name() == "New" && fn.Pkg() != c.Pass.Pkg
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	return ok && fresh(c, sel.X)
}

// readsClock reports whether time.Now is called in e: a random seed taken
// from there need not be reproducible.
func readsClock(info *types.Info, e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && typeid.IsFunc(typeid.Callee(info, call), "time", "Now") {
			found = true
		}
		return !found
	})
	return found
}

// literal looks for composite literals of types in the table.
func (k *checker) literal(c *hotsite.Checker, cur inspector.Cursor) {
	lit := cur.Node().(*ast.CompositeLit)
	named, ok := types.Unalias(c.Info.TypeOf(lit)).(*types.Named)
	if !ok {
		return
	}
	row := k.table.Of(named.Obj())
	if row == nil || stored(c, outermost(cur)) || row.Remedy == known.Once && !fixed(c, lit) {
		return
	}
	text, advice := " on every call has idle connections of its own: ", callerKeeps(c, outermost(cur))
	if row.Remedy == known.Once {
		text, advice = " of constants on every call: ", false
	}
	c.Report(cur, hotsite.Finding{
		Pos: lit.Pos(), End: lit.Lbrace,
		Text:     named.Obj().Pkg().Name() + "." + named.Obj().Name() + text + row.Advice,
		Measured: row.Allocs,
		Bytes:    row.Bytes,
		Advice:   advice,
	})
}

// callerKeeps reports whether the function around cur hands on the value
// made there, and a caller may keep it.
func callerKeeps(c *hotsite.Checker, cur inspector.Cursor) bool {
	if !outlives(c, cur) {
		return false
	}
	for up := range cur.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		decl, ok := up.Node().(*ast.FuncDecl)
		if !ok {
			return true
		}
		fn := c.Declared(decl)
		if fn == nil {
			return true
		}
		calls := c.Calls(fn)
		return len(calls) == 0 || slices.ContainsFunc(calls, func(call inspector.Cursor) bool {
			return stored(c, call) || outlives(c, call)
		})
	}
	return true
}

// outermost goes from the literal at cur to the one that it is part of.
func outermost(cur inspector.Cursor) inspector.Cursor {
	for {
		switch cur.ParentEdgeKind() {
		case edge.UnaryExpr_X, edge.ParenExpr_X, edge.KeyValueExpr_Value, edge.CompositeLit_Elts:
			cur = cur.Parent()
		default:
			return cur
		}
	}
}
