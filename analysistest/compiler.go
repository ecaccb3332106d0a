package analysistest

import "github.com/heapvet/heapvet/passes/gcfacts"

// compiler returns the compiler's word about the packages of the GOPATH
// tree in dir.
func compiler(dir string) gcfacts.Source { return nil }
