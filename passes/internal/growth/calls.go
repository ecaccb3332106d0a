package growth

import (
	"golang.org/x/tools/go/ssa"
)

// call handles the calls that change a container: builtins, and the methods
// of the standard library's containers.
func (m *Model) call(site ssa.CallInstruction) {
	common := site.Common()
	if b, ok := common.Value.(*ssa.Builtin); ok {
		switch b.Name() {
		case "delete":
			m.remove(site, common.Args[0], common.Args[1], Delete, 0)
		case "clear":
			m.remove(site, common.Args[0], nil, Clear, 0)
		}
		return
	}
	if m.bufferCall(site) {
		return
	}
	callee := common.StaticCallee()
	if callee == nil || len(common.Args) == 0 || m.cacheCall(site, callee) {
		return
	}
	if len(callee.Blocks) == 0 && callee.Signature.Recv() != nil && namedContainer(common.Args[0].Type()) != nil {
		m.method(site, callee.Name())
		return
	}
	name := calleeName(common)
	self := common.Args[0]
	if v := publishes(common); v != nil {
		m.publish(site, v)
		return
	}
	switch name {
	case "(*sync.Map).Store", "(*sync.Map).LoadOrStore", "(*sync.Map).Swap":
		m.grow(site, self, unbox(common.Args[1]), common.Args[2], 0)
		m.read(self, name != "(*sync.Map).Store")
	case "(*sync.Map).Delete", "(*sync.Map).LoadAndDelete", "(*sync.Map).CompareAndDelete":
		m.remove(site, self, unbox(common.Args[1]), Delete, 0)
	case "(*sync.Map).Clear":
		m.remove(site, self, nil, Clear, 0)
	case "(*sync.Map).Load", "(*sync.Map).Range":
		m.read(self, true)
	case "(*container/list.List).PushBack", "(*container/list.List).PushFront",
		"(*container/list.List).InsertBefore", "(*container/list.List).InsertAfter":
		m.grow(site, self, nil, common.Args[1], 0)
	case "(*container/list.List).Remove":
		m.remove(site, self, nil, Delete, 0)
	case "(*container/list.List).Init":
		m.remove(site, self, nil, Clear, 0)
	case "(*container/list.List).Front", "(*container/list.List).Back":
		m.read(self, true)
	case "maps.Copy":
		m.grow(site, self, common.Args[1], common.Args[1], 0)
	case "maps.DeleteFunc":
		m.remove(site, self, nil, Filter, 0)
	}
}

// method handles a method of a map or slice type of a dependency, such as a
// set: its name says what it does.
func (m *Model) method(site ssa.CallInstruction, name string) {
	args := site.Common().Args
	switch name {
	case "Add", "Insert", "Set", "Put", "Append", "Push":
		if len(args) > 1 {
			m.grow(site, args[0], args[1], args[len(args)-1], 0)
		}
	case "Delete", "Remove", "Del", "Pop":
		if len(args) > 1 {
			m.remove(site, args[0], args[1], Delete, 0)
		}
	case "Clear", "Reset":
		m.remove(site, args[0], nil, Clear, 0)
	}
}

// read counts a read of the containers that v stands for.
func (m *Model) read(v ssa.Value, counts bool) {
	if !counts {
		return
	}
	for _, s := range m.tracer.sites(v) {
		if c := m.container(s.key); c != nil {
			c.Reads++
		}
	}
}

// unbox returns the value that was converted to an interface.
func unbox(v ssa.Value) ssa.Value {
	switch v := v.(type) {
	case *ssa.MakeInterface:
		return v.X
	case *ssa.ChangeInterface:
		return v.X
	}
	return v
}
