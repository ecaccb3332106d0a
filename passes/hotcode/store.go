package hotcode

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// index remembers what instr stores in fields and package variables.
func (f *flow) index(instr ssa.Instruction) {
	switch instr := instr.(type) {
	case *ssa.Store:
		if key := place(instr.Addr); key != nil {
			f.stores[key] = append(f.stores[key], instr.Val)
		} else if index, ok := instr.Addr.(*ssa.IndexAddr); ok {
			f.element(index.X, instr.Val)
		}
	case *ssa.MapUpdate:
		f.element(instr.Map, instr.Value)
	}
}

func (f *flow) element(container, v ssa.Value) {
	if load, ok := container.(*ssa.UnOp); ok {
		if key := place(load.X); key != nil {
			f.elems[key] = append(f.elems[key], v)
		}
	}
}

// place returns the field or package variable at addr, or nil.
func place(addr ssa.Value) any {
	switch addr := addr.(type) {
	case *ssa.FieldAddr:
		strct := addr.X.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct)
		return strct.Field(addr.Field).Origin()
	case *ssa.Global:
		return addr
	}
	return nil
}

// load follows the variable that is read through addr.
func (f *flow) load(addr ssa.Value, why rule) {
	if key := place(addr); key != nil {
		f.stored(key, why)
		return
	}
	f.back(addr, why)
}

func (f *flow) stored(key any, why rule) {
	for _, v := range f.stores[key] {
		f.back(v, why)
	}
	for _, v := range f.elems[key] {
		f.back(v, why)
	}
}
