package gcfacts

import (
	"bufio"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// checkAllocs holds the verdicts against the measured allocations, function
// by function.
func (c *checkedFile) checkAllocs(t *testing.T, res *result, name string, modern bool) {
	t.Helper()
	measured := readAllocs(t, name)
	heap, free := 0, 0
	for _, decl := range funcDecls([]*ast.File{c.file}) {
		runs, ok := measured[decl.Name.Name]
		fn := c.info.Defs[decl.Name].(*types.Func)
		if !ok || silent(c.info, decl, modern) {
			continue
		}
		verdicts := make(map[Verdict]int)
		for _, s := range res.order {
			if decl.Pos() <= s.Node.Pos() && s.Node.Pos() < decl.End() {
				verdicts[s.Verdict]++
			}
		}
		// An inlined body knows its arguments, and fares better at the call
		// that was measured.
		better := res.inlinable[fn] && fn.Signature().Params().Len() > 0
		switch {
		case verdicts[Heap] > 0 && !better:
			heap++
			if runs.max == 0 {
				t.Errorf("%s does not allocate, verdict Heap", fn.Name())
			}
		case verdicts[Heap] == 0 && verdicts[StackIfSmall] == 0 && len(verdicts) > 0:
			free++
			if runs.max > 0 {
				t.Errorf("%s allocates %v times; verdicts %v", fn.Name(), runs.max, verdicts)
			}
		}
	}
	if heap < 20 || free < 15 {
		t.Errorf("only %d functions with Heap and %d without were compared", heap, free)
	}
}

// silent reports whether decl allocates in a way that gc does not report.
func silent(info *types.Info, decl *ast.FuncDecl, modern bool) bool {
	found := false
	ast.Inspect(decl, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			found = true
		case *ast.AssignStmt:
			_, index := ast.Unparen(n.Lhs[0]).(*ast.IndexExpr)
			found = found || index || n.Tok == token.ADD_ASSIGN
		case *ast.CallExpr:
			if sel, ok := n.Fun.(*ast.SelectorExpr); ok && info.Selections[sel] == nil {
				found = true // another package's function may allocate
			}
			id, ok := n.Fun.(*ast.Ident)
			if !ok {
				break
			}
			_, isChan := info.TypeOf(n).Underlying().(*types.Chan)
			found = found || id.Name == "make" && isChan || id.Name == "append" && !modern
		}
		return true
	})
	return found
}

type allocRuns struct{ min, max float64 }

// readAllocs reads "Name(argument)  allocations".
func readAllocs(t *testing.T, name string) map[string]allocRuns {
	t.Helper()
	f, err := os.Open(filepath.Join(formsDir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	runs := make(map[string]allocRuns)
	for sc := bufio.NewScanner(f); sc.Scan(); {
		fields := strings.Fields(sc.Text())
		n, err := strconv.ParseFloat(fields[len(fields)-1], 64)
		if err != nil {
			t.Fatal(err)
		}
		fn, _, _ := strings.Cut(fields[0], "(")
		r, ok := runs[fn]
		if !ok {
			r = allocRuns{n, n}
		}
		runs[fn] = allocRuns{min(r.min, n), max(r.max, n)}
	}
	return runs
}
