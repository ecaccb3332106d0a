package gcfacts

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// pick returns the candidate that m is about, and how many distinct nodes fit.
func (r *resolver) pick(m *message, pos token.Pos) (candidate, int) {
	var fit, calls []candidate
	for _, c := range r.nodes[pos] {
		switch {
		case c.kind == Inlined:
			calls = append(calls, c)
		case accepts(c, m):
			fit = append(fit, c)
		}
	}
	if len(calls) > 0 {
		fit = r.atCall(m, pos, fit, calls[0])
	}
	if len(fit) == 2 && fit[0].kind == Conv && fit[1].kind == Concat {
		if r.conversion(fit[0], m.text) {
			fit = fit[:1]
		} else {
			fit = fit[1:]
		}
	}
	if len(fit) < 2 {
		return first(fit), len(fit)
	}
	if node := fit[0].node; slices.ContainsFunc(fit, func(c candidate) bool { return c.node != node }) {
		return fit[0], len(fit)
	}
	// A literal boxed at once: gc names the conversion first, then the
	// literal, with the same text.
	key := turnKey{pos, m.text}
	turn := r.turns[key] % len(fit)
	r.turns[key]++
	return fit[turn], 1
}

func first(cs []candidate) candidate {
	if len(cs) == 0 {
		return candidate{}
	}
	return cs[0]
}

// atCall decides between a value of the call itself (its variadic slice, its
// boxed result) and what was inlined from its callee.
func (r *resolver) atCall(m *message, pos token.Pos, fit []candidate, call candidate) []candidate {
	names := r.res.inlined[call.node]
	if len(names) == 0 && len(fit) > 0 {
		return fit
	}
	for _, c := range fit {
		switch c.kind {
		case Variadic:
			key := turnKey{pos, m.text}
			r.turns[key]++
			if r.turns[key] == 1 {
				return []candidate{c} // arguments come before the callee's body
			}
		case Box:
			if c.node != call.node && strings.HasPrefix(m.text, ".autotmp_") || c.node == call.node && r.resultOf(c.node, m.text) {
				return []candidate{c}
			}
		case Conv:
			if r.conversion(c, m.text) {
				return []candidate{c}
			}
		case RangeFunc:
			return []candidate{c}
		}
	}
	return []candidate{call}
}

// accepts reports whether message m can be about c.
func accepts(c candidate, m *message) bool {
	if m.op == opMoved {
		switch c.kind {
		case kindParam:
			return c.v != nil && c.v.Name() == m.text
		case Moved:
			return c.v != nil || strings.HasPrefix(m.text, "~") || strings.HasPrefix(m.text, "#")
		case RangeFunc:
			return strings.HasPrefix(m.text, "#")
		case NewCall, GoCall: // a large argument of a go statement
			return strings.HasPrefix(m.text, ".autotmp_")
		}
		return c.kind == kindFunc
	}
	switch c.kind {
	case kindParam:
		return m.op == opStays
	case kindFunc:
		return true
	case Closure, RangeFunc, GoCall:
		return m.text == "func literal"
	case Variadic:
		return m.text == "... argument"
	case PtrLit:
		return strings.HasPrefix(m.text, "&")
	case NewCall:
		return strings.HasPrefix(m.text, "new(")
	case MakeSlice, MakeMap:
		return strings.HasPrefix(m.text, "make(")
	case Append:
		return m.text == "append"
	case SliceLit, MapLit:
		return strings.HasSuffix(m.text, "}") && m.text[0] != '&'
	case MethodValue:
		return true
	case Conv:
		return true
	case Concat:
		return strings.Contains(m.text, " + ")
	case Box:
		return m.text != "func literal" && m.text != "... argument" && m.text != "append" && m.text[0] != '&'
	}
	return false
}

// resultOf reports whether text is what gc calls the result of an inlined
// call: the callee's own name for it, or ~r0.
func (r *resolver) resultOf(call ast.Node, text string) bool {
	if strings.HasPrefix(text, "~r") {
		return true
	}
	c, ok := call.(*ast.CallExpr)
	if !ok {
		return false
	}
	sig, ok := coreOf(r.info.TypeOf(c.Fun)).(*types.Signature)
	if !ok || sig.Results().Len() != 1 || sig.Results().At(0).Name() == "" {
		return false
	}
	name := sig.Results().At(0).Name()
	return text == name || strings.HasSuffix(text, "."+name)
}

// conversion reports whether text is that of the conversion c, such as
// "string(x)", "([]byte)(x)" or "pkg.Bytes(x)", and not of its operand.
func (r *resolver) conversion(c candidate, text string) bool {
	name, _, _ := strings.Cut(text, "(")
	switch t := types.Unalias(r.info.TypeOf(c.node.(ast.Expr))).(type) {
	case *types.Named:
		return name == t.Obj().Name() || strings.HasSuffix(name, "."+t.Obj().Name())
	case *types.Basic:
		return name == t.Name()
	}
	return strings.HasPrefix(text, "([]")
}
