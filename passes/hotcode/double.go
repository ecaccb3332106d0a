package hotcode

import (
	"go/types"
	"slices"
)

// doubles are the words that tell code which stands in for a server in
// tests from the server itself.
var doubles = []string{"test", "tests", "testing", "testutil", "mock", "mocks", "stub", "stubs", "fake", "fakes"}

// coolDoubles makes test doubles cold: a test server has handlers like a
// real one, and nobody loads it. Only the names of packages and types count,
// for a handler may well be called test, and whether a function takes a
// *testing.T.
func (f *finder) coolDoubles() {
	for _, n := range f.nodes {
		outer := outermost(n)
		why := ""
		switch r := f.roots[n]; {
		case r != nil && r.label == "//heapvet:hot":
			continue
		case isDouble(outer):
			why = "a test double, by its name"
		case forTests(outer):
			why = "for tests"
		default:
			continue
		}
		f.cold[n] = why
		delete(f.roots, n)
	}
}

// forTests reports whether a test has to call n.
func forTests(n *node) bool {
	for v := range n.fn.Signature.Params().Variables() {
		named := namedOf(v.Type())
		if named == nil || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != "testing" {
			continue
		}
		if types.IsInterface(named) || v.Type() != types.Type(named) {
			return true // testing.TB, *testing.T, *testing.B
		}
	}
	return false
}

func isDouble(n *node) bool {
	var names []string
	if recv := n.fn.Signature.Recv(); recv != nil {
		if named := namedOf(recv.Type()); named != nil {
			names = splitName(named.Obj().Name())
		}
	}
	if n.fn.Pkg != nil {
		names = append(names, n.fn.Pkg.Pkg.Name())
	}
	return slices.ContainsFunc(names, func(name string) bool { return slices.Contains(doubles, name) })
}
