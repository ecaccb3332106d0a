package load

import (
	"crypto/sha256"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"runtime"
	"sync"
)

// A parsed is one Go file.
type parsed struct {
	name string
	src  []byte
	sum  [sha256.Size]byte // of src, which is forgotten
	base int               // its place in the common FileSet
	tok  *token.File
	file *ast.File
	err  error
}

// parse reads and parses the named files in parallel. Each file's place in
// fset follows from the order of names alone: what analyzers sort by
// token.Pos must come out the same in every run.
func parse(fset *token.FileSet, names []string) map[string]*parsed {
	files := make([]*parsed, len(names))
	byName := make(map[string]*parsed, len(names))
	for i, name := range names {
		files[i] = &parsed{name: name}
		byName[name] = files[i]
	}
	inParallel(len(files), func(i int) { files[i].src, files[i].err = os.ReadFile(files[i].name) })
	base := fset.Base()
	for _, f := range files {
		f.base = base
		base += len(f.src) + 1
	}
	inParallel(len(files), func(i int) { files[i].parse() })
	for _, f := range files {
		if f.tok != nil {
			fset.AddExistingFiles(f.tok)
		}
	}
	return byName
}

// parse parses the file in a FileSet of its own, in which everything below
// its base is taken.
func (f *parsed) parse() {
	if f.err != nil {
		return
	}
	own := token.NewFileSet()
	if f.base > own.Base() {
		own.AddFile("", own.Base(), f.base-own.Base()-1)
	}
	f.file, f.err = parser.ParseFile(own, f.name, f.src, parser.ParseComments|parser.SkipObjectResolution)
	f.sum, f.src = sha256.Sum256(f.src), nil
	if f.file != nil {
		f.tok = own.File(f.file.FileStart)
	}
	if f.err != nil {
		f.err = fmt.Errorf("parsing: %w", f.err)
	}
}

// inParallel calls do for 0 to n-1, one call per processor at a time.
func inParallel(n int, do func(i int)) {
	var wg sync.WaitGroup
	next := make(chan int)
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}
