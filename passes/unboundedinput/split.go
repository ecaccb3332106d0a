package unboundedinput

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/reqflow"
)

// split judges a call of strings.Split or bytes.Split on input.
func (c *checker) split(call ssa.CallInstruction) {
	name := callsite.Name(call.Common())
	if name != "strings.Split" && name != "bytes.Split" || call.Value() == nil {
		return
	}
	if _, ok := call.Common().Args[0].(*ssa.Const); ok {
		return
	}
	expr := callsite.Expr(call)
	if expr == nil || !c.asks(expr) {
		return
	}
	flow := c.flow.ValueAt(call.Common().Args[0], call)
	if flow.Origin != reqflow.Request || c.shortened(call) {
		return
	}
	advice := flow.Assumed || c.assumed(expr) || c.heat.At(expr).Grade != hotcode.Hot ||
		!c.tracer.sent(call.Common().Args[0], nil, 0)
	parts := partsOf(call.Value())
	if parts.checked == nil {
		if parts.ranged {
			c.report(expr, true, fmt.Sprintf("%s makes as many parts as the client sends separators, 16 bytes each and more: "+
				"range over %sSeq, or limit the parts with %sN", name, name, name), nil)
		}
		return
	}
	line := c.pass.Fset.Position(parts.checked.Pos()).Line
	c.report(expr, advice, fmt.Sprintf("%s makes as many parts as the client sends separators before line %d looks at their number: "+
		"use %sN with a limit of %d", name, line, name, parts.most+1), c.splitFix(expr, name, parts))
}

// shortened reports whether the length of what is split is compared before.
func (c *checker) shortened(call ssa.CallInstruction) bool {
	text := call.Common().Args[0]
	for _, ref := range refs(text) {
		length, ok := ref.(*ssa.Call)
		if !ok || !isLen(length) {
			continue
		}
		if (sizer{c.tracer}).limitedAt(length, point{block: call.Block()}) {
			return true
		}
	}
	return false
}

func isLen(call *ssa.Call) bool {
	b, ok := call.Call.Value.(*ssa.Builtin)
	return ok && b.Name() == "len"
}

// parts are the uses of what a Split returned.
type parts struct {
	checked *ssa.BinOp // a comparison of their number with a constant
	most    int64      // the largest number or index that the code tells apart
	ranged  bool       // all of them are used
	plain   bool       // nothing is done but comparisons for equality and constant indexes
}

// partsOf looks at the uses of v.
func partsOf(v ssa.Value) parts {
	p := parts{plain: true}
	for _, ref := range refs(v) {
		switch ref := ref.(type) {
		case *ssa.Call:
			if !isLen(ref) {
				p.plain = false
				continue
			}
			p.counted(ref)
		case *ssa.IndexAddr:
			i, ok := ref.Index.(*ssa.Const)
			if !ok {
				p.ranged, p.plain = true, false
				continue
			}
			p.most = max(p.most, i.Int64()+1)
			for _, use := range refs(ref) {
				if _, ok := use.(*ssa.UnOp); !ok {
					p.plain = false // assigned to
				}
			}
		case *ssa.DebugRef:
		default:
			p.plain = false
		}
	}
	return p
}

// counted looks at the uses of the number of parts.
func (p *parts) counted(length *ssa.Call) {
	for _, ref := range refs(length) {
		op, ok := ref.(*ssa.BinOp)
		if !ok {
			p.plain = false
			continue
		}
		n, ok := op.Y.(*ssa.Const)
		if !ok || op.X != ssa.Value(length) {
			p.plain = false
			if op.Op == token.LSS {
				p.ranged = true // i < len(parts)
			}
			continue
		}
		switch op.Op {
		case token.EQL, token.NEQ:
			p.check(op, n.Int64())
		case token.GTR, token.GEQ, token.LSS, token.LEQ:
			p.check(op, n.Int64())
			// "at least n" says nothing about what a limit would cut off.
			p.plain = false
		default:
			p.plain = false
		}
	}
}

// check records that op compares the number of parts with n.
func (p *parts) check(op *ssa.BinOp, n int64) {
	if n == 0 {
		return // an empty result
	}
	if op.Op == token.EQL || op.Op == token.NEQ || op.Op == token.GTR {
		if p.checked == nil {
			p.checked = op
		}
		p.most = max(p.most, n)
	}
}

// splitFix limits the parts where the code tells no more of them apart.
func (c *checker) splitFix(expr *ast.CallExpr, name string, p parts) []analysis.SuggestedFix {
	sel, ok := expr.Fun.(*ast.SelectorExpr)
	if !ok || !p.plain || len(expr.Args) != 2 {
		return nil
	}
	if _, ok := c.pass.TypesInfo.Uses[sel.Sel].(*types.Func); !ok {
		return nil
	}
	return []analysis.SuggestedFix{{
		Message: fmt.Sprintf("Use %sN with a limit of %d", name, p.most+1),
		TextEdits: []analysis.TextEdit{
			{Pos: sel.Sel.End(), End: sel.Sel.End(), NewText: []byte("N")},
			{Pos: expr.Args[1].End(), End: expr.Args[1].End(), NewText: fmt.Appendf(nil, ", %d", p.most+1)},
		},
	}}
}
