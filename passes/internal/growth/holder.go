package growth

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// holders knows which struct types have objects that outlive requests. A
// type path from a long-lived object is worth little by itself: objects of
// the type must also be made outside request code, or request code must
// store them there.
type holders struct {
	model  *Model
	owner  map[*types.Var]*types.TypeName // the struct type of a field
	long   map[*types.TypeName]bool       // kept by a long-lived object
	stored map[*types.TypeName]bool       // request code stores it into a long-lived object

	replaced map[*types.Var]bool // fields that request code sets, but for those of new objects

	made    map[*types.TypeName][]*ssa.Function
	stores  map[any][]*types.TypeName // by owner type, or global: what request code stores
	globals []*types.TypeName
	values  map[*ssa.Function]bool
	boxed   map[*types.TypeName][]*types.Interface // interfaces of others that values are converted to
	outside map[*ssa.Function]bool
	impls   map[*types.Interface][]*types.TypeName // see implementers
}

func newHolders(m *Model) *holders {
	h := &holders{
		model:    m,
		owner:    make(map[*types.Var]*types.TypeName),
		long:     make(map[*types.TypeName]bool),
		stored:   make(map[*types.TypeName]bool),
		replaced: make(map[*types.Var]bool),
		made:     make(map[*types.TypeName][]*ssa.Function),
		stores:   make(map[any][]*types.TypeName),
		values:   make(map[*ssa.Function]bool),
		boxed:    make(map[*types.TypeName][]*types.Interface),
		impls:    make(map[*types.Interface][]*types.TypeName),
		outside:  make(map[*ssa.Function]bool),
	}
	for _, pkg := range m.Program.Packages {
		scope := pkg.Pkg.Pkg.Scope()
		for _, name := range scope.Names() {
			switch obj := scope.Lookup(name).(type) {
			case *types.TypeName:
				h.declare(obj)
			case *types.Var:
				if t := structOf(obj.Type()); t != nil {
					h.globals = append(h.globals, t)
				}
			}
		}
	}
	return h
}

// declare notes whose fields the fields of a struct type are, those of
// unnamed structs inside it too.
func (h *holders) declare(obj *types.TypeName) {
	named, ok := obj.Type().(*types.Named)
	if !ok {
		return
	}
	var fields func(t types.Type)
	fields = func(t types.Type) {
		s, ok := t.(*types.Struct)
		if !ok {
			return
		}
		for f := range s.Fields() {
			h.owner[f] = obj
			fields(f.Type())
		}
	}
	fields(named.Underlying())
}

// structOf returns the named struct type of t, or of what t refers to.
func structOf(t types.Type) *types.TypeName {
	for range 4 {
		switch u := types.Unalias(t).(type) {
		case *types.Named:
			if _, ok := u.Underlying().(*types.Struct); ok {
				return u.Origin().Obj()
			}
			if types.IsInterface(u) {
				return nil
			}
			t = u.Underlying()
		case *types.Pointer:
			t = u.Elem()
		case *types.Slice:
			t = u.Elem()
		case *types.Array:
			t = u.Elem()
		case *types.Map:
			t = u.Elem()
		case *types.Chan:
			t = u.Elem()
		default:
			return nil
		}
	}
	return nil
}

// scan notes what one instruction says about objects.
func (h *holders) scan(instr ssa.Instruction) {
	switch instr := instr.(type) {
	case *ssa.Alloc:
		if t := structOf(instr.Type()); t != nil && instr.Heap {
			h.made[t] = append(h.made[t], instr.Parent())
		}
	case *ssa.Store:
		h.store(instr, instr.Addr, instr.Val)
		if field, ok := instr.Addr.(*ssa.FieldAddr); ok && !fresh(field) && h.model.perRequest(instr.Parent()) {
			h.replaced[fieldOf(field)] = true
		}
	case *ssa.MapUpdate:
		h.store(instr, instr.Map, instr.Value)
	case *ssa.MakeInterface:
		if t := structOf(instr.X.Type()); t != nil || namedContainer(instr.X.Type()) != nil {
			h.box(instr)
		}
	case ssa.CallInstruction:
		h.call(instr)
	}
	var operands [16]*ssa.Value
	site, isCall := instr.(ssa.CallInstruction)
	for _, op := range instr.Operands(operands[:0]) {
		if fn, ok := (*op).(*ssa.Function); ok && !(isCall && site.Common().Value == fn) {
			h.values[fn] = true
		}
	}
}

// store notes that request code stores an object into a field or package
// variable, or into a container that is kept there.
func (h *holders) store(instr ssa.Instruction, into, v ssa.Value) {
	t := structOf(unbox(v).Type())
	if t == nil || !h.model.perRequest(instr.Parent()) {
		return
	}
	if _, isPointer := unbox(v).Type().Underlying().(*types.Pointer); !isPointer {
		if _, isSlice := v.Type().Underlying().(*types.Slice); !isSlice {
			return
		}
	}
	for _, s := range h.model.tracer.sites(into) {
		switch key := s.key.(type) {
		case *types.Var:
			if owner := h.owner[key]; owner != nil && owner != t && !slices.Contains(h.stores[owner], t) {
				h.stores[owner] = append(h.stores[owner], t)
			}
		case *ssa.Global:
			h.stored[t] = true
		}
	}
}

// call notes that request code hands an object to a container of a
// dependency: a list, a tree, a cache.
func (h *holders) call(site ssa.CallInstruction) {
	common := site.Common()
	callee := common.StaticCallee()
	if callee == nil || len(callee.Blocks) > 0 || callee.Signature.Recv() == nil || len(common.Args) < 2 {
		return
	}
	if callee.Signature.Params().Len() == 0 {
		return
	}
	for _, arg := range common.Args[1:] {
		h.store(site, common.Args[0], arg)
	}
}

// box notes that a value is handed on as an interface that others declare,
// so that they may call its methods.
func (h *holders) box(box *ssa.MakeInterface) {
	iface, ok := box.Type().Underlying().(*types.Interface)
	if !ok || iface.NumMethods() == 0 {
		return
	}
	if named, ok := types.Unalias(box.Type()).(*types.Named); ok && named.Obj().Pkg() != nil && h.model.owns(named.Obj()) {
		return // calls through it are in the call graph
	}
	t := structOf(box.X.Type())
	if t == nil {
		t = namedContainer(box.X.Type())
	}
	if !slices.Contains(h.boxed[t], iface) {
		h.boxed[t] = append(h.boxed[t], iface)
	}
}

// isValue reports whether fn is handed on as a function value or is a
// method that others may call through an interface of theirs.
func (h *holders) isValue(fn *ssa.Function) bool {
	if h.values[fn] {
		return true
	}
	recv := fn.Signature.Recv()
	if recv == nil {
		return false
	}
	t := structOf(recv.Type())
	if t == nil {
		t = namedContainer(recv.Type())
	}
	for _, iface := range h.boxed[t] {
		for method := range iface.Methods() {
			if method.Name() == fn.Name() {
				return true
			}
		}
	}
	return false
}
