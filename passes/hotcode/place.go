package hotcode

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"sort"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"
)

// places finds the parts of a function that run on failure, once, or only
// at a log level.
func (g *grader) places(n *node, fn *Func) {
	blocks := []marks{marksOf(n.fn, g.failures.block), marksOf(n.fn, g.isLazy)}
	info := g.info(n)
	inspect(n.syntax, func(node ast.Node) {
		stmt, ok := node.(ast.Stmt)
		if !ok {
			return
		}
		if blocks[0].all(stmt) {
			fn.failing = append(fn.failing, spanOf(stmt))
		}
		if blocks[1].all(stmt) {
			fn.lazy = append(fn.lazy, spanOf(stmt))
		}
		if branch, ok := stmt.(*ast.IfStmt); ok && g.isGuard(branch, info) {
			fn.guarded = append(fn.guarded, spanOf(branch.Body))
		}
	})
	fn.failing, fn.lazy, fn.guarded = merge(fn.failing), merge(fn.lazy), merge(fn.guarded)
}

// merge drops the spans inside others; spans are in the order of a walk, so
// that an outer one comes before those inside it.
func merge(spans []span) []span {
	var kept []span
	for _, s := range spans {
		if len(kept) == 0 || s.end > kept[len(kept)-1].end {
			kept = append(kept, s)
		}
	}
	return kept
}

// marks says of each instruction of a function, by position, whether its
// block has some property.
type marks []mark

type mark struct {
	pos token.Pos
	set bool
}

func marksOf(fn *ssa.Function, property func(*ssa.BasicBlock) bool) marks {
	var all marks
	var add func(fn *ssa.Function)
	add = func(fn *ssa.Function) {
		for _, b := range fn.Blocks {
			set := property(b)
			for _, instr := range b.Instrs {
				if _, ok := instr.(*ssa.Phi); !ok && instr.Pos().IsValid() {
					all = append(all, mark{instr.Pos(), set})
				}
			}
		}
		for _, anon := range fn.AnonFuncs {
			if _, ok := anon.Syntax().(*ast.RangeStmt); ok {
				add(anon)
			}
		}
	}
	add(fn)
	slices.SortFunc(all, func(a, b mark) int { return cmp.Compare(a.pos, b.pos) })
	return all
}

// all reports whether stmt has instructions and all of them are marked.
func (m marks) all(stmt ast.Stmt) bool {
	i := sort.Search(len(m), func(i int) bool { return m[i].pos >= stmt.Pos() })
	any := false
	for ; i < len(m) && m[i].pos < stmt.End(); i++ {
		if !m[i].set {
			return false
		}
		any = true
	}
	return any
}

// isGuard reports whether the branch runs only at some log levels.
func (g *grader) isGuard(branch *ast.IfStmt, info *types.Info) bool {
	found := false
	look := func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || found {
			return !found
		}
		if fn, ok := typeutil.Callee(info, call).(*types.Func); ok {
			_, found = g.call("guard", fn.Origin())
		}
		return !found
	}
	if branch.Init != nil {
		ast.Inspect(branch.Init, look)
	}
	ast.Inspect(branch.Cond, look)
	if !found {
		return false
	}
	cond := ast.Unparen(branch.Cond)
	if not, ok := cond.(*ast.UnaryExpr); ok && not.Op == token.NOT {
		return false // if !enabled { return }
	}
	test, ok := cond.(*ast.BinaryExpr)
	return !ok || test.Op != token.EQL && test.Op != token.LOR
}
