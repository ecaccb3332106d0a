package resourceleak

import (
	"fmt"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// A handles fact says what a function does with resources.
type handles struct {
	Params  []handledParam  // what it is handed, receiver first, without those that stay with the caller
	Results []handledResult // what its caller has to release
}

// A handledParam says who has what the function got as a parameter.
type handledParam struct {
	Param            int
	Success, Failure uint8 // owners
	Result           int   // the result that has it, if one does
}

// A handledResult is a result that the caller has to release.
type handledResult struct {
	Result int
	Kind   string // as in resources.tsv
	Whole  bool   // the resource itself, not an object that holds it
}

func (*handles) AFact() {}

func (f *handles) String() string {
	var parts []string
	for _, p := range f.Params {
		text := fmt.Sprintf("takes %d", p.Param)
		switch {
		case p.Success == uint8(inValue) && p.Failure == uint8(caller):
			text = fmt.Sprintf("wraps %d in %d unless it fails", p.Param, p.Result)
		case p.Success == uint8(inValue):
			text = fmt.Sprintf("wraps %d in %d", p.Param, p.Result)
		case p.Success == uint8(caller):
			text += " if it fails"
		case p.Failure == uint8(caller):
			text += " unless it fails"
		}
		parts = append(parts, text)
	}
	for _, r := range f.Results {
		parts = append(parts, fmt.Sprintf("returns %s %d", r.Kind, r.Result))
	}
	return strings.Join(parts, ", ")
}

// An analysed fact says that the functions of a package without another
// fact leave resources alone.
type analysed struct{}

func (*analysed) AFact()         {}
func (*analysed) String() string { return "analysed" }

// importer returns what is known about a function of another package.
func (c *checker) importer() func(*types.Func) (*handles, bool) {
	return func(fn *types.Func) (*handles, bool) {
		if fn.Pkg() == nil || fn.Pkg() == c.pass.Pkg || isInterfaceMethod(fn) {
			return nil, false
		}
		if f := new(handles); c.pass.ImportObjectFact(fn, f) {
			return f, true
		}
		return nil, c.pass.ImportPackageFact(fn.Pkg(), new(analysed))
	}
}

func isInterfaceMethod(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	return recv != nil && types.IsInterface(recv.Type())
}

// export tells importing packages about the package's functions.
func (c *checker) export() {
	c.pass.ExportPackageFact(new(analysed))
	for _, fn := range c.ssa.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || !named(obj) {
			continue // nobody else can call it
		}
		if f := c.engine.summarize(fn); f.String() != "" {
			c.pass.ExportObjectFact(obj, f)
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

// summarize finds what fn does with resources.
func (e *engine) summarize(fn *ssa.Function) *handles {
	f := new(handles)
	for i, p := range fn.Params {
		if !e.releasable(p.Type()) {
			continue // nothing that has to be released
		}
		if got := e.param(fn, i); got.success != caller || got.failure != caller {
			f.Params = append(f.Params, handledParam{i, uint8(got.success), uint8(got.failure), got.result})
		}
	}
	for _, r := range e.results(fn) {
		f.Results = append(f.Results, handledResult{r.result, r.kind.ID, r.whole})
	}
	return f
}

// releasable reports whether what callers pass as a t may be a resource, or
// an object that holds one.
func (e *engine) releasable(t types.Type) bool {
	switch u := types.Unalias(typeid.Deref(t)).Underlying().(type) {
	case *types.Interface:
		return u.NumMethods() > 0 && !typeid.IsError(t) && !typeid.IsNamed(t, "context", "Context")
	case *types.Signature:
		return u.Params().Len() == 0 // a function that releases
	case *types.Struct:
		return e.table.ofType(t) != nil || releaseMethod(t) != nil
	}
	return false
}
