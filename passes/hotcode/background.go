package hotcode

import (
	"go/ast"
	"go/token"
	"go/types"
)

// background makes roots of the loops in goroutines that live as long as
// the process: those that wait for channels without end.
func (g *grader) background() {
	for _, n := range g.nodes {
		if g.heats[n] != nil || n.syntax == nil || n.test || g.cold[n] != "" || !spawned(n) {
			continue
		}
		if administers(n) {
			continue // watches the configuration
		}
		var loops []span
		for _, l := range loopsOf(n.syntax) {
			if waits(l.stmt, g.info(n)) {
				loops = append(loops, l.body)
			}
		}
		if loops != nil {
			g.add(n, Warm, Background, loops)
		}
	}
}

// spawned reports whether n runs in a goroutine of its own.
func spawned(n *node) bool {
	for _, e := range n.in {
		if e.kind == spawns {
			return true
		}
	}
	return false
}

// waits reports whether a loop receives from a channel at each turn and has
// no condition of its own.
func waits(stmt ast.Stmt, info *types.Info) bool {
	switch stmt := stmt.(type) {
	case *ast.RangeStmt:
		t := info.TypeOf(stmt.X)
		if t == nil {
			return false
		}
		_, ok := t.Underlying().(*types.Chan)
		return ok
	case *ast.ForStmt:
		if stmt.Cond != nil {
			return false
		}
		found := false
		inspect(stmt.Body, func(n ast.Node) {
			switch n := n.(type) {
			case *ast.UnaryExpr:
				found = found || n.Op == token.ARROW
			case *ast.SelectStmt:
				found = true
			}
		})
		return found
	}
	return false
}

// info returns the type information of the package that n is in.
func (g *graph) info(n *node) *types.Info { return g.prog.Of(n.fn.Pkg.Pkg).Info }
