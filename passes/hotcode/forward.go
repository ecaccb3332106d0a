package hotcode

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
)

// forwards knows the functions that call what they are handed, such as
//
//	func (s *Server) start(f func()) { go func() { f() }() }
//
// The call graph alone says that start runs everything that is ever handed
// to it, for whoever calls it. Instead, it is the one who hands a function
// over that makes it run.
type forwards struct {
	runs map[ssa.CallInstruction][]forwarded            // by the call that hands functions over
	away map[ssa.CallInstruction]map[*ssa.Function]bool // what a dynamic call runs for those alone
}

// A forwarded is a function that runs because it is handed over.
type forwarded struct {
	fn   *ssa.Function
	kind edgeKind
}

// newForwards looks at the dynamic calls in fns, whose targets are given.
func newForwards(fns []*ssa.Function, dynamic map[ssa.CallInstruction][]*ssa.Function) *forwards {
	f := &forwards{make(map[ssa.CallInstruction][]forwarded), make(map[ssa.CallInstruction]map[*ssa.Function]bool)}
	callers := make(map[*ssa.Function][]ssa.CallInstruction)
	for _, fn := range fns {
		for _, site := range callsOf(fn) {
			if static := site.Common().StaticCallee(); static != nil {
				callers[static] = append(callers[static], site)
			}
		}
	}
	for _, fn := range fns {
		for _, site := range callsOf(fn) {
			if targets := dynamic[site]; len(targets) > 0 && !site.Common().IsInvoke() {
				f.site(site, targets, callers)
			}
		}
	}
	return f
}

func callsOf(fn *ssa.Function) (sites []ssa.CallInstruction) {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if site, ok := instr.(ssa.CallInstruction); ok {
				sites = append(sites, site)
			}
		}
	}
	return sites
}

// site finds who hands over what the dynamic call at site runs.
func (f *forwards) site(site ssa.CallInstruction, targets []*ssa.Function, callers map[*ssa.Function][]ssa.CallInstruction) {
	param := parameterOf(site.Common().Value)
	if param == nil {
		return
	}
	kind, ok := runsIn(site.Parent(), param.Parent())
	if !ok {
		return
	}
	if _, ok := site.(*ssa.Go); ok {
		kind = spawns
	}
	seen := make(map[*ssa.Parameter]bool)
	var visit func(p *ssa.Parameter)
	visit = func(p *ssa.Parameter) {
		if seen[p] {
			return
		}
		seen[p] = true
		i := slices.Index(p.Parent().Params, p)
		for _, by := range callers[p.Parent()] {
			for _, v := range valuesOf(by.Common().Args[i]) {
				switch v := v.(type) {
				case *ssa.Parameter:
					visit(v)
				case *ssa.Function:
					f.hand(by, v, kind, site, targets)
				case *ssa.MakeClosure:
					f.hand(by, v.Fn.(*ssa.Function), kind, site, targets)
				}
			}
		}
	}
	visit(param)
}

// hand records that the call by hands fn over to the one at site.
func (f *forwards) hand(by ssa.CallInstruction, fn *ssa.Function, kind edgeKind, site ssa.CallInstruction, targets []*ssa.Function) {
	if !slices.Contains(targets, fn) {
		return // unreachable, as the call graph has it
	}
	if f.away[site] == nil {
		f.away[site] = make(map[*ssa.Function]bool)
	}
	f.away[site][fn] = true
	if run := (forwarded{fn, kind}); !slices.Contains(f.runs[by], run) {
		f.runs[by] = append(f.runs[by], run)
	}
}

// parameterOf returns the parameter of a declared function that v is, maybe
// captured by a literal in it, or nil.
func parameterOf(v ssa.Value) *ssa.Parameter {
	for depth := 0; depth < 5; depth++ {
		switch x := v.(type) {
		case *ssa.Parameter:
			if x.Parent().Parent() != nil {
				return nil // of a literal: its callers are not known by name
			}
			return x
		case *ssa.UnOp:
			v = x.X
		case *ssa.FreeVar:
			v = callsite.Binding(x)
		case *ssa.Alloc:
			v = onlyStored(x)
		default:
			return nil
		}
	}
	return nil
}

// onlyStored returns the value of a variable that is assigned once, or nil.
func onlyStored(alloc *ssa.Alloc) (stored ssa.Value) {
	for _, ref := range *alloc.Referrers() {
		if store, ok := ref.(*ssa.Store); ok && store.Addr == alloc {
			if stored != nil {
				return nil
			}
			stored = store.Val
		}
	}
	return stored
}

// runsIn tells how a literal in outer, or fn itself, is run by a call of
// outer: at once, or in a goroutine. One that is kept or handed on is run by
// whoever has it.
func runsIn(fn, outer *ssa.Function) (kind edgeKind, ok bool) {
	kind = calls
	for ; fn != outer; fn = fn.Parent() {
		if fn.Parent() == nil {
			return kind, false
		}
		found := false
		for _, site := range callsOf(fn.Parent()) {
			if site.Common().StaticCallee() == fn {
				found = true
				if _, ok := site.(*ssa.Go); ok {
					kind = spawns
				}
			}
		}
		if !found {
			return kind, false
		}
	}
	return kind, true
}
