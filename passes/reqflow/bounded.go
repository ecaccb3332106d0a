package reqflow

import (
	"go/constant"
	"go/types"
	"strings"
)

// Carries reports whether values of type t can carry what a client sends.
// Contexts and response writers do not, although they live per request:
// what is read from them is a source of its own.
func Carries(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&types.IsBoolean == 0
	case *types.Signature:
		return false
	}
	switch typeName(t) {
	case "context.Context", "net/http.ResponseWriter", "testing.T", "testing.B", "reflect.Type", "log/slog.Logger":
		return false
	}
	return true
}

// Finite reports whether t has few values: bool, one- and two-byte
// integers, reflect.Type, named types with a block of constants, and
// arrays and structs of those.
func Finite(t types.Type) bool {
	switch typeName(t) {
	case "reflect.Type", "internal/abi.Type", "internal/abi.FuncType", "reflect.rtype", "reflect.funcType":
		return true // as many as the program has types
	}
	if named, ok := types.Unalias(t).(*types.Named); ok && enum(named) {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		switch u.Kind() {
		case types.Bool, types.Int8, types.Uint8, types.Int16, types.Uint16:
			return true
		}
	case *types.Array:
		return u.Len() <= 2 && Finite(u.Elem())
	case *types.Struct:
		for field := range u.Fields() {
			if !Finite(field.Type()) {
				return false
			}
		}
		return true
	}
	return false
}

// enum reports whether the package of a basic type declares at least two
// constants of it.
func enum(named *types.Named) bool {
	if _, ok := named.Underlying().(*types.Basic); !ok || named.Obj().Pkg() == nil {
		return false
	}
	if typeName(named) == "time.Duration" {
		return false // its constants are units
	}
	scope, n := named.Obj().Pkg().Scope(), 0
	for _, name := range scope.Names() {
		c, ok := scope.Lookup(name).(*types.Const)
		if ok && types.Identical(c.Type(), named) && c.Val().Kind() != constant.Unknown {
			n++
		}
	}
	return n >= 2
}

// typeName returns the qualified name of t or of what it points to.
func typeName(t types.Type) string {
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return ""
	}
	return named.Obj().Pkg().Path() + "." + named.Obj().Name()
}

// boundedField reports whether a field of a request or response has few
// values, whatever the other side sends.
func boundedField(f *types.Var) bool {
	if f.Pkg() == nil {
		return false
	}
	switch f.Pkg().Path() + "." + f.Name() {
	case "net/http.Pattern", "net/http.StatusCode", "net/http.ProtoMajor", "net/http.ProtoMinor", "net/http.TLS",
		"google.golang.org/grpc.FullMethod":
		return true
	}
	return false
}

// stops reports whether the results of a function of a dependency have few
// values, whatever its arguments: templates of routes, codes, sizes.
func stops(fn *types.Func) bool {
	if fn.Pkg() == nil {
		return false
	}
	switch fn.Name() {
	case "GetPathTemplate", "RoutePattern", "FullPath", "StatusCode", "Status", "StatusText":
		return true
	case "Path": // echo.Context.Path is the route's; net/url's is a field
		return strings.Contains(fn.Pkg().Path(), "/echo")
	case "Code":
		return fn.Pkg().Path() == "google.golang.org/grpc/status"
	}
	return false
}

// keyOnly reports whether the arguments of a method after the receiver only
// select what it returns.
func keyOnly(fn *types.Func) bool {
	if fn == nil {
		return false
	}
	switch fn.FullName() {
	case "(*sync.Map).Load", "(*sync.Map).LoadAndDelete", "(*sync.Map).Delete",
		"(*sync.Map).CompareAndDelete", "(context.Context).Value":
		return true
	}
	return false
}

// fills reports whether a method puts its arguments into its receiver.
func fills(fn *types.Func) bool {
	if fn == nil {
		return false
	}
	switch fn.FullName() {
	case "(*sync.Map).Store", "(*sync.Map).LoadOrStore", "(*sync.Map).Swap", "(*sync.Map).CompareAndSwap",
		"(*sync/atomic.Value).Store", "(*sync/atomic.Value).Swap",
		"(*container/list.List).PushBack", "(*container/list.List).PushFront":
		return true
	}
	return false
}

// fresh reports whether fn returns what a client sent although no argument
// carries it.
func fresh(fn *types.Func) bool {
	switch fn.FullName() {
	case "google.golang.org/grpc/metadata.FromIncomingContext", "google.golang.org/grpc/peer.FromContext":
		return true
	}
	return false
}

// receives reports whether a method of a dependency, called in a receive
// loop, returns or fills in a message.
func receives(fn *types.Func) bool {
	if fn.Signature().Recv() == nil {
		return false
	}
	for _, verb := range [...]string{"Read", "Recv", "Receive", "Accept", "Poll", "Next", "Fetch"} {
		if strings.HasPrefix(fn.Name(), verb) {
			return true
		}
	}
	return false
}

// isResponse reports whether t is the type of an answer to a call out.
func isResponse(t types.Type) bool {
	ptr, ok := types.Unalias(t).(*types.Pointer)
	return ok && typeName(ptr) == "net/http.Response"
}
