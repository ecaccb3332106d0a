package gcfacts

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// attach gives s the explanations of m.
func (r *resolver) attach(s *Site, m *message, pos token.Pos) {
	found := false
	for _, e := range r.explain[pos] {
		if !e.param && explains(e, m) {
			found = true
			if r.own(s, m, e) {
				r.addExplanation(s, e)
			}
		}
	}
	if found {
		return
	}
	// gc knew more at the end: "make([]T, n)" has become "make([]T, 8)".
	head, _, _ := strings.Cut(m.text, "(")
	for _, e := range r.explain[pos] {
		if text, _, ok := strings.Cut(e.text, "("); !e.param && ok && text == head {
			r.addExplanation(s, e)
		}
	}
}

// own reports whether e explains s itself, where gc says the same text of a
// value and of its conversion to an interface.
func (r *resolver) own(s *Site, m *message, e *explanation) bool {
	inner := len(e.flows) > 0 && e.flows[0].dst == "{storage for "+m.text+"}"
	switch s.Kind {
	case SliceLit, MapLit, MakeSlice, Concat:
		return inner || !r.boxed(s.Node)
	case Box:
		return !inner
	}
	return true
}

// boxed reports whether gc talked about a conversion of node too.
func (r *resolver) boxed(node ast.Node) bool {
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
	// a variable that holds a constant
	return (isLiteral(m.text) || isTypedLiteral(m.text)) && !isLiteral(e.text)
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
