package gcfacts

import (
	"context"
	"errors"
	"strings"
)

// A Source finds gc's text about packages. Drivers choose one.
type Source interface {
	// Load returns the text about one package, parsed but not resolved.
	// An error is a reason for users: no data, because of it.
	Load(ctx context.Context, req Request) (*Text, error)
}

// Without returns a Source for those who chose to have none, and say why.
// Unlike the error of another Source, that gives no [Package.Notice].
func Without(reason string) Source { return without(reason) }

type without string

// Load implements [Source].
func (w without) Load(context.Context, Request) (*Text, error) { return nil, errors.New(string(w)) }

// A Request names the package that a [Source] is asked about.
type Request struct {
	Path  string   // import path
	Test  bool     // the variant that is compiled with the package's _test.go files
	Dir   string   // the package's directory
	Files []string // absolute names of the package's Go files
}

// key returns the compilation that req is about.
func (req *Request) key() textKey {
	if !req.Test {
		return textKey{path: req.Path}
	}
	return textKey{req.Path, strings.TrimSuffix(req.Path, "_test") + ".test"}
}

// errNoText says that the compiler was asked and said nothing about the
// package: gc prints no line at all when type checking fails.
var errNoText = errors.New("the compiler printed nothing about the package")
