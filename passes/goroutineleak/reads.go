package goroutineleak

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
)

// A goroutine that reads from a connection ends when somebody closes that:
// the read fails.

// readsFrom returns the fields from whose content the goroutine entry reads,
// itself, in literals of its own or in what it calls directly.
func (m *model) readsFrom(entry *ssa.Function) map[*types.Var]bool {
	fields := make(map[*types.Var]bool)
	var visit func(fn *ssa.Function)
	visit = func(fn *ssa.Function) {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if load, ok := instr.(*ssa.UnOp); ok && isRead(load) {
					if addr, ok := load.X.(*ssa.FieldAddr); ok {
						fields[fieldOf(addr.X.Type(), addr.Field)] = true
					}
				}
			}
		}
		for _, lit := range fn.AnonFuncs {
			visit(lit)
		}
	}
	for _, fn := range m.runsSynchronously(entry) {
		visit(fn)
	}
	return fields
}

// isRead reports whether something is read from v, which can be closed: by a
// method of it, or by a function that gets it.
func isRead(v ssa.Value) bool {
	if obj, _, _ := types.LookupFieldOrMethod(v.Type(), true, nil, "Close"); obj == nil {
		return false
	}
	return slices.ContainsFunc(*v.Referrers(), func(ref ssa.Instruction) bool {
		switch ref := ref.(type) {
		case *ssa.ChangeInterface:
			return isArgument(ref)
		case *ssa.MakeInterface:
			return isArgument(ref)
		case ssa.CallInstruction:
			if common := ref.Common(); receiver(common) == v {
				return waits(callsite.Func(common).Name())
			}
			return slices.Contains(ref.Common().Args, v)
		}
		return false
	})
}

func isArgument(v ssa.Value) bool {
	return slices.ContainsFunc(*v.Referrers(), func(ref ssa.Instruction) bool {
		site, ok := ref.(ssa.CallInstruction)
		return ok && slices.Contains(site.Common().Args, v)
	})
}

// waits reports whether a method of this name waits for what others send.
func waits(name string) bool {
	for _, verb := range [...]string{"Read", "Recv", "Receive", "Accept", "Next", "Wait"} {
		if strings.HasPrefix(name, verb) {
			return true
		}
	}
	return false
}

// receiver returns the value that common calls a method of, or nil.
func receiver(common *ssa.CallCommon) ssa.Value {
	switch {
	case callsite.Func(common) == nil:
		return nil
	case common.IsInvoke():
		return common.Value
	case common.Signature().Recv() != nil && len(common.Args) > 0:
		return common.Args[0]
	}
	return nil
}

// closes reports whether instr closes the content of one of fields, itself
// or in what it calls.
func (m *model) closes(instr ssa.Instruction, fields map[*types.Var]bool) bool {
	site, ok := instr.(ssa.CallInstruction)
	if !ok || len(fields) == 0 {
		return false
	}
	if closesOne(site.Common(), fields) {
		return true
	}
	for _, callee := range m.callees(site) {
		for _, fn := range m.runsSynchronously(callee) {
			for _, b := range fn.Blocks {
				for _, instr := range b.Instrs {
					if call, ok := instr.(ssa.CallInstruction); ok && closesOne(call.Common(), fields) {
						return true
					}
				}
			}
		}
	}
	return false
}

// closesOne reports whether common closes what one of fields holds: it was
// loaded from there, or is stored there as well.
func closesOne(common *ssa.CallCommon, fields map[*types.Var]bool) bool {
	v := receiver(common)
	if v == nil || !strings.HasPrefix(callsite.Func(common).Name(), "Close") {
		return false
	}
	holds := func(addr ssa.Value) bool {
		field, ok := addr.(*ssa.FieldAddr)
		return ok && fields[fieldOf(field.X.Type(), field.Field)]
	}
	if load, ok := v.(*ssa.UnOp); ok && holds(load.X) {
		return true
	}
	return v.Referrers() != nil && slices.ContainsFunc(*v.Referrers(), func(ref ssa.Instruction) bool {
		store, ok := ref.(*ssa.Store)
		return ok && store.Val == v && holds(store.Addr)
	})
}
