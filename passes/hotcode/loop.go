package hotcode

import (
	"go/ast"
	"go/token"
)

// A span is a part of a file.
type span struct{ start, end token.Pos }

func (s span) contains(pos token.Pos) bool { return s.start <= pos && pos < s.end }

func spanOf(n ast.Node) span { return span{n.Pos(), n.End()} }

// A loop is a for statement.
type loop struct {
	stmt ast.Stmt
	body span // the parts that run more than once
}

// loopsOf returns the loops of a function in source order, without those
// of the literals in it.
func loopsOf(fn ast.Node) []loop {
	var loops []loop
	inspect(fn, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.ForStmt:
			start := n.Body.Pos()
			if n.Cond != nil {
				start = n.Cond.Pos()
			} else if n.Post != nil {
				start = n.Post.Pos()
			}
			loops = append(loops, loop{n, span{start, n.End()}})
		case *ast.RangeStmt:
			loops = append(loops, loop{n, span{n.Body.Pos(), n.End()}})
		}
	})
	return loops
}

// innermost returns the smallest of the loops that run the code at pos. The
// position of a for statement itself is where SSA puts what its range
// clause does at each turn.
func innermost(loops []loop, pos token.Pos) (best loop, ok bool) {
	for _, l := range loops {
		if !l.body.contains(pos) && l.stmt.Pos() != pos {
			continue
		}
		if !ok || l.body.end-l.body.start < best.body.end-best.body.start {
			best, ok = l, true
		}
	}
	return best, ok
}

// inspect calls f for the nodes of a function, but not for those of the
// function literals in it.
func inspect(fn ast.Node, f func(ast.Node)) {
	if fn == nil {
		return
	}
	ast.Inspect(fn, func(n ast.Node) bool {
		if _, ok := n.(*ast.FuncLit); ok && n != fn {
			return false
		}
		if n != nil {
			f(n)
		}
		return true
	})
}
