package retention

import (
	"fmt"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/growth"
	"github.com/heapvet/heapvet/passes/internal/modpath"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// requestTypes are the types whose values belong to one request, by
// package, without major version, and name.
var requestTypes = map[string]string{
	"context.Context":                                   "a context",
	"net/http.Request":                                  "a request",
	"net/http.Response":                                 "a response",
	"net/http.ResponseWriter":                           "a response writer",
	"github.com/gin-gonic/gin.Context":                  "a request's context",
	"github.com/labstack/echo.Context":                  "a request's context",
	"github.com/gofiber/fiber.Ctx":                      "a request's context",
	"github.com/valyala/fasthttp.RequestCtx":            "a request's context",
	"github.com/cloudwego/hertz/pkg/app.RequestContext": "a request's context",
}

// requestType returns what messages call values of type t if they belong to
// one request, else "".
func requestType(t types.Type) string {
	named, ok := types.Unalias(typeid.Deref(t)).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return ""
	}
	return requestTypes[modpath.Versionless(named.Obj().Pkg().Path())+"."+named.Obj().Name()]
}

// slot judges a store of a value that belongs to a request.
func (c *checker) slot(store *ssa.Store) {
	what := requestType(store.Val.Type())
	if what == "" {
		if box, ok := store.Val.(*ssa.MakeInterface); ok {
			what = requestType(box.X.Type())
		}
	}
	if what == "" || !ofRequest(store.Val, make(map[ssa.Value]bool)) {
		return
	}
	var s site
	var where string
	switch addr := store.Addr.(type) {
	case *ssa.Global:
		s, where = c.site(store, growth.Long), "package variable"
	case *ssa.FieldAddr:
		if of := element(addr.X); of != nil {
			s, where = c.site(store, c.elementLife(of, addr)), "element of"
			break
		}
		s, where = c.site(store, c.model.LifetimeOf(addr.X, fieldOf(addr))), "field"
		if s.heat.Assumed || requestType(addr.X.Type()) != "" {
			return // a setter of a library, or one part of a request that refers to another
		}
	default:
		return
	}
	if c.cleared[variable(store.Addr)] {
		return // for the time of the request only
	}
	c.report(s, false, fmt.Sprintf("%s %q keeps %s after the request: with it all that hangs on it stays in memory; store what is needed of it",
		where, name(store.Addr), what))
}

// element returns the address of the field that holds the slice, array or
// map of which v is the address of an element, or nil.
func element(v ssa.Value) *ssa.FieldAddr {
	index, ok := v.(*ssa.IndexAddr)
	if !ok {
		return nil
	}
	switch x := index.X.(type) {
	case *ssa.FieldAddr:
		return x // an array
	case *ssa.UnOp:
		field, _ := x.X.(*ssa.FieldAddr)
		return field
	}
	return nil
}

// elementLife returns the lifetime of an element that is made to be shared
// or whose container is.
func (c *checker) elementLife(of, field *ssa.FieldAddr) growth.Lifetime {
	life := c.model.LifetimeOf(of.X, fieldOf(of))
	if life == growth.Unknown && hasMutex(field.X.Type().Underlying().(*types.Pointer).Elem()) {
		return growth.LikelyLong
	}
	return life
}

// hasMutex reports whether a struct has a mutex of its own.
func hasMutex(t types.Type) bool {
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range s.Fields() {
		if typeid.IsNamed(f.Type(), "sync", "Mutex") || typeid.IsNamed(f.Type(), "sync", "RWMutex") {
			return true
		}
	}
	return false
}

// ofRequest reports whether v, a value of a type in requestTypes, is handed
// to the function, or derived from one that is: a context that set-up code
// keeps for the life of the server is not.
func ofRequest(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return false
	}
	seen[v] = true
	switch v := v.(type) {
	case *ssa.Parameter:
		return requestType(v.Type()) != ""
	case *ssa.MakeInterface:
		return ofRequest(v.X, seen)
	case *ssa.ChangeInterface:
		return ofRequest(v.X, seen)
	case *ssa.TypeAssert:
		return ofRequest(v.X, seen)
	case *ssa.Extract:
		return ofRequest(v.Tuple, seen)
	case *ssa.Phi:
		for _, e := range v.Edges {
			if ofRequest(e, seen) {
				return true
			}
		}
	case *ssa.Call:
		// context.WithValue(ctx), r.Context(), r.WithContext(ctx)
		for _, op := range v.Operands(nil) {
			if *op != nil && requestType((*op).Type()) != "" && ofRequest(*op, seen) {
				return true
			}
		}
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return ofRequest(v.X, seen)
		}
	case *ssa.Alloc:
		for _, ref := range *v.Referrers() {
			if store, ok := ref.(*ssa.Store); ok && store.Addr == v && ofRequest(store.Val, seen) {
				return true
			}
		}
	case *ssa.FreeVar:
		return ofRequest(captured(v), seen)
	}
	return false
}

// captured returns the variable of the enclosing function that a literal
// captures as v.
func captured(v *ssa.FreeVar) ssa.Value {
	fn := v.Parent()
	for _, block := range fn.Parent().Blocks {
		for _, instr := range block.Instrs {
			closure, ok := instr.(*ssa.MakeClosure)
			if !ok || closure.Fn != fn {
				continue // makes another literal
			}
			for i, free := range fn.FreeVars {
				if free == v {
					return closure.Bindings[i]
				}
			}
		}
	}
	return nil
}
