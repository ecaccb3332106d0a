package goroutineleak

import (
	"go/constant"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
)

// An opKind is what is done with a channel, or what may block like one.
type opKind uint8

const (
	send opKind = iota
	recv
	closing // close(ch)
	add     // WaitGroup.Add of something positive
	finish  // WaitGroup.Done, or Add of something negative
	wait    // WaitGroup.Wait
	sleep   // Cond.Wait
	wake    // Cond.Signal, Cond.Broadcast
	cancel  // a call of a cancel function
)

// An op is one thing that an instruction does with a class of channels.
type op struct {
	kind  opKind
	on    *node
	value ssa.Value // the channel, as the instruction sees it
	instr ssa.Instruction
	state int // of a select statement, else -1

	reached bool // see progress
}

// ops are the operations of a program, by their instructions.
type ops struct {
	all []*op
	of  map[ssa.Instruction][]*op
}

// collect notes the operations of instr.
func (m *model) collect(instr ssa.Instruction) {
	switch instr := instr.(type) {
	case *ssa.Send:
		m.op(send, instr.Chan, instr, -1)
	case *ssa.UnOp:
		if instr.Op == token.ARROW {
			m.op(recv, instr.X, instr, -1)
		}
	case *ssa.Select:
		for i, s := range instr.States {
			kind := send
			if s.Send == nil {
				kind = recv
			}
			m.op(kind, s.Chan, instr, i)
		}
	case ssa.CallInstruction:
		m.collectCall(instr)
	}
}

func (m *model) op(kind opKind, on ssa.Value, instr ssa.Instruction, state int) {
	o := &op{kind: kind, value: on, instr: instr, state: state}
	if c, isNil := on.(*ssa.Const); isNil && c.IsNil() {
		o.on = &node{} // a nil channel: nobody else has it
	} else {
		o.on = m.node(on)
	}
	if generic(instr.Parent()) {
		o.on.expose() // other instances may do the rest
	}
	o.on.ops = append(o.on.ops, o)
	m.ops.all = append(m.ops.all, o)
	m.ops.of[instr] = append(m.ops.of[instr], o)
}

// collectCall notes the operation that a call of a builtin, of a function
// of package sync, or of a cancel function is.
func (m *model) collectCall(site ssa.CallInstruction) {
	common := site.Common()
	if b, ok := common.Value.(*ssa.Builtin); ok {
		if b.Name() == "close" {
			m.op(closing, common.Args[0], site, -1)
		}
		return
	}
	if common.StaticCallee() == nil && !common.IsInvoke() && m.relevant(common.Value.Type()) {
		m.op(cancel, common.Value, site, -1)
		return
	}
	switch callsite.Name(common) {
	case "(*sync.WaitGroup).Add":
		kind := add
		if k, ok := common.Args[1].(*ssa.Const); ok && k.Value != nil && constant.Sign(k.Value) < 0 || isNegated(common.Args[1]) {
			kind = finish
		}
		m.op(kind, common.Args[0], site, -1)
	case "(*sync.WaitGroup).Done":
		m.op(finish, common.Args[0], site, -1)
	case "(*sync.WaitGroup).Wait":
		m.op(wait, common.Args[0], site, -1)
	case "(*sync.Cond).Wait":
		m.op(sleep, common.Args[0], site, -1)
	case "(*sync.Cond).Signal", "(*sync.Cond).Broadcast":
		m.op(wake, common.Args[0], site, -1)
	}
}

// isNegated reports whether v is -x.
func isNegated(v ssa.Value) bool {
	op, ok := v.(*ssa.UnOp)
	return ok && op.Op == token.SUB
}

// blocks reports whether an operation of this kind may have to wait.
func (k opKind) blocks() bool { return k == send || k == recv || k == wait || k == sleep }

// some reports whether an operation of one of kinds on o's class is
// accepted by ok.
func (n *node) some(ok func(*op) bool, kinds ...opKind) bool {
	for _, o := range n.rep().ops {
		for _, k := range kinds {
			if o.kind == k && ok(o) {
				return true
			}
		}
	}
	return false
}

func anyOp(*op) bool { return true }

// of returns the operations of kind on n's class.
func (n *node) of(kind opKind) []*op {
	var found []*op
	for _, o := range n.rep().ops {
		if o.kind == kind {
			found = append(found, o)
		}
	}
	return found
}

// capacity returns the capacity of the channels that mk makes, -1 if it is
// not known.
func capacity(mk *ssa.MakeChan) int {
	k, ok := mk.Size.(*ssa.Const)
	if !ok || k.Value == nil {
		return -1
	}
	n, exact := constant.Int64Val(constant.ToInt(k.Value))
	if !exact {
		return -1
	}
	return int(n)
}
