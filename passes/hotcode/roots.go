package hotcode

import (
	_ "embed"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

//go:embed roots.tsv
var rootsTable string

// A rule is one row of roots.tsv: what a declaration of the standard
// library or of a well-known module says about heat.
type rule struct {
	grade   Grade
	args    []int    // call, sync: the parameters that are called; nil for all
	methods []string // type: the interface methods that are called
	label   string   // "net/http handler"
}

// rules is roots.tsv, by kind and key.
//
// The kinds are
//
//	type     functions of this signature, or methods of types that implement
//	         this interface, are roots
//	call     functions handed to this call are roots
//	sync     functions handed to this call run once per message, while it runs
//	reflect  may call all exported methods of what it is handed
//	field    functions stored in this struct field are roots
//	receive  the loop around this call handles a message at each turn
//	message  the loop that receives values of this type from a channel, too
//	sink     code that calls this is set-up
//	failure  reports a failure, to the client or to the log
//	guard    what this call's result guards is skipped at most log levels
type rules map[string]map[string]rule

// parseRules reads the table: kind, grade, package, symbol, arguments or
// methods, and label, separated by tabs.
func parseRules(table string) rules {
	all := make(rules)
	for line := range strings.Lines(table) {
		cols := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(cols) != 6 || strings.HasPrefix(line, "#") {
			continue // the header
		}
		r := rule{label: cols[5]}
		switch cols[1] {
		case "hot":
			r.grade = Hot
		case "warm":
			r.grade = Warm
		}
		for arg := range strings.FieldsSeq(cols[4]) {
			if n, err := strconv.Atoi(arg); err == nil {
				r.args = append(r.args, n)
			} else if arg != "-" && arg != "*" {
				r.methods = append(r.methods, arg)
			}
		}
		if all[cols[0]] == nil {
			all[cols[0]] = make(map[string]rule)
		}
		all[cols[0]][cols[2]+"."+cols[3]] = r
	}
	return all
}

// call returns the rule of the given kind about fn, a function, a method or
// a method of an interface.
func (r rules) call(kind string, fn *types.Func) (rule, bool) {
	if fn == nil || fn.Pkg() == nil {
		return rule{}, false
	}
	key := modulePath(fn.Pkg().Path()) + "."
	recv := fn.Signature().Recv()
	if recv == nil {
		row, ok := r[kind][key+fn.Name()]
		return row, ok
	}
	named := namedOf(recv.Type())
	if named == nil {
		return rule{}, false
	}
	key += named.Obj().Name() + "."
	if row, ok := r[kind][key+fn.Name()]; ok {
		return row, true
	}
	row, ok := r[kind][key+"*"]
	return row, ok
}

// field returns the rule about a field of a struct type.
func (r rules) field(t types.Type, field string) (rule, bool) {
	row, ok := r["field"][typeKey(t)+"."+field]
	return row, ok
}

// message returns the rule about channels of t.
func (r rules) message(t types.Type) (rule, bool) {
	row, ok := r["message"][typeKey(t)]
	return row, ok
}

// typeKey names a type, or the type that it points to, as the table does.
func typeKey(t types.Type) string {
	named := namedOf(t)
	if named == nil || named.Obj().Pkg() == nil {
		return ""
	}
	return modulePath(named.Obj().Pkg().Path()) + "." + named.Obj().Name()
}

// modulePath drops the major version elements from an import path, so that
// chi and chi/v5, or sdk/v2/client and sdk/client, are the same.
func modulePath(path string) string {
	if !strings.Contains(path, "/v") {
		return path
	}
	var kept []string
	for elem := range strings.SplitSeq(path, "/") {
		if digits, ok := strings.CutPrefix(elem, "v"); ok && digits != "" && strings.Trim(digits, "0123456789") == "" {
			continue // a major version
		}
		kept = append(kept, elem)
	}
	return strings.Join(kept, "/")
}

// namedOf returns the origin of the named type that t is or points to.
func namedOf(t types.Type) *types.Named {
	t = types.Unalias(t)
	if ptr, ok := t.(*types.Pointer); ok {
		t = types.Unalias(ptr.Elem())
	}
	if named, ok := t.(*types.Named); ok {
		return named.Origin()
	}
	return nil
}

// A shape is a type of the table, found among the program's imports.
type shape struct {
	rule
	typ   types.Type
	sig   *types.Signature // a handler function type
	iface *types.Interface // or a handler interface
	own   []string         // the methods of iface that make roots
}

// shapes finds the handler types of the table in pkgs.
func (r rules) shapes(pkgs []*types.Package) []shape {
	wanted := make(map[string][]string) // package -> type names
	for key := range r["type"] {
		dot := strings.LastIndexByte(key, '.')
		wanted[key[:dot]] = append(wanted[key[:dot]], key[dot+1:])
	}
	for _, names := range wanted {
		slices.Sort(names)
	}
	var found []shape
	for _, pkg := range pkgs {
		path := modulePath(pkg.Path())
		for _, name := range wanted[path] {
			obj, ok := pkg.Scope().Lookup(name).(*types.TypeName)
			if !ok {
				continue // another version of the module
			}
			if named, ok := obj.Type().(*types.Named); ok && named.TypeParams().Len() > 0 {
				continue // its instances are registered
			}
			s := shape{rule: r["type"][path+"."+name], typ: obj.Type()}
			switch u := obj.Type().Underlying().(type) {
			case *types.Signature:
				s.sig = u
			case *types.Interface:
				s.iface, s.own = u, s.methods
			}
			found = append(found, s)
		}
	}
	return found
}

// imports returns the packages that units import, directly or not, each
// once, in depth-first order of the import lists.
func imports(pkgs []*types.Package) []*types.Package {
	var all []*types.Package
	seen := make(map[*types.Package]bool)
	var visit func(pkg *types.Package)
	visit = func(pkg *types.Package) {
		if seen[pkg] {
			return
		}
		seen[pkg] = true
		for _, imp := range pkg.Imports() {
			visit(imp)
		}
		all = append(all, pkg)
	}
	for _, pkg := range pkgs {
		visit(pkg)
	}
	return all
}

// callee returns the declaration that a call names: a function, a method,
// or the interface method of a dynamic call; nil for calls of values.
func callee(call *ssa.CallCommon) *types.Func {
	if call.IsInvoke() {
		return call.Method.Origin()
	}
	if fn := call.StaticCallee(); fn != nil {
		if obj, ok := fn.Object().(*types.Func); ok {
			return obj.Origin()
		}
	}
	return nil
}
