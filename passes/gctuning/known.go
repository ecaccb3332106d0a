package gctuning

import (
	"go/ast"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
)

// Functions that tune or query the collector, as types.Func.FullName
// prints them.
const (
	freeOSMemory   = "runtime/debug.FreeOSMemory"
	collect        = "runtime.GC"
	readMemStats   = "runtime.ReadMemStats"
	setGCPercent   = "runtime/debug.SetGCPercent"
	setMemoryLimit = "runtime/debug.SetMemoryLimit"
	stack          = "runtime/debug.Stack"
	printStack     = "runtime/debug.PrintStack"
	runtimeStack   = "runtime.Stack"
	allStacks      = "runtime.Stack of all goroutines"
)

// costs says what each call costs and what to do instead.
var costs = map[string]string{
	freeOSMemory: "collects the whole heap, then returns pages that the next requests fault in again: remove it, " +
		"set GOMEMLIMIT or debug.SetMemoryLimit to about 90 % of the memory there is",
	collect: "forces a full collection while everybody waits for the CPU: remove it, " +
		"set GOMEMLIMIT or debug.SetMemoryLimit to about 90 % of the memory there is",
	readMemStats: "stops the world: read the same numbers with runtime/metrics.Read, which does not",
	setGCPercent: "changes the collector's goal for the whole process: set it once in main or by GOGC, " +
		"and bound memory by GOMEMLIMIT",
	setMemoryLimit: "changes the memory limit of the whole process: set it once in main or by GOMEMLIMIT",
	stack:          "walks and formats the whole stack: keep it for panics",
	printStack:     "walks, formats and writes the whole stack: keep it for panics",
	runtimeStack:   "walks and formats the whole stack: keep it for panics",
	allStacks:      "with all goroutines stops the world while it formats them: keep it for debug endpoints",
}

// limiters are packages that set a memory limit when imported or called.
var limiters = []string{"github.com/KimMachineGun/automemlimit", "github.com/KimMachineGun/automemlimit/memlimit"}

// serving are the functions by which a program begins to serve.
var serving = map[string]bool{
	"net/http.ListenAndServe": true, "net/http.ListenAndServeTLS": true, "net/http.Serve": true, "net/http.ServeTLS": true,
	"(*net/http.Server).ListenAndServe": true, "(*net/http.Server).ListenAndServeTLS": true,
	"(*net/http.Server).Serve": true, "(*net/http.Server).ServeTLS": true,
	"(*google.golang.org/grpc.Server).Serve":               true,
	"(*github.com/gin-gonic/gin.Engine).Run":               true,
	"(*github.com/labstack/echo/v4.Echo).Start":            true,
	"(*github.com/gofiber/fiber/v2.App).Listen":            true,
	"(*github.com/gofiber/fiber/v3.App).Listen":            true,
	"github.com/valyala/fasthttp.ListenAndServe":           true,
	"(*github.com/valyala/fasthttp.Server).Serve":          true,
	"(*github.com/valyala/fasthttp.Server).ListenAndServe": true,
}

// A program is what the package and its imports in the module do that
// matters for the whole process.
type program struct {
	Limits bool // sets a memory limit
	Serves bool // listens for requests
}

func (*program) AFact() {}

func (p *program) String() string {
	var s []string
	if p.Limits {
		s = append(s, "limits memory")
	}
	if p.Serves {
		s = append(s, "serves")
	}
	return strings.Join(s, ", ")
}

// exportProgram finds what the package and its imports do and exports it.
func (c *checker) exportProgram() program {
	var p program
	for _, imp := range c.pass.Pkg.Imports() {
		var fact program
		if c.pass.ImportPackageFact(imp, &fact) {
			p.Limits = p.Limits || fact.Limits
			p.Serves = p.Serves || fact.Serves
		}
	}
	for _, file := range c.pass.Files {
		p.Limits = p.Limits || importsLimiter(file)
	}
	for _, fn := range c.ssa.Funcs {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if !ok {
					continue
				}
				name := callsite.Name(call.Common())
				p.Serves = p.Serves || serving[name]
				if limit, ok := constArg(call, 0); name == setMemoryLimit && (!ok || limit >= 0) {
					p.Limits = true
				}
			}
		}
	}
	if p.Limits || p.Serves {
		c.pass.ExportPackageFact(&p)
	}
	return p
}

// importsLimiter reports whether file imports a package that sets a limit;
// a blank import shows in the source only.
func importsLimiter(file *ast.File) bool {
	for _, spec := range file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the package does not parse
		}
		for _, limiter := range limiters {
			if path == limiter {
				return true
			}
		}
	}
	return false
}
