package resourceleak

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// moveDefer returns the edit that moves a deferred release of the resource
// up to right after the check of the acquisition's error.
func (c *checker) moveDefer(w *walk, call *ssa.Call, subject string) []analysis.SuggestedFix {
	body := bodyOf(w.fn.Syntax())
	if body == nil || w.err == nil {
		return nil
	}
	i := c.checkAfter(body, call.Pos(), w.err)
	if i < 0 {
		return nil
	}
	check := body.List[i]
	for _, stmt := range body.List[i+1:] {
		d, ok := stmt.(*ast.DeferStmt)
		if !ok && !assigns(stmt, subject) {
			continue // does not matter
		}
		if !ok || types.ExprString(d.Call) != subject+w.kind.Way {
			return nil // another order of deferred calls, or of another resource by the same name
		}
		file := c.pass.Fset.File(d.Pos())
		indent := strings.Repeat("\t", c.pass.Fset.Position(check.Pos()).Column-1)
		return []analysis.SuggestedFix{{
			Message: "Defer it right after the error check",
			TextEdits: []analysis.TextEdit{
				{Pos: check.End(), End: check.End(), NewText: []byte("\n" + indent + "defer " + types.ExprString(d.Call))},
				{Pos: lineStart(file, d.Pos()), End: lineEnd(file, d.End())},
			},
		}}
	}
	return nil
}

// assigns reports whether stmt assigns to the variable that subject begins
// with.
func assigns(stmt ast.Stmt, subject string) bool {
	name, _, _ := strings.Cut(subject, ".")
	found := false
	ast.Inspect(stmt, func(n ast.Node) bool {
		if assign, ok := n.(*ast.AssignStmt); ok {
			for _, lhs := range assign.Lhs {
				id, ok := lhs.(*ast.Ident)
				found = found || ok && id.Name == name
			}
		}
		return !found
	})
	return found
}

// bodyOf returns the body of a function.
func bodyOf(syntax ast.Node) *ast.BlockStmt {
	switch fn := syntax.(type) {
	case *ast.FuncDecl:
		return fn.Body
	case *ast.FuncLit:
		return fn.Body
	}
	return nil
}

// checkAfter returns the index in body of the statement that follows the
// call at pos, if it is "if err != nil" and always leaves, or -1.
func (c *checker) checkAfter(body *ast.BlockStmt, pos token.Pos, err ssa.Value) int {
	for i, stmt := range body.List[:max(0, len(body.List)-1)] {
		if pos < stmt.Pos() || stmt.End() <= pos {
			continue // not the acquisition
		}
		check, ok := body.List[i+1].(*ast.IfStmt)
		if _, assign := stmt.(*ast.AssignStmt); !ok || !assign || check.Init != nil || check.Else != nil || len(check.Body.List) == 0 {
			return -1
		}
		cond, ok := check.Cond.(*ast.BinaryExpr)
		if !ok || cond.Op != token.NEQ || types.ExprString(cond.Y) != "nil" || !types.Identical(c.pass.TypesInfo.TypeOf(cond.X), err.Type()) {
			return -1
		}
		if _, leaves := check.Body.List[len(check.Body.List)-1].(*ast.ReturnStmt); !leaves {
			return -1
		}
		return i + 1
	}
	return -1
}

func lineStart(file *token.File, pos token.Pos) token.Pos {
	return file.LineStart(file.Line(pos))
}

// lineEnd returns the start of the line after pos.
func lineEnd(file *token.File, pos token.Pos) token.Pos {
	if line := file.Line(pos); line < file.LineCount() {
		return file.LineStart(line + 1)
	}
	return pos
}
