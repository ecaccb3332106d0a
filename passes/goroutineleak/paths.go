package goroutineleak

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
)

// many stands for a number that grows with the input.
const many = 1 << 20

// A meter counts on the way through a function.
type meter struct {
	instr func(ssa.Instruction) int             // what an instruction counts
	edge  func(b *ssa.BasicBlock, succ int) int // what an edge counts, or impossible
}

// impossible is the count of an edge that is never taken.
const impossible = -1

// A leg is a block together with the way it was entered.
type leg struct {
	block *ssa.BasicBlock
	pred  int // index in block.Preds, or -1 at the beginning
}

// A trip is a way through a function that is measured: from the index-th
// instruction of a block to a return, or to where a block is entered again.
type trip struct {
	from  *ssa.BasicBlock
	index int
	until *ssa.BasicBlock // entering it ends the trip; nil for none
	known []fact          // conditions whose outcome is known
}

// least returns the least that mt counts on a trip, and the instruction
// that ends it; nil if there is no way.
func least(t trip, mt meter) (int, ssa.Instruction) {
	start := leg{t.from, -1}
	best := map[leg]int{start: 0}
	queue := []leg{start}
	most := many
	var end ssa.Instruction
	finish := func(n int, instr ssa.Instruction) {
		if end == nil || n < most || n == most && nearby(instr) < nearby(end) {
			most, end = n, instr
		}
	}
	for steps := 0; len(queue) > 0 && steps < maxTrip; steps++ {
		at := queue[0]
		queue = queue[1:]
		n := best[at]
		instrs := at.block.Instrs
		if at == start {
			instrs = instrs[t.index:]
		}
		for _, instr := range instrs {
			n = min(n+mt.instr(instr), many)
		}
		last := at.block.Instrs[len(at.block.Instrs)-1]
		if _, ok := last.(*ssa.Return); ok {
			finish(n, last)
		}
		for i, next := range at.block.Succs {
			weight := mt.edge(at.block, i)
			if weight == impossible || !feasible(at, i, t.known) {
				continue
			}
			if next == t.until {
				finish(min(n+weight, many), last)
				continue
			}
			to := leg{next, predIndex(at.block, i)}
			if old, ok := best[to]; !ok || min(n+weight, many) < old {
				best[to] = min(n+weight, many)
				queue = append(queue, to)
			}
		}
	}
	return most, end
}

// maxTrip bounds the steps of one trip.
const maxTrip = 20000

// through returns the trip through a whole function.
func through(fn *ssa.Function) trip { return trip{from: fn.Blocks[0]} }

// predIndex returns the index in its successor's predecessors of the i-th
// edge that leaves b.
func predIndex(b *ssa.BasicBlock, i int) int {
	next := b.Succs[i]
	nth := 0 // both edges of a branch may lead to the same block
	for _, other := range b.Succs[:i] {
		if other == next {
			nth++
		}
	}
	for j, pred := range next.Preds {
		if pred == b {
			if nth == 0 {
				return j
			}
			nth--
		}
	}
	return -1
}

// A fact is a condition whose outcome is known.
type fact struct {
	cond ssa.Value
	is   bool
}

// feasible reports whether the i-th edge of a block that was entered in a
// known way may be taken.
func feasible(at leg, i int, known []fact) bool {
	branch, ok := at.block.Instrs[len(at.block.Instrs)-1].(*ssa.If)
	if !ok {
		return true
	}
	if is, ok := outcome(branch.Cond, at); ok {
		return is == (i == 0)
	}
	for _, f := range known {
		if sameCond(f.cond, branch.Cond) {
			return f.is == (i == 0)
		}
	}
	return true
}

// outcome evaluates a condition that depends on nothing but how its block
// was entered.
func outcome(cond ssa.Value, at leg) (is, known bool) {
	switch cond := entered(cond, at).(type) {
	case *ssa.Const:
		return cond.Value != nil && cond.Value.String() == "true", true
	case *ssa.BinOp:
		if cond.Op != token.EQL && cond.Op != token.NEQ {
			return false, false
		}
		x, ok := entered(cond.X, at).(*ssa.Const)
		y, ok2 := entered(cond.Y, at).(*ssa.Const)
		if !ok || !ok2 {
			return false, false
		}
		equal := x.IsNil() && y.IsNil() || x.Value != nil && y.Value != nil && x.Value.ExactString() == y.Value.ExactString()
		return equal == (cond.Op == token.EQL), true
	}
	return false, false
}

// entered returns the value that a phi of the block has when it is entered
// in a known way.
func entered(v ssa.Value, at leg) ssa.Value {
	if phi, ok := v.(*ssa.Phi); ok && phi.Block() == at.block && at.pred >= 0 {
		return phi.Edges[at.pred]
	}
	return v
}

// sameCond reports whether two conditions ask the same question.
func sameCond(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	x, ok := a.(*ssa.BinOp)
	y, ok2 := b.(*ssa.BinOp)
	if ok && ok2 {
		return x.Op == y.Op && sameOperand(x.X, y.X) && sameOperand(x.Y, y.Y)
	}
	return sameOperand(a, b)
}

// sameOperand reports whether a and b are the same value or reads of the
// same variable or field.
func sameOperand(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	switch a := a.(type) {
	case *ssa.Const:
		b, ok := b.(*ssa.Const)
		return ok && types.Identical(a.Type(), b.Type()) && a.String() == b.String()
	case *ssa.UnOp:
		b, ok := b.(*ssa.UnOp)
		return ok && a.Op == b.Op && a.Op == token.MUL && sameOperand(a.X, b.X)
	case *ssa.FieldAddr:
		b, ok := b.(*ssa.FieldAddr)
		return ok && a.Field == b.Field && sameOperand(a.X, b.X)
	case *ssa.Call:
		b, ok := b.(*ssa.Call)
		if !ok {
			return false
		}
		f, isBuiltin := a.Call.Value.(*ssa.Builtin)
		g, isBuiltin2 := b.Call.Value.(*ssa.Builtin)
		return isBuiltin && isBuiltin2 && f.Name() == "len" && g.Name() == "len" && sameOperand(a.Call.Args[0], b.Call.Args[0])
	}
	return false
}

// factsAt returns the conditions that hold wherever b is reached.
func factsAt(b *ssa.BasicBlock) []fact {
	var known []fact
	for idom := b.Idom(); idom != nil; b, idom = idom, idom.Idom() {
		branch, ok := idom.Instrs[len(idom.Instrs)-1].(*ssa.If)
		if !ok || callsite.Reachable(b, nil)[idom] {
			continue // no condition, or one of a loop
		}
		for i, succ := range idom.Succs {
			if succ == b && len(succ.Preds) == 1 {
				known = append(known, fact{branch.Cond, i == 0})
			}
		}
	}
	return known
}

// counted returns the blocks of the loop that the i-th edge of b leaves
// because a counter or a collection is through, or nil.
func counted(b *ssa.BasicBlock, i int) []*ssa.BasicBlock {
	branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return nil
	}
	switch cond := branch.Cond.(type) {
	case *ssa.BinOp:
		if basic, ok := cond.X.Type().Underlying().(*types.Basic); !ok || basic.Info()&types.IsInteger == 0 || !counter(cond.X) && !counter(cond.Y) {
			return nil
		}
	case *ssa.Extract:
		if _, ok := cond.Tuple.(*ssa.Next); !ok {
			return nil
		}
	default:
		return nil
	}
	return between(b.Succs[1-i], b, b.Succs[i])
}

// counter reports whether v is what counts the rounds of a loop, or how
// many there are.
func counter(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Phi:
		return true
	case *ssa.BinOp:
		return (v.Op == token.ADD || v.Op == token.SUB) && (counter(v.X) || counter(v.Y))
	case *ssa.UnOp:
		return v.Op == token.MUL
	case *ssa.Call:
		b, ok := v.Call.Value.(*ssa.Builtin)
		return ok && b.Name() == "len"
	}
	return false
}

// between returns the blocks on ways from one block to another that avoid a
// third, nil if there is no such way.
func between(from, to, avoid *ssa.BasicBlock) []*ssa.BasicBlock {
	stop := func(b *ssa.BasicBlock) bool { return b == avoid }
	if from == avoid {
		return nil
	}
	ahead := callsite.Reachable(from, stop)
	ahead[from] = true
	if !ahead[to] {
		return nil
	}
	var found []*ssa.BasicBlock
	for _, b := range from.Parent().Blocks {
		if ahead[b] && (b == to || callsite.Reachable(b, stop)[to]) {
			found = append(found, b)
		}
	}
	return found
}

// loops returns the loops of fn, as callsite.Loops does.
func (m *model) loops(fn *ssa.Function) map[*ssa.BasicBlock][]*ssa.BasicBlock {
	if m.loopsOf == nil {
		m.loopsOf = make(map[*ssa.Function]map[*ssa.BasicBlock][]*ssa.BasicBlock)
	}
	found, ok := m.loopsOf[fn]
	if !ok {
		found = callsite.Loops(fn)
		m.loopsOf[fn] = found
	}
	return found
}
