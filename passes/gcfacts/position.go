package gcfacts

import (
	"go/ast"
	"go/token"
)

// exprPos returns the position that gc gives an expression.
func exprPos(e ast.Expr) token.Pos {
	switch e := e.(type) {
	case *ast.CallExpr:
		return e.Lparen
	case *ast.SelectorExpr:
		return e.X.End() // the dot; gofmt allows nothing before it
	case *ast.TypeAssertExpr:
		return e.X.End()
	case *ast.CompositeLit:
		return e.Lbrace
	case *ast.IndexExpr:
		return e.Lbrack
	case *ast.IndexListExpr:
		return e.Lbrack
	case *ast.SliceExpr:
		return e.Lbrack
	case *ast.BinaryExpr:
		return e.OpPos
	case *ast.KeyValueExpr:
		return e.Colon
	case *ast.FuncType:
		return e.Params.Opening
	case nil:
		return token.NoPos
	default:
		return e.Pos()
	}
}

// typeEnd returns where gc puts the variable of a type switch's clause: at
// the last name in the clause's last type, as its parser once did.
func typeEnd(e ast.Expr) token.Pos {
	for {
		switch t := e.(type) {
		case *ast.SelectorExpr:
			return exprPos(t.X)
		case *ast.ParenExpr:
			e = t.X
		case *ast.StarExpr:
			e = t.X
		case *ast.ArrayType:
			e = t.Elt
		case *ast.ChanType:
			e = t.Value
		case *ast.MapType:
			e = t.Value
		case *ast.Ellipsis:
			e = t.Elt
		case *ast.IndexExpr:
			e = t.Index
		case *ast.IndexListExpr:
			e = t.Indices[len(t.Indices)-1]
		case *ast.InterfaceType:
			last := lastField(t.Methods)
			if last == nil {
				return t.Pos()
			}
			e = last
		case *ast.FuncType:
			last := lastField(t.Results)
			if last == nil {
				last = lastField(t.Params)
			}
			if last == nil {
				return exprPos(t)
			}
			e = last
		default:
			return t.Pos()
		}
	}
}

func lastField(fields *ast.FieldList) ast.Expr {
	if fields == nil || len(fields.List) == 0 {
		return nil
	}
	return fields.List[len(fields.List)-1].Type
}
