package hotcode

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// background makes roots of the loops in goroutines that live as long as
// the process, or a connection: those that wait for channels, or read what
// comes in, without end.
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
			if waits(l.stmt, g.info(n)) || endless(l.stmt) && g.reads(n.fn, l.body.contains, 2) {
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

// endless reports whether a loop has no condition of its own.
func endless(stmt ast.Stmt) bool {
	loop, ok := stmt.(*ast.ForStmt)
	return ok && loop.Cond == nil
}

// reads reports whether fn, at a place that counts, reads from a stream,
// itself or through functions of the program up to depth calls away.
func (g *graph) reads(fn *ssa.Function, counts func(token.Pos) bool, depth int) bool {
	for _, site := range callsOf(fn) {
		if !counts(site.Pos()) {
			continue
		}
		if isRead(callee(site.Common())) {
			return true
		}
		static := site.Common().StaticCallee()
		if depth > 0 && static != nil && g.fold(static) != nil && g.reads(static, func(token.Pos) bool { return true }, depth-1) {
			return true
		}
	}
	return false
}

// isRead reports whether fn takes the next bytes of a stream: a method of
// io.Reader, net.Conn or bufio.Reader, or io.ReadFull.
func isRead(fn *types.Func) bool {
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	switch fn.Pkg().Path() {
	case "io":
		return fn.Name() == "Read" || fn.Name() == "ReadFull"
	case "net":
		return fn.Name() == "Read" && fn.Signature().Recv() != nil
	case "bufio":
		switch fn.Name() {
		case "Read", "ReadByte", "ReadBytes", "ReadLine", "ReadRune", "ReadSlice", "ReadString", "Peek", "Scan":
			return true
		}
	}
	return false
}
