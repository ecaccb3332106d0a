package hotcode

import "slices"

// doubles are the words that tell code which stands in for a server in
// tests from the server itself.
var doubles = []string{"test", "tests", "testing", "testutil", "mock", "mocks", "stub", "stubs", "fake", "fakes"}

// coolDoubles makes test doubles cold: a test server has handlers like a
// real one, and nobody loads it. Only the names of packages and types count:
// a handler may well be called test.
func (f *finder) coolDoubles() {
	for _, n := range f.nodes {
		if r := f.roots[n]; r != nil && r.label == "//heapvet:hot" || !isDouble(outermost(n)) {
			continue
		}
		f.cold[n] = "a test double, by its name"
		delete(f.roots, n)
	}
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
