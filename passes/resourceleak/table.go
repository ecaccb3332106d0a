package resourceleak

import (
	_ "embed"
	"fmt"
	"go/types"
	"strconv"
	"strings"

	"github.com/heapvet/heapvet/passes/internal/modpath"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

//go:embed resources.tsv
var source string

// A kind is a kind of thing that must be released.
type kind struct {
	ID    string
	Verb  string // what is to be done with it: "closed"
	Way   string // what follows its name in the source to do that: ".Close()"
	Cost  string // what one that is not released does: "holds a connection"
	flags string // see resources.tsv
}

// is reports whether the row has flag.
func (k *kind) is(flag string) bool {
	for f := range strings.SplitSeq(k.flags, ",") {
		if f == flag {
			return true
		}
	}
	return false
}

// A handout is what a function hands out.
type handout struct {
	kind   *kind
	result int // index of the result; -1 stands for the receiver
}

// What becomes of things that are handed to a function outside the program.
type fate uint8

const (
	untouched fate = iota // the caller still has to release them
	gone                  // they are somebody else's, or released
	wrapped               // the result releases them
	viewed                // the result refers to them, but does not release them
)

// A table is what is known about functions outside the program.
type table struct {
	kinds map[string]*kind
	types map[string]*kind     // by "package.type"
	funcs map[string][]handout // by "package.symbol"; none for functions that hand out nothing
	fates map[string]fate      // by "package.symbol"
}

// load reads the table that is built in.
func load() (*table, error) { return parse(source) }

func parse(source string) (*table, error) {
	t := &table{
		kinds: make(map[string]*kind),
		types: make(map[string]*kind),
		funcs: make(map[string][]handout),
		fates: make(map[string]fate),
	}
	number := 0
	for line := range strings.Lines(source) {
		number++
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := t.add(strings.Split(line, "\t")); err != nil {
			return nil, fmt.Errorf("reading resources.tsv, line %d: %w", number, err)
		}
	}
	return t, nil
}

// columns says how many columns the rows of each sort have.
var columns = map[string]int{"kind": 6, "type": 4, "func": 5, "none": 3, "sink": 3, "wrap": 3, "copy": 3}

func (t *table) add(cols []string) error {
	if want := columns[cols[0]]; len(cols) != want {
		return fmt.Errorf("%d columns of %q, want %d", len(cols), cols[0], want)
	}
	if cols[0] == "kind" {
		t.kinds[cols[1]] = &kind{ID: cols[1], Verb: cols[2], Way: cols[3], flags: cols[4], Cost: cols[5]}
		return nil
	}
	name := cols[1] + "." + cols[2]
	switch cols[0] {
	case "type", "func":
		kind := t.kinds[cols[3]]
		if kind == nil {
			return fmt.Errorf("unknown kind %q", cols[3])
		}
		if cols[0] == "type" {
			t.types[name] = kind
			return nil
		}
		result, err := strconv.Atoi(cols[4])
		if err != nil {
			return err
		}
		t.funcs[name] = append(t.funcs[name], handout{kind, result})
	case "none":
		t.funcs[name] = []handout{}
	case "sink":
		t.fates[name] = gone
	case "wrap":
		t.fates[name] = wrapped
	case "copy":
		t.fates[name] = untouched
	}
	return nil
}

// symbol returns the key of obj, "package.Func", "package.Type" or
// "package.Type.Method", or "" if it has none.
func symbol(obj types.Object) string {
	if obj == nil || obj.Pkg() == nil {
		return ""
	}
	name := obj.Name()
	if fn, ok := obj.(*types.Func); ok && fn.Signature().Recv() != nil {
		named, ok := types.Unalias(typeid.Deref(fn.Signature().Recv().Type())).(*types.Named)
		if !ok {
			return ""
		}
		name = named.Obj().Name() + "." + name
	}
	return modpath.Versionless(obj.Pkg().Path()) + "." + name
}

// ofType returns the kind of resource that values of type t are, or nil.
func (t *table) ofType(typ types.Type) *kind {
	named, ok := types.Unalias(typeid.Deref(typ)).(*types.Named)
	if !ok {
		return nil
	}
	return t.types[symbol(named.Obj())]
}

// handouts returns what fn, which has no body in the program, hands out.
func (t *table) handouts(fn *types.Func) []handout {
	if rows, ok := t.funcs[symbol(fn)]; ok {
		return rows
	}
	sig := fn.Signature()
	return t.bySignature(sig, func(named *types.Named) bool { return named.Obj().Pkg() == fn.Pkg() })
}

// dynamic returns what a call of a function value or of a method of some
// interface hands out, by its signature.
func (t *table) dynamic(sig *types.Signature) []handout {
	return t.bySignature(sig, func(named *types.Named) bool { return standard(named.Obj().Pkg()) })
}

// bySignature returns the result of sig that is a resource, if the last one
// is an error.
func (t *table) bySignature(sig *types.Signature, accept func(*types.Named) bool) []handout {
	if !returnsError(sig) || sig.Results().Len() != 2 {
		return nil // a getter, or something with a meaning of its own
	}
	for i := range sig.Results().Len() {
		typ := sig.Results().At(i).Type()
		kind := t.ofType(typ)
		if kind == nil {
			continue
		}
		if named, ok := types.Unalias(typeid.Deref(typ)).(*types.Named); ok && accept(named) {
			return []handout{{kind, i}}
		}
	}
	return nil
}

// returnsError reports whether the last result of sig is an error.
func returnsError(sig *types.Signature) bool {
	n := sig.Results().Len()
	return n > 0 && isErrorType(sig.Results().At(n-1).Type())
}

func isErrorType(t types.Type) bool {
	return types.Identical(t, types.Universe.Lookup("error").Type())
}

// standard reports whether pkg belongs to the standard library.
func standard(pkg *types.Package) bool {
	if pkg == nil {
		return true
	}
	first, _, _ := strings.Cut(pkg.Path(), "/")
	return !strings.Contains(first, ".")
}
