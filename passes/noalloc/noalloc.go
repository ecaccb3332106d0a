package noalloc

import (
	_ "embed"
	"go/ast"
	"go/types"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/buildssa"
	"github.com/heapvet/heapvet/passes/internal/doc"
	"github.com/heapvet/heapvet/passes/internal/known"
	"github.com/heapvet/heapvet/passes/internal/report"
	"github.com/heapvet/heapvet/passes/internal/scope"
)

//go:embed doc.go
var docSource string

// New returns the analyzer. The analyzers built, heat and gc are those that
// buildssa.New, hotcode.New and gcfacts.New made. With a module, calls
// through interfaces of the module are followed, and nothing is computed
// unless the module has a contract. Without one the compiler is asked about
// packages with contracts only: about others, which packages with contracts
// may import, their facts tell what can be told without it.
func New(built, heat, gc *analysis.Analyzer, module *hotcode.Module, modules scope.Modules, opts report.Options) *analysis.Analyzer {
	asks := func(pass *analysis.Pass) bool { return module != nil || hasContract(pass.Files) }
	return build(built, heat, gc, module, modules, opts, freeTable, asks)
}

// build is like [New], with a table of its own of functions that do not
// allocate, and a choice of its own of the packages that the compiler is
// asked about.
func build(forms, heat, gc *analysis.Analyzer, module *hotcode.Module, modules scope.Modules, opts report.Options, free func() (frees, error), asks func(*analysis.Pass) bool) *analysis.Analyzer {
	wanted := sync.OnceValue(func() bool { return module == nil || hasContracts(module.Program()) })
	return &analysis.Analyzer{
		Name:      "noalloc",
		Doc:       doc.Section(docSource, "noalloc"),
		URL:       doc.URL("noalloc"),
		Requires:  []*analysis.Analyzer{forms, heat, gc},
		FactTypes: []analysis.Fact{new(allocs), new(judged)},
		Run: func(pass *analysis.Pass) (any, error) {
			built, _ := pass.ResultOf[forms].(*buildssa.SSA)
			if built == nil || !modules.Includes(pass) || !wanted() {
				return nil, nil
			}
			free, err := free()
			if err != nil {
				return nil, err
			}
			costs, err := known.Load()
			if err != nil {
				return nil, err
			}
			c := &checker{
				pass: pass, ssa: built, free: free, costs: costs, whole: module != nil,
				heat:     pass.ResultOf[heat].(*hotcode.Result),
				gc:       gcfacts.Unavailable("no function of the package promises anything"),
				report:   report.New(pass, opts),
				failures: hotcode.NewFailures(),
				memo:     make(map[*ssa.Function][]cause),
				active:   make(map[*ssa.Function]int),
				partial:  make(map[*ssa.Function]int),
				lines:    readLines(pass.Fset, pass.Files),
			}
			if asks(pass) {
				c.gc = pass.ResultOf[gc].(*gcfacts.Package)
			}
			c.run()
			return nil, nil
		},
	}
}

// A checker judges one package.
type checker struct {
	pass     *analysis.Pass
	ssa      *buildssa.SSA
	heat     *hotcode.Result
	gc       *gcfacts.Package
	free     frees
	costs    *known.Table
	whole    bool // all of the module is seen, also who implements its interfaces
	report   *report.Reporter
	failures hotcode.Failures
	memo     map[*ssa.Function][]cause
	active   map[*ssa.Function]int // the functions being judged, and their depth
	partial  map[*ssa.Function]int // the functions of memo that rest on an active one, and its depth
	pending  []*body               // those functions, in the order they were judged
	lines    *lines
	sites    map[ast.Node][]*gcfacts.Site // by the function they are in
}

func (c *checker) run() {
	c.indexSites()
	asked := c.gc.NoData() == ""
	for _, fn := range c.ssa.Funcs {
		obj, ok := fn.Object().(*types.Func)
		exported := ok && nameable(obj)
		if !exported && !asked {
			continue // judged if it is called
		}
		causes, _ := c.judge(fn) // also for the exemptions in it, which may be of no use
		if !exported {
			continue
		}
		if trusted(fn) {
			causes = promised(fn, causes)
		}
		if all := effects(fn, causes); len(all) > 0 {
			c.pass.ExportObjectFact(obj, &allocs{all})
		}
	}
	c.pass.ExportPackageFact(new(judged))
	c.contracts()
	c.report.Flush()
}

// nameable reports whether functions of other packages can call fn, by its
// name or through an interface.
func nameable(fn *types.Func) bool { return fn.Exported() && fn.Name() != "_" }

// indexSites sorts what gc said by function.
func (c *checker) indexSites() {
	c.sites = make(map[ast.Node][]*gcfacts.Site)
	for _, site := range c.gc.Sites() {
		if fn := c.heat.At(site.Node).Func; fn != nil {
			c.sites[fn.Node] = append(c.sites[fn.Node], site)
		}
	}
}
