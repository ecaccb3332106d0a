package growth

import (
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// sweepOnce finds containers whose only removals are behind a timer that
// fires once, although the code around waits for it in a loop.
func (m *Model) sweepOnce(c *Container) *Defect {
	if len(c.Removals) == 0 {
		return nil
	}
	var timer *ssa.Call
	for _, r := range c.Removals {
		if lifecycle(r.Instr.Parent()) && r.Kind != Delete {
			continue
		}
		t := m.behindTimer(r.Instr, 0)
		if t == nil {
			return nil // this one may run again
		}
		timer = t
	}
	if timer == nil {
		return nil
	}
	v, bad := m.matters(c)
	if !bad {
		return nil
	}
	return &Defect{Kind: SweepOnce, Container: c, At: timer, Other: v.Growth.Instr, Advice: v.Advice}
}

// behindTimer returns the call of time.NewTimer that instr waits for, if it
// runs only when that timer fires, and the timer is never set again. It
// looks at the callers of instr's function as well.
func (m *Model) behindTimer(instr ssa.Instruction, depth int) *ssa.Call {
	fn := instr.Parent()
	for _, b := range fn.Blocks {
		for _, other := range b.Instrs {
			timer := oneShot(other, instr)
			if timer != nil && inLoop(b) && b.Dominates(instr.Block()) && other != instr {
				return timer
			}
		}
	}
	callers := m.Program.Callers(fn)
	if depth >= 2 || len(callers) == 0 {
		return nil
	}
	var timer *ssa.Call
	for _, site := range callers {
		if timer = m.behindTimer(site, depth+1); timer == nil {
			return nil
		}
	}
	return timer
}

// oneShot returns the timer that instr receives from before it goes on to
// next, if the timer is made outside the loop and never reset.
func oneShot(instr, next ssa.Instruction) *ssa.Call {
	switch instr := instr.(type) {
	case *ssa.UnOp:
		if instr.Op == token.ARROW {
			return neverReset(instr.X)
		}
	case *ssa.Select:
		if i := chosen(instr, next); i >= 0 {
			return neverReset(instr.States[i].Chan)
		}
	}
	return nil
}

// chosen returns the case of a select statement that instr belongs to, or -1.
func chosen(sel *ssa.Select, instr ssa.Instruction) int {
	for _, cond := range conditions(instr.Block()) {
		op, ok := cond.value.(*ssa.BinOp)
		if !ok || op.Op != token.EQL || !cond.holds {
			continue
		}
		x, ok := op.X.(*ssa.Extract)
		c, isConst := op.Y.(*ssa.Const)
		if ok && isConst && x.Tuple == sel && x.Index == 0 {
			return int(c.Int64())
		}
	}
	return -1
}

// neverReset returns the call of time.NewTimer that makes the timer whose
// channel is ch, if it is made once and not set again in this function.
func neverReset(ch ssa.Value) *ssa.Call {
	load, ok := ch.(*ssa.UnOp)
	if !ok {
		return nil
	}
	field, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return nil
	}
	timer, ok := field.X.(*ssa.Call)
	if !ok || timer.Call.StaticCallee() == nil || timer.Call.StaticCallee().String() != "time.NewTimer" || inLoop(timer.Block()) {
		return nil
	}
	for _, ref := range *timer.Referrers() {
		switch ref := ref.(type) {
		case *ssa.FieldAddr:
			continue
		case ssa.CallInstruction:
			if callee := ref.Common().StaticCallee(); callee != nil && callee.Name() == "Stop" {
				continue
			}
		}
		return nil // reset, or kept by others who may
	}
	return timer
}
