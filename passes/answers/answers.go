// Package answers holds what only a view of a whole module tells, for
// drivers that see one package at a time.
//
// A heat file is how the answers get from the one to the others; its
// format is the concern of those who read and write it.
package answers

import (
	"maps"
	"slices"
)

// A Module is what is known about the packages of one module, or of a few
// that are developed together. A nil Module knows nothing.
type Module struct {
	Name     string   // what users call the source of the answers: "default.heat"
	Paths    []string // of the modules, sorted
	packages map[string]*Package
}

// A Package is what is known about one package.
type Package struct {
	Path     string
	Name     string          // of its package clause
	Funcs    map[string]Func // by name, as gc names functions: "(*Server).get", "handle.func1"
	Params   map[Param]Data  // what other packages pass
	Verdicts []Verdict
}

// A Param is a parameter of a function, by its name among Funcs.
type Param struct {
	Func  string
	Index int // the receiver, if there is one, is 0
}

// Data says where the values of a parameter come from.
type Data struct {
	Origins []string // "request", "assumed", "upstream", "few"
	Source  string   // where they enter: "r.URL.Path"; "" if not known
}

// A Func is the heat of one function or function literal.
type Func struct {
	Grade  string // "hot", "warm" or "cold"
	Root   string // what makes it a root: "net/http handler"; "" if it gets its heat from another
	Loops  []int  // of a root, the loops that are hot if the rest is not: 0 for the first in the source
	Caller Ref    // who it gets its heat from, unless it is a root
	Why    string // why it is cold
}

// A Ref names a function.
type Ref struct{ Package, Func string }

// A Verdict is what a check says about one line, in sight of the whole
// module. It stands while the declaration around the line stays as it is.
type Verdict struct {
	Check   string
	Decl    string // the declaration that the line is in, see [Text]
	Hash    string // of the declaration's text
	Line    int    // 0 for the line that the declaration begins in
	Column  int    // in bytes, from 1
	Message string // "" if there is nothing to report
	Advice  bool   // the finding is of tier advice
}

// Add returns the package of that path, which it adds if it is new.
func (m *Module) Add(path, name string) *Package {
	p := m.packages[path]
	if p == nil {
		p = &Package{Path: path, Funcs: make(map[string]Func), Params: make(map[Param]Data)}
		if m.packages == nil {
			m.packages = make(map[string]*Package)
		}
		m.packages[path] = p
	}
	if p.Name == "" {
		p.Name = name
	}
	return p
}

// Package returns what is known about a package, or nil.
func (m *Module) Package(path string) *Package {
	if m == nil {
		return nil
	}
	return m.packages[path]
}

// Packages returns all packages, by path.
func (m *Module) Packages() []*Package {
	var all []*Package
	for _, path := range slices.Sorted(maps.Keys(m.packages)) {
		all = append(all, m.packages[path])
	}
	return all
}

// Command reports whether one of the packages is a command.
func (m *Module) Command() bool {
	for _, p := range m.packages {
		if p.Name == "main" {
			return true
		}
	}
	return false
}

// HasRoot reports whether a function is a root of that kind.
func (m *Module) HasRoot(label string) bool {
	for _, p := range m.packages {
		for _, f := range p.Funcs {
			if f.Root == label {
				return true
			}
		}
	}
	return false
}

// Func returns what is known about a function; it reports false if nothing is.
func (m *Module) Func(ref Ref) (Func, bool) {
	p := m.Package(ref.Package)
	if p == nil {
		return Func{}, false
	}
	f, ok := p.Funcs[ref.Func]
	return f, ok
}

// Way returns the functions by which requests get to ref, from a root to
// ref itself, and what the root is. The way is cut where a function is not
// known, or calls itself.
func (m *Module) Way(ref Ref) (way []Ref, root Func) {
	seen := make(map[Ref]bool)
	for !seen[ref] {
		f, ok := m.Func(ref)
		if !ok {
			break
		}
		seen[ref] = true
		way, root = append(way, ref), f
		if f.Root != "" {
			break
		}
		ref = f.Caller
	}
	slices.Reverse(way)
	return way, root
}
