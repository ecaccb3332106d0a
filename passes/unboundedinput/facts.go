package unboundedinput

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/program"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// A summary is what importing packages need to know about a function.
// Parameters are counted with the receiver first.
type summary struct {
	Limits    []int // parameters, requests, whose Body it limits
	Bounds    []int // results, readers, that end after a number of bytes
	Validates []int // parameters, numbers, that it compares with a maximum
	Reads     []int // parameters, readers or requests, that it reads into memory without a limit
}

func (*summary) AFact() {}

func (s *summary) String() string {
	var parts []string
	for _, p := range []struct {
		name string
		list []int
	}{{"limits", s.Limits}, {"bounds", s.Bounds}, {"validates", s.Validates}, {"reads", s.Reads}} {
		if len(p.list) > 0 {
			parts = append(parts, fmt.Sprint(p.name, p.list))
		}
	}
	return strings.Join(parts, " ")
}

func (s *summary) limits(i int) bool    { return slices.Contains(s.Limits, i) }
func (s *summary) bounds(i int) bool    { return slices.Contains(s.Bounds, i) }
func (s *summary) validates(i int) bool { return slices.Contains(s.Validates, i) }

// A limitsBodies fact says that a package, or one that it imports, has a
// wrapper for handlers that limits the bodies of all requests.
type limitsBodies struct{}

func (*limitsBodies) AFact()         {}
func (*limitsBodies) String() string { return "limits bodies" }

// limitsBodies reports whether a wrapper limits the bodies of the requests
// that this package may see, and exports that.
func (c *checker) limitsBodies() bool {
	found := c.tracer.limiter
	for _, imp := range c.pass.Pkg.Imports() {
		found = found || c.pass.ImportPackageFact(imp, new(limitsBodies))
	}
	for _, fn := range c.tracer.setters {
		c.tracer.steps = maxSteps
		found = found || c.tracer.wraps(fn)
	}
	if found {
		c.pass.ExportPackageFact(new(limitsBodies))
	}
	return found
}

// export tells importing packages about the package's functions.
func (c *checker) export() {
	for _, fn := range c.ssa.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || !named(obj) || !relevant(fn.Signature) {
			continue // nobody else can call it, or it takes and returns nothing of interest
		}
		if s := c.summarize(fn); s.String() != "" {
			c.pass.ExportObjectFact(obj, s)
		}
	}
}

// named reports whether other packages can name fn.
func named(fn *types.Func) bool {
	if recv := fn.Signature().Recv(); recv != nil {
		t, ok := types.Unalias(typeid.Deref(recv.Type())).(*types.Named)
		return ok && fn.Exported() && t.Obj().Exported()
	}
	return fn.Exported()
}

// relevant reports whether a function of this signature handles readers,
// requests or numbers.
func relevant(sig *types.Signature) bool {
	for _, tuple := range [...]*types.Tuple{sig.Params(), sig.Results()} {
		for v := range tuple.Variables() {
			if isReader(v.Type()) || isRequest(v.Type()) || tuple == sig.Params() && !small(v.Type()) {
				return true
			}
		}
	}
	return false
}

// summarize finds what fn does with its parameters.
func (c *checker) summarize(fn *ssa.Function) *summary {
	var s summary
	for i, p := range fn.Params {
		switch {
		case isRequest(p.Type()) && !handles(fn.Signature) && c.tracer.limitsParam(fn):
			s.Limits = append(s.Limits, i)
		case !small(p.Type()) && tells(fn.Signature) && validates(fn, i):
			s.Validates = append(s.Validates, i)
		}
	}
	open := *c.tracer
	open.open, open.steps = true, maxSteps
	for i := range fn.Signature.Results().Len() {
		if isReader(fn.Signature.Results().At(i).Type()) && open.returnsBounded(fn, i) {
			s.Bounds = append(s.Bounds, i)
		}
	}
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			sink, ok := sinkOf(call)
			if !ok || unpacks[sink.name] != "" {
				continue
			}
			for _, i := range open.reads(sink) {
				if !slices.Contains(s.Reads, i) {
					s.Reads = append(s.Reads, i)
				}
			}
		}
	}
	slices.Sort(s.Reads)
	return &s
}

// reads returns the parameters that sink reads whole.
func (t *tracer) reads(s sink) []int {
	var src stream
	if isRequest(s.reader.Type()) {
		src = t.body(s.reader, s.call, nil, 0)
	} else {
		src = t.reader(s.reader, s.call, nil, 0)
	}
	if src.bounded {
		return nil
	}
	return src.params
}

// returnsBounded reports whether each reader that fn returns as result i
// ends.
func (t *tracer) returnsBounded(fn *ssa.Function, i int) bool {
	any := false
	for _, block := range fn.Blocks {
		ret, ok := block.Instrs[len(block.Instrs)-1].(*ssa.Return)
		if !ok || isNil(ret.Results[i]) {
			continue
		}
		if !t.reader(ret.Results[i], ret, nil, 0).bounded {
			return false
		}
		any = true
	}
	return any
}

// readByCallee judges a call of a function of another package that reads an
// argument without a limit.
func (c *checker) readByCallee(call ssa.CallInstruction) {
	fn := callsite.Func(call.Common())
	if fn == nil || fn.Pkg() == c.pass.Pkg || len(c.tracer.prog.Callees(call)) > 0 {
		return // its body is looked at
	}
	known := c.known(fn)
	if known == nil {
		return
	}
	expr := callsite.Expr(call)
	if expr == nil || !c.asks(expr) {
		return
	}
	args := program.Args(call)
	for _, i := range known.Reads {
		if i >= len(args) {
			continue
		}
		var src stream
		if isRequest(args[i].Type()) {
			src = c.tracer.body(args[i], call, nil, 0)
		} else {
			src = c.tracer.reader(args[i], call, nil, 0)
		}
		if src.origin == unknown || src.bounded {
			continue
		}
		c.report(expr, src.origin != request || src.assumed || c.assumed(expr), fmt.Sprintf(
			"%s reads %s without a limit: whatever is sent is kept in memory; wrap it in http.MaxBytesReader or io.LimitReader",
			shortName(fn.FullName()), src.what), nil)
		return
	}
}
