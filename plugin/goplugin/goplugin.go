// Package main is heapvet as a Go plugin of golangci-lint:
//
//	go build -buildmode=plugin -o heapvet.so github.com/heapvet/heapvet/plugin/goplugin
//
// golangci-lint loads only a plugin that was built by the same toolchain,
// with the same flags and the same versions of all shared dependencies; the
// released binaries load none. The module plugin in the directory above has
// no such conditions.
package main

import (
	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/plugin"
)

// New is what golangci-lint looks up. It takes the settings of
// .golangci.yml, the same as the module plugin does.
func New(conf any) ([]*analysis.Analyzer, error) {
	linter, err := plugin.New(conf)
	if err != nil {
		return nil, err
	}
	return linter.BuildAnalyzers()
}

// main is never called: a plugin must be a main package.
func main() {}
