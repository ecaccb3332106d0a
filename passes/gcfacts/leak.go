package gcfacts

import (
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

// leak notes where a parameter's value goes.
func (r *resolver) leak(m *message, pos token.Pos) {
	for _, c := range r.nodes[pos] {
		if c.kind != kindParam || c.v.Name() != m.text {
			continue
		}
		l := r.res.leaks[c.v]
		if l == nil {
			l = &Leak{Param: c.v, Heap: -1}
			r.res.leaks[c.v] = l
			r.explainLeak(l, pos)
		}
		switch m.op {
		case opLeaks:
			l.Heap = 0
		case opLeaksContent:
			if l.Heap < 0 {
				l.Heap = 1
			}
		case opLeaksResult:
			l.Results = append(l.Results, r.resultIndex(c.v, m.result))
		}
	}
}

func (r *resolver) explainLeak(l *Leak, pos token.Pos) {
	var s Site
	for _, e := range r.explain[pos] {
		if e.param && e.text == l.Param.Name() {
			r.addExplanation(&s, e)
		}
	}
	l.Explanations = s.Explanations
}

// resultIndex finds the result that gc calls name: its own name, or ~rN.
func (r *resolver) resultIndex(param *types.Var, name string) int {
	if n, ok := strings.CutPrefix(name, "~r"); ok {
		if i, err := strconv.Atoi(n); err == nil {
			return i
		}
	}
	if param.Parent() == nil {
		return 0
	}
	// The parameter's scope is its function's: it holds the results too.
	result, _ := param.Parent().Lookup(name).(*types.Var)
	return r.results[result]
}
