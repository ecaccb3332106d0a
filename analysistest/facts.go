package analysistest

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"go/token"
	"reflect"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
)

// maxFacts is how many bytes the facts of one analyzer about one package of
// the test data may take. Drivers read the facts of all dependencies of a
// package, so they must stay small.
const maxFacts = 16 << 10

// checkFacts checks the facts that act and what it requires exported about
// their package.
func checkFacts(t Testing, act *checker.Action) {
	seen := make(map[*checker.Action]bool)
	var visit func(act *checker.Action)
	visit = func(a *checker.Action) {
		if seen[a] || a.Package != act.Package {
			return
		}
		seen[a] = true
		for _, dep := range a.Deps {
			visit(dep)
		}
		var facts []analysis.Fact
		for _, f := range a.AllObjectFacts() {
			if f.Object.Pkg() == act.Package.Types {
				facts = append(facts, f.Fact)
			}
		}
		for _, f := range a.AllPackageFacts() {
			if f.Package == act.Package.Types {
				facts = append(facts, f.Fact)
			}
		}
		CheckFacts(t, a.String(), facts)
	}
	visit(act)
}

// CheckFacts checks that facts come out of their encoding as they went in,
// byte for byte when they are encoded again, that they hold neither maps,
// which are encoded in any order, nor positions, which mean nothing in
// another process, and that they are small. The subject, for example a
// package, begins the messages.
func CheckFacts(t Testing, subject string, facts []analysis.Fact) {
	total := 0
	for _, fact := range facts {
		size, err := recode(fact)
		if err != nil {
			t.Errorf("%s: fact %T: %v", subject, fact, err)
		}
		total += size
	}
	if total > maxFacts {
		t.Errorf("%s: the facts take %d bytes, more than %d", subject, total, maxFacts)
	}
}

// recode encodes, decodes and encodes fact again. It returns the size of
// the encoded form.
func recode(fact analysis.Fact) (size int, err error) {
	if part := unstable(reflect.TypeOf(fact), make(map[reflect.Type]bool)); part != "" {
		return 0, fmt.Errorf("holds a %s", part)
	}
	var first, second bytes.Buffer
	if err := gob.NewEncoder(&first).Encode(fact); err != nil {
		return 0, fmt.Errorf("encoding: %w", err)
	}
	size = first.Len()
	before := bytes.Clone(first.Bytes())
	copied := reflect.New(reflect.TypeOf(fact).Elem())
	if err := gob.NewDecoder(&first).DecodeValue(copied); err != nil {
		return size, fmt.Errorf("decoding: %w", err)
	}
	if err := gob.NewEncoder(&second).EncodeValue(copied); err != nil {
		return size, fmt.Errorf("encoding again: %w", err)
	}
	if !bytes.Equal(before, second.Bytes()) {
		return size, fmt.Errorf("the second encoding differs from the first")
	}
	return size, nil
}

// unstable returns what in type t must not be part of a fact, or "". It
// keeps the types it has been at in seen.
func unstable(t reflect.Type, seen map[reflect.Type]bool) string {
	if seen[t] {
		return ""
	}
	seen[t] = true
	switch {
	case t == reflect.TypeFor[token.Pos]():
		return "token.Pos"
	case t.Kind() == reflect.Map:
		return "map"
	case t.Kind() == reflect.Struct:
		for field := range t.Fields() {
			if part := unstable(field.Type, seen); part != "" {
				return part
			}
		}
	case t.Kind() == reflect.Pointer, t.Kind() == reflect.Slice, t.Kind() == reflect.Array:
		return unstable(t.Elem(), seen)
	}
	return ""
}
