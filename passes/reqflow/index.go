package reqflow

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/program"
)

// An index finds the uses of what has no referrers in SSA form.
type index struct {
	packages map[*types.Package]bool
	fields   map[*types.Var][]ssa.Value           // the values of, or addresses of, a field
	globals  map[*ssa.Global][]ssa.Instruction    // what uses a package variable
	closures map[*ssa.Function][]*ssa.MakeClosure // where a literal becomes a value
	grown    map[any]bool                         // *types.Var or *ssa.Global: maps that code other than set-up writes to
}

func newIndex(prog *program.Program) *index {
	x := &index{
		packages: make(map[*types.Package]bool),
		fields:   make(map[*types.Var][]ssa.Value),
		globals:  make(map[*ssa.Global][]ssa.Instruction),
		closures: make(map[*ssa.Function][]*ssa.MakeClosure),
		grown:    make(map[any]bool),
	}
	for _, pkg := range prog.Packages {
		x.packages[pkg.Pkg.Pkg] = true
	}
	var operands [16]*ssa.Value
	for _, fn := range prog.Funcs {
		cold := prog.Heat(fn).Grade == hotcode.Cold
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				x.instr(instr, cold)
				for _, op := range instr.Operands(operands[:0]) {
					if g, ok := (*op).(*ssa.Global); ok {
						x.globals[g] = append(x.globals[g], instr)
					}
				}
			}
		}
	}
	return x
}

func (x *index) instr(instr ssa.Instruction, cold bool) {
	switch instr := instr.(type) {
	case *ssa.FieldAddr:
		if f := fieldOf(instr); x.owns(f) {
			x.fields[f] = append(x.fields[f], instr)
		}
	case *ssa.Field:
		if f := fieldOf(instr); x.owns(f) {
			x.fields[f] = append(x.fields[f], instr)
		}
	case *ssa.MakeClosure:
		fn := instr.Fn.(*ssa.Function)
		x.closures[fn] = append(x.closures[fn], instr)
	case *ssa.MapUpdate:
		if kept := keptIn(instr.Map); kept != nil && !cold {
			x.grown[kept] = true
		}
	}
}

// keptIn returns the field or package variable that a container is loaded
// from, or nil.
func keptIn(c ssa.Value) any {
	load, ok := c.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil
	}
	switch addr := load.X.(type) {
	case *ssa.FieldAddr:
		return fieldOf(addr)
	case *ssa.Global:
		return addr
	}
	return nil
}

// table reports whether c is a map that only set-up code fills.
func (x *index) table(c ssa.Value) bool {
	kept := keptIn(c)
	return kept != nil && !x.grown[kept]
}

// owns reports whether the loads of a field can all be seen.
func (x *index) owns(field *types.Var) bool { return x.ownsPackage(field.Pkg()) }

func (x *index) ownsPackage(pkg *types.Package) bool { return pkg != nil && x.packages[pkg] }

// bindings returns what a captured variable is in the functions around it.
func (x *index) bindings(v *ssa.FreeVar) []ssa.Value {
	var found []ssa.Value
	for i, fv := range v.Parent().FreeVars {
		if fv != v {
			continue
		}
		for _, c := range x.closures[v.Parent()] {
			found = append(found, c.Bindings[i])
		}
	}
	return found
}

// fieldOf returns the field, as declared, that v is or points to.
func fieldOf(v ssa.Value) *types.Var {
	var t types.Type
	var i int
	switch v := v.(type) {
	case *ssa.FieldAddr:
		t, i = v.X.Type().Underlying().(*types.Pointer).Elem(), v.Field
	case *ssa.Field:
		t, i = v.X.Type(), v.Field
	}
	return t.Underlying().(*types.Struct).Field(i).Origin()
}
