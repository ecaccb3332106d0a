package reqflow

import (
	"go/ast"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/answers"
	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/program"
)

// Answer writes to known what other packages of the module pass for the
// parameters of functions that requests reach.
func Answer(module *hotcode.Module, known *answers.Module) {
	e := analyze(program.OfModule(module), nil, nil)
	for _, fn := range e.prog.Funcs {
		key := e.key(fn)
		heat := e.prog.Heat(fn)
		if key == "" || heat.Grade == hotcode.Cold && !heat.OnFailure() || !e.calledFromOutside(fn) {
			continue // no check asks, or its package shows who calls it
		}
		for i, p := range fn.Params {
			origin := e.params[p].bits
			if origin == 0 {
				continue // nothing from a client
			}
			ref := answers.Param{Func: key, Index: i}
			known.Add(fn.Pkg.Pkg.Path(), fn.Pkg.Pkg.Name()).Params[ref] = answers.Data{
				Origins: origin.names(), Source: e.explain(node{obj: p}),
			}
		}
	}
}

// key returns the name that answers have for fn, or "" for what is not
// written as a function: wrappers, instances of generics, bodies of loops.
func (e *engine) key(fn *ssa.Function) string {
	switch fn.Syntax().(type) {
	case *ast.FuncDecl, *ast.FuncLit:
		if fn.Pkg != nil && fn.Origin() == nil {
			return e.prog.Heat(fn).Key()
		}
	}
	return ""
}

// calledFromOutside reports whether another package of the module may call
// fn, or a wrapper that no package shows.
func (e *engine) calledFromOutside(fn *ssa.Function) bool {
	return slices.ContainsFunc(e.prog.Callers(fn), func(site ssa.CallInstruction) bool { return site.Parent().Pkg != fn.Pkg })
}

// A source is the words for what another package passes. It is a node's obj.
type source string

// learn makes sources of the parameters that known tells of.
func (e *engine) learn(known *answers.Package) {
	for _, fn := range e.prog.Funcs {
		key := e.key(fn)
		for i, p := range fn.Params {
			data, ok := known.Params[answers.Param{Func: key, Index: i}]
			if !ok || key == "" || !Carries(p.Type()) {
				continue // nothing, or it is another type now
			}
			e.activate(fn)
			e.pass(p, originsOf(data.Origins), node{obj: source(data.Source)})
		}
	}
}

// originNames are the origins as answers name them.
var originNames = [...]struct {
	origin bits
	name   string
}{{request, "request"}, {assumed, "assumed"}, {upstream, "upstream"}, {few, "few"}}

// names returns the names of the origins in m.
func (m bits) names() []string {
	var names []string
	for _, o := range originNames {
		if m&o.origin != 0 {
			names = append(names, o.name)
		}
	}
	return names
}

// originsOf returns the origins of that name; others are newer than this
// heapvet, and nothing is known of them.
func originsOf(names []string) bits {
	var m bits
	for _, o := range originNames {
		if slices.Contains(names, o.name) {
			m |= o.origin
		}
	}
	return m
}
