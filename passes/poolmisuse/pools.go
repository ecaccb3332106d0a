package poolmisuse

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
)

// A pool is one sync.Pool, or an array of them, and all that the package
// does with it.
type pool struct {
	name string // of the variable or field
	many bool   // an array or map of pools: of size classes
	open bool   // other packages can reach it: not all is seen
	news []types.Type
	gets []*use
	puts []*use
}

// A use is one call that takes a value from a pool or puts one back, itself
// or through a function of the package that does.
type use struct {
	call  ssa.CallInstruction
	pool  *pool
	value ssa.Value // what is taken, or what is put back
	via   bool      // through a function of the package
	maybe bool      // that function does not put it back on all its ways
}

// A putter is what a function does with a parameter that it puts back.
type putter struct {
	pool  *pool
	maybe bool // on some ways only
}

// pools finds the pools of a package.
type pools struct {
	byKey   map[any]*pool // *types.Var of the variable or field, or the ssa.Value of a local pool
	order   []*pool
	gets    map[*ssa.Function][]*use // by function, in source order
	puts    map[*ssa.Function][]*use
	getters map[*ssa.Function]*pool          // functions whose only result was taken from a pool, or is new
	putters map[*ssa.Function]map[int]putter // functions that put a parameter back
}

// collect finds the pools that funcs, a package's functions, use.
func collect(pkg *ssa.Package, funcs []*ssa.Function) *pools {
	ps := &pools{
		byKey:   make(map[any]*pool),
		gets:    make(map[*ssa.Function][]*use),
		puts:    make(map[*ssa.Function][]*use),
		getters: make(map[*ssa.Function]*pool),
		putters: make(map[*ssa.Function]map[int]putter),
	}
	for _, fn := range funcs {
		eachCall(fn, func(call ssa.CallInstruction) { ps.direct(fn, call) })
	}
	if len(ps.order) == 0 {
		return ps
	}
	for _, fn := range append([]*ssa.Function{pkg.Func("init")}, funcs...) {
		ps.findNew(fn)
	}
	// A wrapper of a wrapper is as deep as code goes.
	for range 2 {
		ps.summarize(funcs)
		for _, fn := range funcs {
			eachCall(fn, func(call ssa.CallInstruction) { ps.indirect(fn, call) })
		}
	}
	return ps
}

func eachCall(fn *ssa.Function, f func(ssa.CallInstruction)) {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok {
				f(call)
			}
		}
	}
}

// direct records a call of the methods of sync.Pool.
func (ps *pools) direct(fn *ssa.Function, call ssa.CallInstruction) {
	switch callsite.Name(call.Common()) {
	case "(*sync.Pool).Get":
		if v := call.Value(); v != nil {
			ps.addGet(fn, &use{call: call, pool: ps.of(call.Common().Args[0]), value: v})
		}
	case "(*sync.Pool).Put":
		ps.addPut(fn, &use{call: call, pool: ps.of(call.Common().Args[0]), value: unbox(call.Common().Args[1])})
	}
}

// indirect records a call of a getter or a putter of the package.
func (ps *pools) indirect(fn *ssa.Function, call ssa.CallInstruction) {
	callee := call.Common().StaticCallee()
	if callee == nil {
		return
	}
	if p := ps.getters[callee]; p != nil && call.Value() != nil {
		ps.addGet(fn, &use{call: call, pool: p, value: call.Value(), via: true})
	}
	for i, p := range ps.putters[callee] {
		ps.addPut(fn, &use{call: call, pool: p.pool, value: unbox(call.Common().Args[i]), via: true, maybe: p.maybe})
	}
}

func (ps *pools) addGet(fn *ssa.Function, u *use) {
	for _, old := range ps.gets[fn] {
		if old.call == u.call {
			return // known since an earlier round
		}
	}
	ps.gets[fn] = append(ps.gets[fn], u)
	if !u.via {
		u.pool.gets = append(u.pool.gets, u)
	}
}

func (ps *pools) addPut(fn *ssa.Function, u *use) {
	for _, old := range ps.puts[fn] {
		if old.call == u.call {
			old.maybe = u.maybe
			return // known since an earlier round
		}
	}
	ps.puts[fn] = append(ps.puts[fn], u)
	if !u.via {
		u.pool.puts = append(u.pool.puts, u)
	}
}

// of returns the pool at address addr.
func (ps *pools) of(addr ssa.Value) *pool {
	key, p := resolve(addr, 0)
	if old := ps.byKey[key]; old != nil {
		return old
	}
	ps.byKey[key] = p
	ps.order = append(ps.order, p)
	return p
}

// resolve finds the variable or field that holds the pool at addr, and
// describes the pool. The key of an unknown pool is the address itself.
func resolve(addr ssa.Value, depth int) (any, *pool) {
	unknown := &pool{open: true}
	if depth > 5 {
		return addr, unknown
	}
	switch addr := addr.(type) {
	case *ssa.Global:
		return addr.Object(), &pool{name: addr.Name(), open: addr.Object() != nil && addr.Object().Exported()}
	case *ssa.FieldAddr:
		field := fieldOf(addr.X.Type(), addr.Field)
		if field == nil {
			return addr, unknown
		}
		return field.Origin(), &pool{name: field.Name(), open: field.Exported()}
	case *ssa.UnOp:
		return resolve(addr.X, depth+1)
	case *ssa.IndexAddr:
		key, p := resolve(addr.X, depth+1)
		p.many = true
		return key, p
	case *ssa.Lookup:
		key, p := resolve(addr.X, depth+1)
		p.many = true
		return key, p
	case *ssa.FreeVar:
		if binding, _ := callsite.Bound(addr); binding != nil {
			return resolve(binding, depth+1)
		}
	case *ssa.Alloc:
		return resolveAlloc(addr, depth)
	case *ssa.Parameter:
		unknown.name = addr.Name()
	}
	return addr, unknown
}

// resolveAlloc finds where a pool made in a function is kept, if anywhere.
func resolveAlloc(alloc *ssa.Alloc, depth int) (any, *pool) {
	for _, ref := range *alloc.Referrers() {
		store, ok := ref.(*ssa.Store)
		if !ok {
			continue
		}
		if _, local := store.Addr.(*ssa.Alloc); store.Val == alloc && !local {
			return resolve(store.Addr, depth+1)
		}
		if store.Addr == alloc && depth < 5 {
			if from, ok := store.Val.(*ssa.UnOp); ok {
				return resolve(from.X, depth+1)
			}
		}
	}
	return alloc, &pool{name: alloc.Comment, open: true}
}

// fieldOf returns the i-th field of the struct that t, a pointer or a
// struct, is about.
func fieldOf(t types.Type, i int) *types.Var {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if s, ok := t.Underlying().(*types.Struct); ok && i < s.NumFields() {
		return s.Field(i)
	}
	return nil
}

// findNew records the types of what the New functions that fn sets return.
func (ps *pools) findNew(fn *ssa.Function) {
	if fn == nil {
		return
	}
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			store, ok := instr.(*ssa.Store)
			if !ok {
				continue
			}
			field, ok := store.Addr.(*ssa.FieldAddr)
			if !ok || !isPool(field.X.Type()) {
				continue // not the field New of a pool
			}
			key, _ := resolve(field.X, 0)
			if p := ps.byKey[key]; p != nil {
				p.news = append(p.news, resultTypes(store.Val)...)
			}
		}
	}
}

// isPool reports whether t is *sync.Pool.
func isPool(t types.Type) bool {
	p, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return false
	}
	named, ok := types.Unalias(p.Elem()).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "sync" && named.Obj().Name() == "Pool"
}

// resultTypes returns the concrete types that the function value f returns.
func resultTypes(f ssa.Value) []types.Type {
	if m, ok := f.(*ssa.MakeClosure); ok {
		f = m.Fn
	}
	fn, ok := f.(*ssa.Function)
	if !ok {
		return nil
	}
	var found []types.Type
	for _, block := range fn.Blocks {
		if ret, ok := block.Instrs[len(block.Instrs)-1].(*ssa.Return); ok && len(ret.Results) == 1 {
			if box, ok := ret.Results[0].(*ssa.MakeInterface); ok {
				found = append(found, box.X.Type())
			}
		}
	}
	return found
}

// unbox returns what v holds if v is a conversion to an interface.
func unbox(v ssa.Value) ssa.Value {
	if box, ok := v.(*ssa.MakeInterface); ok {
		return box.X
	}
	return v
}

// summarize finds the getters and putters among funcs.
func (ps *pools) summarize(funcs []*ssa.Function) {
	for _, fn := range funcs {
		for _, get := range ps.gets[fn] {
			if fn.Signature.Results().Len() == 1 && returnsOnly(fn, aliases(get.value)) {
				ps.getters[fn] = get.pool
			}
		}
		for _, put := range ps.puts[fn] {
			for i, param := range fn.Params {
				if n := aliases(param); n.has[put.value] {
					if ps.putters[fn] == nil {
						ps.putters[fn] = make(map[int]putter)
					}
					ps.putters[fn][i] = putter{put.pool, ps.keepsSometimes(fn, n)}
				}
			}
		}
	}
}

// keepsSometimes reports whether a way through fn does not put back what n
// names, other than for nil and by its size: what large values are dropped
// for the caller cannot know.
func (ps *pools) keepsSometimes(fn *ssa.Function, n *names) bool {
	puts := make(map[ssa.Instruction]bool)
	for _, put := range ps.puts[fn] {
		if n.has[put.value] && !put.maybe {
			puts[put.call] = true
		}
	}
	return droppedFrom(fn.Blocks[0], 0, n, puts) != nil
}

// returnsOnly reports whether every return of fn returns one of values, but
// for those that return something new in its stead.
func returnsOnly(fn *ssa.Function, values *names) bool {
	found := false
	for _, block := range fn.Blocks {
		ret, ok := block.Instrs[len(block.Instrs)-1].(*ssa.Return)
		if !ok {
			continue // goes on
		}
		if values.has[ret.Results[0]] {
			found = true
		} else if alloc, ok := ret.Results[0].(*ssa.Alloc); !ok || !alloc.Heap {
			return false
		}
	}
	return found
}
