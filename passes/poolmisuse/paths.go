package poolmisuse

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// missingPut reports a Get in fn whose value is put back on some ways
// through fn, but not on all.
func (c *checker) missingPut(fn *ssa.Function, get *use) {
	heat := c.heatOf(get.call)
	if heat.Grade < hotcode.Warm || c.wraps(fn) {
		return
	}
	n := aliases(get.value)
	puts := c.putsOf(fn, n)
	if len(puts) == 0 {
		c.lent(fn, get, n)
		return // somebody else puts it back, or nobody
	}
	if c.escapes(fn, n, puts) {
		return // somebody else may put it back
	}
	ret := droppedFrom(get.call.Block(), indexOf(get.call)+1, n, puts)
	if ret == nil {
		return
	}
	pos := ret.Pos()
	if !pos.IsValid() {
		if body := bodyOf(fn.Syntax()); body != nil {
			pos = body.Rbrace
		}
	}
	fails := failing(ret)
	c.add(get.call, fails || assumed(heat), "sync.Pool %q: the value is not put back on the way to the return in line %d",
		get.pool.name, c.pass.Fset.Position(pos).Line)
}

func bodyOf(syntax ast.Node) *ast.BlockStmt {
	switch f := syntax.(type) {
	case *ast.FuncDecl:
		return f.Body
	case *ast.FuncLit:
		return f.Body
	}
	return nil
}

// putsOf returns the instructions of fn that put back the value that n
// names, now or when fn returns.
func (c *checker) putsOf(fn *ssa.Function, n *names) map[ssa.Instruction]bool {
	found := make(map[ssa.Instruction]bool)
	for _, put := range c.pools.puts[fn] {
		if n.has[put.value] {
			found[put.call] = true
		}
	}
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			d, ok := instr.(*ssa.Defer)
			if !ok {
				continue
			}
			lit := d.Call.StaticCallee()
			for _, put := range c.pools.puts[lit] {
				if n.has[put.value] {
					found[d] = true
				}
			}
		}
	}
	return found
}

// escapes reports whether the value that n names may be put back by code
// other than fn's.
func (c *checker) escapes(fn *ssa.Function, n *names, puts map[ssa.Instruction]bool) bool {
	deferred := make(map[*ssa.Function]bool)
	for put := range puts {
		if d, ok := put.(*ssa.Defer); ok {
			deferred[d.Call.StaticCallee()] = true
		}
	}
	for lit := range n.closure {
		if !deferred[lit] {
			return true
		}
	}
	for _, v := range n.order {
		if v.Parent() != fn {
			continue // within a deferred literal
		}
		for _, ref := range refs(v) {
			if !puts[ref] && c.keeps(ref, v) {
				return true
			}
		}
	}
	return false
}

// keeps reports whether instr, which uses v, may keep v.
func (c *checker) keeps(instr ssa.Instruction, v ssa.Value) bool {
	switch instr := instr.(type) {
	case *ssa.Return, *ssa.Send, *ssa.Select, *ssa.MapUpdate, *ssa.Go:
		return true
	case *ssa.Store:
		return instr.Val == v && !isLocal(instr.Addr)
	case ssa.CallInstruction:
		common := instr.Common()
		if common.IsInvoke() && common.Value == v {
			return false
		}
		if _, ok := common.Value.(*ssa.Builtin); ok {
			return false // copy, append, len: read
		}
		callee := common.StaticCallee()
		if callee == nil {
			return true
		}
		if isMethodOf(common, v) {
			return callee.Pkg == instr.Parent().Pkg && keepsParam(callee, common, v, c)
		}
		if len(callee.Blocks) == 0 {
			return !standard(callee)
		}
		return keepsParam(callee, common, v, c)
	}
	return false
}

// isMethodOf reports whether common calls a method of v.
func isMethodOf(common *ssa.CallCommon, v ssa.Value) bool {
	return common.Signature().Recv() != nil && common.Args[0] == v
}

// keepsParam reports whether callee, called with v, may keep it: unless it
// only calls methods of it and reads it.
func keepsParam(callee *ssa.Function, common *ssa.CallCommon, v ssa.Value, c *checker) bool {
	for i, arg := range common.Args {
		if arg != v || i >= len(callee.Params) {
			continue
		}
		if c.pools.putters[callee][i].pool != nil {
			return true
		}
		n := aliases(callee.Params[i])
		if len(n.closure) > 0 {
			return true
		}
		for _, alias := range n.order {
			for _, ref := range refs(alias) {
				switch ref := ref.(type) {
				case *ssa.Return, *ssa.Send, *ssa.MapUpdate, *ssa.Go:
					return true
				case *ssa.Store:
					if ref.Val == alias && !isLocal(ref.Addr) {
						return true
					}
				case ssa.CallInstruction:
					f := ref.Common().StaticCallee()
					if f == nil && !ref.Common().IsInvoke() || f != nil && !standard(f) && !isMethodOf(ref.Common(), alias) {
						return true // one call deep is enough
					}
				}
			}
		}
	}
	return false
}

// standard reports whether fn belongs to the standard library, whose
// functions do not put things into other people's pools.
func standard(fn *ssa.Function) bool {
	pkg := fn.Pkg
	if pkg == nil {
		return false
	}
	for i, r := range pkg.Pkg.Path() {
		if r == '.' {
			return false // a domain name
		}
		if r == '/' && i > 0 {
			break
		}
	}
	return true
}

// droppedFrom returns a return of the function that control may reach from
// instruction from of start without passing one of puts or start again, or
// nil. The one that succeeds is preferred.
func droppedFrom(start *ssa.BasicBlock, from int, n *names, puts map[ssa.Instruction]bool) *ssa.Return {
	var found *ssa.Return
	seen := make(map[*ssa.BasicBlock]bool)
	var walk func(block *ssa.BasicBlock, from int)
	walk = func(block *ssa.BasicBlock, from int) {
		for _, instr := range block.Instrs[from:] {
			if puts[instr] {
				return
			}
			if ret, ok := instr.(*ssa.Return); ok && (found == nil || failing(found) && !failing(ret)) {
				found = ret
			}
		}
		for i, next := range block.Succs {
			if !seen[next] && next != start && !excluded(block, i, n) {
				seen[next] = true
				walk(next, 0)
			}
		}
	}
	walk(start, from)
	return found
}

func indexOf(instr ssa.Instruction) int {
	for i, other := range instr.Block().Instrs {
		if other == instr {
			return i
		}
	}
	return -1
}

// excluded reports whether control takes the i-th way out of block only
// when there is no pooled value, because it is nil or an assertion failed,
// or by its size, so that a value that grew too large is dropped.
func excluded(block *ssa.BasicBlock, i int, n *names) bool {
	branch, ok := block.Instrs[len(block.Instrs)-1].(*ssa.If)
	if !ok {
		return false
	}
	switch cond := branch.Cond.(type) {
	case *ssa.BinOp:
		if ordered(cond.Op) && (isLength(cond.X) || isLength(cond.Y)) {
			return true
		}
		isNil := n.has[cond.X] && isNilConst(cond.Y) || n.has[cond.Y] && isNilConst(cond.X)
		return isNil && (cond.Op == token.EQL && i == 0 || cond.Op == token.NEQ && i == 1)
	case *ssa.Extract:
		assert, ok := cond.Tuple.(*ssa.TypeAssert)
		return ok && cond.Index == 1 && n.has[assert.X] && i == 1
	}
	return false
}

// isLength reports whether v is a capacity or a length.
func isLength(v ssa.Value) bool {
	call, ok := v.(*ssa.Call)
	return isSize(v) || ok && isBuiltin(call.Common(), "len")
}

func isNilConst(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.IsNil()
}

func failing(ret *ssa.Return) bool {
	if len(ret.Results) == 0 {
		return false
	}
	last := callsite.Returned(ret, len(ret.Results)-1)
	return types.IsInterface(last.Type()) && typeid.IsError(last.Type()) && !isNilConst(last)
}

// usedAfter reports a use of the value of put after it was put back.
func (c *checker) usedAfter(fn *ssa.Function, put *use) {
	if put.maybe {
		return // the caller is told, or knows, whether it still has the value
	}
	n := strictAliases(canonical(put.value))
	n.findMemory()
	if d, ok := put.call.(*ssa.Defer); ok {
		c.returned(d, put, n)
		return
	}
	if _, ok := put.call.(*ssa.Call); !ok {
		return // go pool.Put(x)
	}
	bad := firstUse(put, n)
	if bad == nil {
		return
	}
	if call, ok := bad.(ssa.CallInstruction); ok && c.isPut(fn, call) {
		c.add(call, false, "sync.Pool %q: %s is put back a second time (first in line %d): two goroutines will share it",
			put.pool.name, argument(put), c.pass.Fset.Position(put.call.Pos()).Line)
		return
	}
	c.add(put.call, false, "sync.Pool %q: %s is put back here and still used in line %d, when another goroutine may have it",
		put.pool.name, argument(put), c.pass.Fset.Position(callsite.Position(bad)).Line)
}

func (c *checker) isPut(fn *ssa.Function, call ssa.CallInstruction) bool {
	for _, put := range c.pools.puts[fn] {
		if put.call == call {
			return true
		}
	}
	return false
}

// returned reports a function that returns memory of the value that its
// deferred call d puts back.
func (c *checker) returned(d *ssa.Defer, put *use, n *names) {
	for _, block := range d.Parent().Blocks {
		ret, ok := block.Instrs[len(block.Instrs)-1].(*ssa.Return)
		if !ok || block != d.Block() && !callsite.Reachable(d.Block(), nil)[block] {
			continue
		}
		for i := range ret.Results {
			v := callsite.Returned(ret, i)
			if n.memory[v] || n.has[v] {
				c.add(d, false, "sync.Pool %q: the function returns memory of %s, which this deferred Put gives away (line %d)",
					put.pool.name, argument(put), c.pass.Fset.Position(callsite.Position(ret)).Line)
				return
			}
		}
	}
}
