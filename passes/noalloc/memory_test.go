package noalloc

import (
	"go/types"
	"testing"

	driver "golang.org/x/tools/go/analysis/checker"
)

// TestWithoutCompiler holds what is told of the standard library without the
// compiler against its word: what needs no memory then must need none.
func TestWithoutCompiler(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles packages of the standard library")
	}
	patterns := []string{"bytes", "strings", "bufio", "net/netip", "go/scanner", "container/list"}
	if *update {
		patterns = []string{"std"}
	}
	asked, _ := judgeStd(t, patterns, true)
	unasked, _ := judgeStd(t, patterns, false)
	truth := make(map[string]string)
	for _, act := range asked {
		for name, effects := range told(act) {
			truth[name] = effects
		}
	}
	free, proved, open := 0, 0, 0
	for _, act := range unasked {
		for name, effects := range told(act) {
			switch {
			case effects == "" && truth[name] != "":
				t.Errorf("%s needs no memory without the compiler; with it: %s", name, truth[name])
			case effects == "":
				proved++
				fallthrough
			case truth[name] == "":
				free++
			}
			if isOpen(act, name) {
				open++
			}
		}
	}
	t.Logf("of %d functions, %d need no memory; %d are known not to without the compiler, %d are up to it", len(truth), free, proved, open)
	if 2*proved < free {
		t.Errorf("%d of %d functions that need no memory are known without the compiler, want half of them", proved, free)
	}
}

// told returns what the facts say about the functions of a package that
// others can call, by name.
func told(act *driver.Action) map[string]string {
	all := make(map[string]string)
	for name, fn := range functions(act) {
		fact := new(allocs)
		act.ObjectFact(fn, fact)
		all[name] = fact.String()
	}
	return all
}

// isOpen reports whether only the compiler could tell about a function.
func isOpen(act *driver.Action, name string) bool {
	fact := new(allocs)
	if !act.ObjectFact(functions(act)[name], fact) {
		return false
	}
	for _, e := range fact.Effects {
		if e.Kind < unasked {
			return false
		}
	}
	return true
}

func functions(act *driver.Action) map[string]*types.Func {
	all := make(map[string]*types.Func)
	for _, obj := range act.Package.TypesInfo.Defs {
		if fn, ok := obj.(*types.Func); ok && nameable(fn) && fn.Signature().Recv() == nil {
			all[fn.FullName()] = fn
		}
	}
	return all
}
