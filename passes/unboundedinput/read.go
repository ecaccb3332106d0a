package unboundedinput

import (
	"fmt"
	"go/ast"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
)

// read judges a call that keeps all that it reads.
func (c *checker) read(s sink) {
	expr := callsite.Expr(s.call)
	if expr == nil || !c.asks(expr) {
		return
	}
	src := c.source(s)
	if src.origin == unknown || src.bounded || src.origin != request && drained(s.call) {
		return
	}
	if src.origin == upstream && c.heat.At(expr).Failure {
		return // the text of an error, from whom the program chose to ask
	}
	advice := src.origin != request || src.assumed || c.assumed(expr) || c.switchedOff(s) || strings.HasPrefix(s.name, "(*bufio.Reader)") ||
		s.name == "(*net/http.Request).ParseMultipartForm"
	msg := fmt.Sprintf("%s reads %s without a limit: whatever is sent is kept in memory; wrap it in http.MaxBytesReader or io.LimitReader",
		shortName(s.name), src.what)
	if format := unpacks[s.name]; format != "" {
		msg = fmt.Sprintf("%s allocates what the header of the %s data says: a small input may ask for gigabytes; "+
			"compare the decoded length with a maximum first", shortName(s.name), format)
	} else if src.packed != "" {
		of := ""
		if src.what != "" {
			of = " of " + src.what
		}
		msg = fmt.Sprintf("%s unpacks %s data%s without a limit: a small input may become gigabytes; limit the unpacked data with io.LimitReader",
			shortName(s.name), src.packed, of)
	}
	c.report(expr, advice, msg, c.fix(s, expr, src))
}

// drained reports whether nothing is done with what call returns: answers
// are read to their end so that the connection can be used again.
func drained(call ssa.CallInstruction) bool {
	if call.Value() == nil {
		return true
	}
	for _, ref := range refs(call.Value()) {
		if x, ok := ref.(*ssa.Extract); !ok || x.Index == 0 && len(refs(x)) > 0 {
			return false
		}
	}
	return strings.HasSuffix(callsite.Name(call.Common()), ".ReadAll")
}

// switchedOff reports whether the function reads the same with a limit
// elsewhere: then somebody chose to have none here.
func (c *checker) switchedOff(s sink) bool {
	for _, block := range s.call.Parent().Blocks {
		for _, instr := range block.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			name := callsite.Name(call.Common())
			i, limits := limits[name]
			if name == "io.CopyN" {
				i, limits = 1, true
			}
			if limits && same(unconverted(call.Common().Args[i]), unconverted(s.reader), 0) {
				return true
			}
		}
	}
	return false
}

// unconverted returns what v is converted from, if between interfaces.
func unconverted(v ssa.Value) ssa.Value {
	for {
		conv, ok := v.(*ssa.ChangeInterface)
		if !ok {
			return v
		}
		v = conv.X
	}
}

// source tells about what s reads.
func (c *checker) source(s sink) stream {
	if format := unpacks[s.name]; format != "" {
		return c.unpacked(s, format)
	}
	if isRequest(s.reader.Type()) {
		return c.tracer.body(s.reader, s.call, nil, 0)
	}
	return c.tracer.reader(s.reader, s.call, nil, 0)
}

// replaced judges an assignment to the Body of a request.
func (c *checker) replaced(store *ssa.Store) {
	node := c.assignment(store)
	if node == nil || !c.asks(node) {
		return
	}
	s := c.tracer.reader(store.Val, store, nil, 0)
	if s.packed == "" || s.bounded || s.origin != request {
		return
	}
	c.report(node, s.assumed || c.assumed(node), fmt.Sprintf(
		"the request's Body is replaced by a reader that unpacks %s without a limit: a small input may become gigabytes; wrap it in http.MaxBytesReader",
		s.packed), nil)
}

// assignment returns the syntax of a store.
func (c *checker) assignment(store *ssa.Store) ast.Node {
	syntax := store.Parent().Syntax()
	if syntax == nil {
		return nil
	}
	var found ast.Node
	ast.Inspect(syntax, func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok && a.Pos() <= store.Pos() && store.Pos() < a.End() {
			found = a
		}
		return true
	})
	return found
}
