package gcfacts

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// A Canary checks once that the text of a toolchain's compiler reads as we
// expect. A format that changed must never look like a clean run.
type Canary struct {
	tools toolchain
	once  sync.Once
	err   error
}

// NewCanary returns a Canary for the go command that env selects in dir. A
// nil env is that of this process.
func NewCanary(dir string, env []string) *Canary {
	return &Canary{tools: toolchain{dir: dir, env: env}}
}

// Check compiles the probe, the first time that it is called. An error says
// that the compiler's text is not understood, or cannot be had.
func (c *Canary) Check(ctx context.Context) error {
	if c == nil {
		return nil
	}
	c.once.Do(func() { c.err = c.probe(ctx) })
	return c.err
}

// probeSource has one value of each family of messages. It imports nothing,
// so that the compiler needs no other package.
const probeSource = `package probe

type T struct{ a, b int }

var (
	ptr  *T
	any_ any
	ints []int
	fn   func() int
)

func moved() *int       { x := len(ints); return &x }
func lit()              { ptr = &T{1, 2} }
func box(n int)         { any_ = n }
func grow(n int)        { ints = append(ints, n) }
func local(n int) int   { s := make([]int, n); return len(s) + cap(s) }
func leak(p *T)         { ptr = p }
func stay(p *T) int     { return p.a }
func closure(n int)     { fn = func() int { return n } }
func concat(a, b string) string { return a + b }
`

func (c *Canary) probe(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "heapvet-probe-")
	if err != nil {
		return unavailableError(err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "probe.go")
	if err := os.WriteFile(file, []byte(probeSource), 0o600); err != nil {
		return unavailableError(err)
	}
	compile := compilation{
		tools: c.tools, path: "probe", files: []string{file}, dir: dir, roots: Roots{Dir: dir},
	}
	text, err := compile.run(ctx, dir)
	if err != nil {
		return err
	}
	if ok, err := understood(text, file); err != nil || ok {
		return err
	}
	version, err := c.tools.output(ctx, "env", "GOVERSION")
	if err != nil {
		return err
	}
	return fmt.Errorf("compiler cross-check unavailable: unrecognised compiler output of %s", strings.TrimSpace(string(version)))
}

// understood reports whether text says of the probe what it must.
func understood(text *Text, file string) (bool, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, file, probeSource, 0)
	if err != nil {
		return false, fmt.Errorf("parsing the probe: %w", err)
	}
	info := newInfo()
	sizes := types.SizesFor("gc", "amd64")
	if _, err := (&types.Config{Sizes: sizes}).Check("probe", fset, []*ast.File{f}, info); err != nil {
		return false, fmt.Errorf("checking the probe: %w", err)
	}
	res := resolve(text, fset, []*ast.File{f}, info, sizes)
	got := make(map[string][]Kind)
	for _, s := range res.order {
		for _, decl := range funcDecls([]*ast.File{f}) {
			ok := s.Verdict == Heap && s.Reason() != "" || s.Verdict == StackIfSmall || s.Reason() == NonConstant
			if ok && decl.Pos() <= s.Node.Pos() && s.Node.Pos() < decl.End() {
				got[decl.Name.Name] = append(got[decl.Name.Name], s.Kind)
			}
		}
	}
	want := map[string]Kind{"moved": Moved, "lit": PtrLit, "box": Box, "local": MakeSlice, "closure": Closure, "concat": Concat}
	if text.modern {
		want["grow"] = Append
	}
	for fn, kind := range want {
		if len(got[fn]) != 1 || got[fn][0] != kind {
			return false, nil
		}
	}
	return res.stats.One == res.stats.Heap && leaksRight(res), nil
}

func newInfo() *types.Info {
	return &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Defs: make(map[*ast.Ident]types.Object),
		Uses: make(map[*ast.Ident]types.Object), Implicits: make(map[ast.Node]types.Object),
		Selections: make(map[*ast.SelectorExpr]*types.Selection),
	}
}

// leaksRight reports whether of the probe's pointer parameters exactly the
// one of leak is said to leak.
func leaksRight(res *result) bool {
	leaks := 0
	for v, l := range res.leaks {
		if v.Name() == "p" && l.Heap == 0 && len(l.Explanations) == 1 {
			leaks++
		}
	}
	return leaks == 1
}
