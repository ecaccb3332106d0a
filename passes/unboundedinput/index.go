package unboundedinput

import (
	"go/types"
	"sync"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/program"
)

// An index answers questions about a whole program, which all its packages
// share.
type index struct {
	prog    *program.Program
	fields  map[*types.Var][]*ssa.Store // assignments to fields
	setters []*ssa.Function             // functions that set the Body of a request
	limiter bool                        // a known limiter of bodies is called
}

// programs keeps the index of each program.
type programs struct {
	mu   sync.Mutex
	last *index // drivers show one program, or one per package in turn
}

// index returns the index of prog.
func (p *programs) index(prog *program.Program) *index {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last == nil || p.last.prog != prog {
		p.last = newIndex(prog)
	}
	return p.last
}

func newIndex(prog *program.Program) *index {
	x := &index{prog: prog, fields: make(map[*types.Var][]*ssa.Store)}
	for _, fn := range prog.Funcs {
		sets := false
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				switch instr := instr.(type) {
				case *ssa.Store:
					if addr, ok := instr.Addr.(*ssa.FieldAddr); ok && !isNil(instr.Val) {
						field := fieldVar(addr)
						x.fields[field] = append(x.fields[field], instr)
						sets = sets || setsBody(instr)
					}
				case ssa.CallInstruction:
					x.limiter = x.limiter || bodyLimiters[callsite.Name(instr.Common())]
				}
			}
		}
		if sets {
			x.setters = append(x.setters, fn)
		}
	}
	return x
}
