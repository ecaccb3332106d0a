package plugin

import (
	"context"
	"go/build"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/heapvet/heapvet/passes/gcfacts"
)

// compileTime bounds the compilation of a module. golangci-lint's own
// timeout, which users choose, is to end a run that takes too long.
const compileTime = time.Hour

// moduleLists is a [gcfacts.Source] that compiles a module at a time, when
// the first of its packages is asked for. golangci-lint analyses packages
// in parallel: a lock sees to it that one go command runs at a time, which
// starts as many compilers as there are processors.
type moduleLists struct {
	mu    sync.Mutex
	lists map[string]*gcfacts.List // by the module's directory
}

func newModuleLists() *moduleLists {
	return &moduleLists{lists: make(map[string]*gcfacts.List)}
}

// Load implements [gcfacts.Source].
func (m *moduleLists) Load(ctx context.Context, req gcfacts.Request) (*gcfacts.Text, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.list(moduleRoot(req.Dir)).Load(ctx, withoutTests(req))
}

// list returns the list of the module in root; "" stands for no module.
func (m *moduleLists) list(root string) *gcfacts.List {
	if m.lists[root] == nil {
		cfg := gcfacts.ListConfig{Dir: root, Flags: buildFlags(), Timeout: compileTime}
		if root != "" {
			cfg.Patterns = []string{"./..."}
		}
		m.lists[root] = gcfacts.NewList(cfg)
	}
	return m.lists[root]
}

// buildFlags returns the flags that golangci-lint loads packages with, as
// far as it tells: it copies run.build-tags to [build.Default].
func buildFlags() []string {
	flags := []string{"-buildvcs=false"} // or broken repositories would fail
	if tags := build.Default.BuildTags; len(tags) > 0 {
		flags = append(flags, "-tags="+strings.Join(tags, ","))
	}
	return flags
}

// withoutTests asks for the package that programs are built from where req
// is for the same with its tests. The compiler says the same about the
// files that both have, no test is hot, and so nothing is compiled twice.
func withoutTests(req gcfacts.Request) gcfacts.Request {
	for _, name := range req.Files {
		if !strings.HasSuffix(name, "_test.go") {
			req.Test = false
		}
	}
	return req
}

// moduleRoot returns the directory of the module that dir belongs to, or "".
func moduleRoot(dir string) string {
	for dir != "" {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
	return ""
}
