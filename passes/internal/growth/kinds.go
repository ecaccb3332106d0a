package growth

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// bufferCall handles the calls that write to, read from and empty a buffer,
// and those that may do any of that.
func (m *Model) bufferCall(site ssa.CallInstruction) bool {
	common := site.Common()
	name := calleeName(common)
	method, ok := strings.CutPrefix(name, "(*bytes.Buffer).")
	if !ok {
		method, ok = strings.CutPrefix(name, "(*strings.Builder).")
	}
	if !ok {
		m.writerCall(site, name)
		return false
	}
	self := common.Args[0]
	switch method {
	case "Write", "WriteString", "WriteByte", "WriteRune", "ReadFrom":
		m.grow(site, self, nil, common.Args[1], 0)
	case "Reset":
		m.remove(site, self, nil, Clear, 0)
	case "Truncate", "Read", "ReadByte", "ReadRune", "ReadBytes", "ReadString", "Next", "WriteTo":
		m.remove(site, self, nil, Reslice, 0)
		m.read(self, true)
	case "Bytes", "String":
		m.read(self, true)
	}
	return true
}

// writerCall handles the functions that write to an io.Writer.
func (m *Model) writerCall(site ssa.CallInstruction, name string) {
	for _, arg := range site.Common().Args {
		box, ok := arg.(*ssa.MakeInterface)
		if !ok || !isBuffer(box.X.Type()) {
			continue
		}
		if arg == site.Common().Args[0] && writes(name) {
			m.grow(site, box.X, nil, nil, 0)
		} else {
			m.remove(site, box.X, nil, Filter, 0) // may read it
		}
	}
}

func writes(name string) bool {
	switch name {
	case "fmt.Fprint", "fmt.Fprintf", "fmt.Fprintln", "io.WriteString", "io.Copy", "io.CopyN":
		return true
	}
	return false
}

func isBuffer(t types.Type) bool {
	switch qualified(t) {
	case "bytes.Buffer", "strings.Builder":
		return true
	}
	return false
}

// boxed handles buffers that are handed on as an interface, other than to
// the call where they become one.
func (m *Model) boxed(box *ssa.MakeInterface) {
	if !isBuffer(box.X.Type()) {
		return
	}
	for _, ref := range *box.Referrers() {
		if _, ok := ref.(*ssa.Call); !ok {
			m.remove(box, box.X, nil, Filter, 0)
			return
		}
	}
}

// send records that a channel gets an element, but not of those that are
// themselves elements.
func (m *Model) send(instr ssa.Instruction, ch, v ssa.Value) {
	for _, s := range m.tracer.sites(ch) {
		if c := m.container(s.key); c == nil || c.Kind != Chan || s.depth > 0 {
			return
		}
	}
	m.grow(instr, ch, nil, v, 0)
}

// selects handles a select statement that does nothing but wait for room:
// others have something else to do.
func (m *Model) selects(sel *ssa.Select) {
	for _, st := range sel.States {
		if st.Dir == types.SendOnly && sel.Blocking && len(sel.States) == 1 {
			m.send(sel, st.Chan, st.Send)
		}
	}
}

// channel notes what is done with a channel that is kept in a variable: all
// but sending, and asking for its length, may be that something receives.
func (m *Model) channel(load *ssa.UnOp, c *Container) {
	for _, ref := range *load.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Send:
			if ref.Chan == load {
				continue
			}
		case *ssa.Select:
			if sendsOnly(ref, load) {
				continue
			}
		case *ssa.BinOp, *ssa.DebugRef:
			continue
		case *ssa.Call:
			if b, ok := ref.Call.Value.(*ssa.Builtin); ok && (b.Name() == "len" || b.Name() == "cap" || b.Name() == "close") {
				continue
			}
		}
		c.Reads++
	}
}

func sendsOnly(sel *ssa.Select, ch ssa.Value) bool {
	for _, st := range sel.States {
		if st.Chan == ch && st.Dir != types.SendOnly || st.Send == ch {
			return false
		}
	}
	return true
}

// channelMade notes a channel that is put into a variable: a new one with a
// buffer that nothing else has, or one that others may receive from.
func (m *Model) channelMade(st *ssa.Store) {
	for _, s := range m.tracer.sites(st.Addr) {
		c := m.container(s.key)
		if c == nil || c.Kind != Chan {
			continue
		}
		made, ok := st.Val.(*ssa.MakeChan)
		switch {
		case isNil(st.Val):
		case !ok || len(*made.Referrers()) > 1:
			c.Reads++
		case !isZero(made.Size):
			c.limits.seen = true
		}
	}
}

// undrained reports whether nothing can receive from a channel with a
// buffer: all its uses are known, and none receives.
func (m *Model) undrained(c *Container) bool {
	if c.Reads > 0 || !c.limits.seen {
		return false
	}
	switch {
	case c.Field != nil:
		return !c.Field.Exported() || m.hasMain
	case c.Global != nil:
		return !c.Global.Object().Exported() || m.hasMain
	}
	return false
}

// WriteOnly reports whether nothing reads the elements of a container, and
// no other package can.
func (m *Model) WriteOnly(c *Container) bool {
	if c.Reads > 0 || c.Kind != Map && c.Kind != Slice && c.Kind != SyncMap {
		return false
	}
	switch {
	case c.Field != nil:
		return !c.Field.Exported() && !isAtomic(c.Type)
	case c.Global != nil:
		return !token.IsExported(c.Global.Name()) && !isAtomic(c.Type)
	}
	return false
}

func isAtomic(t types.Type) bool { return strings.HasPrefix(qualified(t), "sync/atomic.") }
