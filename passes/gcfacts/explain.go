package gcfacts

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// attach gives s the explanations of m.
func (r *resolver) attach(s *Site, m *message, pos token.Pos) {
	storage := "{storage for " + m.text + "}"
	for _, e := range r.explain[pos] {
		if e.param || !explains(e, m) {
			continue
		}
		inner := len(e.flows) > 0 && e.flows[0].dst == storage
		switch s.Kind {
		case SliceLit, MapLit, MakeSlice, Concat:
			if !inner && r.boxed(s.Node, pos) {
				continue // it explains the conversion of this value
			}
		case Box:
			if inner {
				continue
			}
		}
		r.addExplanation(s, e)
	}
}

// boxed reports whether the node at pos is a candidate for boxing too, and
// gc talked about both.
func (r *resolver) boxed(node ast.Node, pos token.Pos) bool {
	return r.res.sites[siteKey{node: node, kind: Box}] != nil
}

// explains reports whether e is about the value of m.
func explains(e *explanation, m *message) bool {
	if e.text == m.text {
		return true
	}
	if m.text == "append" {
		return strings.HasPrefix(e.text, "append(")
	}
	return isLiteral(m.text) && !isLiteral(e.text) // a variable that holds a constant
}

func (r *resolver) addExplanation(s *Site, e *explanation) {
	x := Explanation{Func: e.fn, Truncated: e.truncated, Flows: r.flows(e)}
	if e.fn != "" && strings.Contains(e.fn, "[") && !slices.Contains(s.Instances, e.fn) {
		s.Instances = append(s.Instances, e.fn)
	}
	for i := range s.Explanations {
		if sameFlows(s.Explanations[i].Flows, x.Flows) {
			return
		}
	}
	s.Explanations = append(s.Explanations, x)
}

func (r *resolver) flows(e *explanation) []Flow {
	flows := make([]Flow, len(e.flows))
	for i, f := range e.flows {
		flows[i] = Flow{Dst: f.dst, Src: f.src, Derefs: f.derefs, Steps: make([]Step, len(f.steps))}
		for j, s := range f.steps {
			flows[i].Steps[j] = Step{Expr: s.expr, Reason: Reason(s.why)}
			if s.at.file >= 0 {
				flows[i].Steps[j].Pos, _ = r.locate.pos(s.at, place{})
			}
		}
	}
	return flows
}

func sameFlows(a, b []Flow) bool {
	return slices.EqualFunc(a, b, func(f, g Flow) bool {
		return f.Dst == g.Dst && f.Src == g.Src && f.Derefs == g.Derefs && slices.Equal(f.Steps, g.Steps)
	})
}
