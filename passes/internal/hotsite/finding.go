package hotsite

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/gcfacts"
	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/report"
)

// A Finding is what a shape proposes.
type Finding struct {
	Pos, End token.Pos    // the cause; the allocation itself if unset
	Text     string       // subject, fact and edit; what the compiler says and heat is added
	Site     gcfacts.Site // what must have been put on the heap
	Bytes    int64        // per evaluation; 0 if not known
	Measured int64        // allocations in the callee, as measured; the compiler is not asked then
	Large    bool         // as a rule so large that warm code matters, whatever Bytes tells: a file
	Advice   bool         // never of the default tier
	Sized    bool         // its size depends on the request: on the stack only if small
	Related  []analysis.RelatedInformation
	// Fixes keep the behaviour. They are held against the compiler before
	// they are applied: Site must be gone, and what the new text allocates
	// must be less than what the old one did, with Measured and Saves.
	Fixes []analysis.SuggestedFix
	Saves int64 // allocations besides Site that the fix takes away in a callee, as measured: a result of Sprintf
}

// large is the number of bytes from which on warm code that allocates them
// is worth a finding even outside of a loop.
const large = 4096

// Report records the finding f about an allocation at alloc, unless it is
// cold there, silenced, or refuted by the compiler.
func (c *Checker) Report(alloc inspector.Cursor, f Finding) {
	heat := c.Heat.At(alloc.Node())
	if heat.Grade == hotcode.Cold || heat.Guarded || heat.Func == nil || c.Silenced(alloc) {
		return
	}
	unconfirmed, ok := c.confirm(f)
	if !ok || f.Measured == 0 && !c.outOfLine(alloc, f.Sized) {
		return
	}
	if !f.Pos.IsValid() {
		f.Pos, f.End = alloc.Node().Pos(), alloc.Node().End()
	}
	c.report.Add(report.Finding{
		Pos: f.Pos, End: f.End,
		Message:     f.Text + tail(heat, f),
		Advice:      f.Advice || heat.Func.Assumed || !worthIt(heat, f),
		Unconfirmed: unconfirmed,
		Related:     f.Related,
		Fixes:       f.Fixes,
		Evidence:    &gcfacts.Evidence{Site: f.Site, Measured: f.Measured + f.Saves},
	})
}

// worthIt reports whether the allocation that f tells of matters in code of
// that heat. Code that requests share with set-up must loop or allocate
// much; what runs by ticks must allocate much.
func worthIt(heat hotcode.Heat, f Finding) bool {
	if heat.Grade == hotcode.Hot || f.Large || f.Bytes >= large {
		return true
	}
	return heat.Loop > 0 && heat.Func.Root != hotcode.Background
}

// confirm holds the finding against the compiler's verdict. Where there is
// none, unconfirmed tells why.
func (c *Checker) confirm(f Finding) (unconfirmed string, ok bool) {
	if f.Measured > 0 {
		return "", true // wherever the result is put, the callee allocates
	}
	switch f.Site.Verdict {
	case gcfacts.Heap:
		return "", true
	case gcfacts.StackIfSmall:
		return "", f.Sized
	case gcfacts.NoData:
		if why := c.GC.NoData(); why != "" {
			return why, true
		}
		return "the compiler's text does not tell this place from others", true
	}
	return "", false
}

// outOfLine reports whether the code at cur is ever run as compiled there.
// An unexported function that gc inlines at every call has its verdicts at
// the calls, and so have its literals: it is reported if one of those is on
// the heap, or may be if sized tells that this depends on the request.
func (c *Checker) outOfLine(cur inspector.Cursor, sized bool) bool {
	var fn *types.Func
	for decl := range cur.Enclosing((*ast.FuncDecl)(nil)) {
		fn = c.Declared(decl.Node().(*ast.FuncDecl))
	}
	if fn == nil || fn.Exported() || !c.GC.Inlinable(fn) {
		return true
	}
	calls := c.Calls(fn)
	if calls == nil {
		return true
	}
	for _, call := range calls {
		for _, site := range c.GC.Inlined(call.Node().(*ast.CallExpr)) {
			if site.Verdict == gcfacts.Heap || sized && site.Verdict == gcfacts.StackIfSmall {
				return true
			}
		}
	}
	return false
}

// tail tells what the compiler decided or a measurement showed, what it
// costs and how the code got hot:
// " (compiler: heap, 40 B, in a loop; hot: net/http handler serve -> render)".
func tail(heat hotcode.Heat, f Finding) string {
	var cost []string
	switch {
	case f.Measured == 1:
		cost = append(cost, "measured: 1 allocation")
	case f.Measured > 1:
		cost = append(cost, fmt.Sprintf("measured: %d allocations", f.Measured))
	case f.Site.Verdict == gcfacts.Heap:
		cost = append(cost, "compiler: heap")
	case f.Site.Verdict == gcfacts.StackIfSmall:
		cost = append(cost, "compiler: heap when larger than 32 B")
	}
	if f.Bytes > 0 {
		cost = append(cost, fmt.Sprintf("%d B", f.Bytes))
	}
	switch {
	case heat.Loop == 1:
		cost = append(cost, "in a loop")
	case heat.Loop > 1:
		cost = append(cost, fmt.Sprintf("in %d nested loops", heat.Loop))
	}
	how := "hot: "
	if heat.Grade == hotcode.Warm {
		how = "warm: "
	}
	text := how + Chain(heat.Func)
	if len(cost) > 0 {
		text = strings.Join(cost, ", ") + "; " + text
	}
	return " (" + text + ")"
}

// Chain tells how fn got hot: what its root is and the calls from there,
// of which a long chain shows both ends.
func Chain(fn *hotcode.Func) string {
	names := fn.Chain
	if len(names) > 4 {
		names = []string{names[0], "...", names[len(names)-2], names[len(names)-1]}
	}
	if len(names) == 0 {
		names = []string{fn.Name}
	}
	chain := strings.Join(names, " -> ")
	if fn.Root == "" {
		return chain
	}
	return fn.Root + " " + chain
}

func enclosingDecl(cur inspector.Cursor) (*ast.FuncDecl, bool) {
	for fn := range cur.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		decl, ok := fn.Node().(*ast.FuncDecl)
		return decl, ok
	}
	return nil, false
}

func sameType(a, b ast.Node) bool { return reflect.TypeOf(a) == reflect.TypeOf(b) }

// Hot reports whether the code at node is hot or warm, on its way to
// success, and not behind the guard of a log level.
func (c *Checker) Hot(node ast.Node) bool {
	heat := c.Heat.At(node)
	return heat.Grade != hotcode.Cold && !heat.Guarded
}
