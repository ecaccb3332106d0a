package main

import (
	"cmp"
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// Outcomes of one version.
const (
	toldDefault = "default" // told in the default tier
	toldAdvice  = "advice"  // told in the advice tier only
	silent      = "silent"
	skipped     = "skipped" // cannot be fetched or does not compile
	failed      = "failed"  // heapvet could not do its job
	absent      = "-"       // there is no such version
)

// A verdict is what heapvet did with one version of a row.
type verdict struct {
	Outcome  string    `json:"outcome"`
	Reason   string    `json:"reason,omitempty"` // of skipped and failed
	Findings []finding `json:"findings,omitempty"`
}

// A result is the verdict on one row.
type result struct {
	row   *row
	buggy verdict
	fixed verdict
}

// judge says which findings count.
type judge struct {
	checks []string // nil: those meant for the row's category
	advice bool
}

// meantFor lists, by the beginning of a category, the checks whose
// findings tell such a bug. The last entry is for the categories of
// allocation, which are named after the edit that removed it.
var meantFor = []struct {
	prefix string
	checks []string
}{
	{"alloc-", []string{"unboundedinput", "hotcall", "hotconv"}},
	{"metric-label", []string{"unboundedlabel"}},
	{"registry-", []string{"unboundedlabel", "retention"}},
	{"ctx-retain", []string{"retention"}},
	{"chan-", []string{"goroutineleak"}},
	{"unbounded-read", []string{"unboundedinput"}},
	{"decompress", []string{"unboundedinput"}},
	{"pool-", []string{"poolmisuse"}},
	{"slice-", []string{"retention", "unboundedcache", "brokenevict"}},
	{"map-copy", []string{"hotgrow", "hotescape", "hotcall"}}, // an allocation
	{"map-", []string{"unboundedcache", "brokenevict", "retention"}},
	{"sweep-", []string{"brokenevict"}},
	{"negative", []string{"unboundedcache", "brokenevict", "retention", "unboundedlabel"}},
	{"goroutine:", []string{"goroutineleak"}},
	{"timer:", []string{"goroutineleak", "resourceleak", "retention"}},
	{"context:", []string{"resourceleak", "retention"}},
	{"callback-list:", []string{"retention", "unboundedcache", "brokenevict"}},
	{"finalizer:", []string{"goroutineleak", "resourceleak"}},
	{"runtime:", []string{"gctuning"}},
	{"defer-in-loop:", []string{"resourceleak"}},
	{"body:", []string{"resourceleak"}},
	{"rows:", []string{"resourceleak"}},
	{"db:", []string{"resourceleak"}},
	{"tx:", []string{"resourceleak"}},
	{"conn:", []string{"resourceleak"}},
	{"file:", []string{"resourceleak"}},
	{"client:", []string{"resourceleak"}},
	{"transport:", []string{"hotinit", "resourceleak"}},
	{"", []string{"hotescape", "hotinit", "hotconv", "hotgrow", "hotcall", "poolmisuse"}},
}

// counts reports whether findings of check tell a bug of category.
func (j judge) counts(check, category string) bool {
	if len(j.checks) > 0 {
		return slices.Contains(j.checks, check)
	}
	for _, m := range meantFor {
		if strings.HasPrefix(category, m.prefix) {
			return slices.Contains(m.checks, check)
		}
	}
	return false
}

// judgeAll judges rows, parallel of them at a time, in their order.
func judgeAll(ctx context.Context, a *analyser, rows []*row, j judge, parallel int) []result {
	results := make([]result, len(rows))
	limit := make(chan struct{}, max(parallel, 1))
	var wg sync.WaitGroup
	for i, r := range rows {
		limit <- struct{}{}
		wg.Go(func() {
			defer func() { <-limit }()
			results[i] = result{row: r, buggy: j.version(ctx, a, r, r.buggy), fixed: j.version(ctx, a, r, r.fixed)}
		})
	}
	wg.Wait()
	return results
}

// version judges one version of r.
func (j judge) version(ctx context.Context, a *analyser, r *row, v version) verdict {
	if v.module == "" {
		return verdict{Outcome: absent}
	}
	res, err := a.analyse(ctx, v, r.pkg(v))
	if notLoaded, ok := errors.AsType[errNotLoaded](err); ok {
		return verdict{Outcome: skipped, Reason: notLoaded.reason}
	}
	if err != nil {
		return verdict{Outcome: failed, Reason: err.Error()}
	}
	file := filepath.Join(res.Root, filepath.FromSlash(r.file))
	place := newPlace(file, r.functions, v.lines)
	out := verdict{Outcome: silent}
	for _, f := range res.Findings {
		if f.File != file || f.Advice && !j.advice || !j.counts(f.Check, r.category) || !place.has(f.Line) {
			continue
		}
		f.File = r.file
		out.Findings = append(out.Findings, f)
		if !f.Advice {
			out.Outcome = toldDefault
		} else if out.Outcome == silent {
			out.Outcome = toldAdvice
		}
	}
	return out
}

// A place is a set of line ranges of one file.
type place []struct{ from, to int }

// has reports whether line is in p.
func (p place) has(line int) bool {
	return slices.ContainsFunc(p, func(r struct{ from, to int }) bool { return r.from <= line && line <= r.to })
}

// newPlace returns the place that the functions, written T.f, (*T).f or f,
// and three lines around each of lines take in file. A file that cannot be
// parsed has no functions.
func newPlace(file string, functions []string, lines []int) place {
	var p place
	add := func(from, to int) { p = append(p, struct{ from, to int }{from, to}) }
	for _, n := range lines {
		add(n-3, n+3)
	}
	fset := token.NewFileSet()
	syntax, _ := parser.ParseFile(fset, file, nil, parser.SkipObjectResolution)
	if syntax == nil {
		return p // the file is not in this version
	}
	for _, decl := range syntax.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if ok && slices.ContainsFunc(functions, func(name string) bool { return isNamed(fn, name) }) {
			add(fset.Position(fn.Pos()).Line, fset.Position(fn.End()).Line)
		}
	}
	return p
}

// isNamed reports whether the corpus's name means fn. A name without a
// receiver means methods too.
func isNamed(fn *ast.FuncDecl, name string) bool {
	name = strings.NewReplacer("(", "", ")", "", "*", "").Replace(strings.TrimSpace(name))
	recv, method, ok := strings.Cut(name, ".")
	if !ok {
		return fn.Name.Name == name
	}
	if fn.Name.Name != method || fn.Recv == nil || len(fn.Recv.List) == 0 {
		return false
	}
	typ := fn.Recv.List[0].Type
	for {
		switch t := typ.(type) {
		case *ast.StarExpr:
			typ = t.X
		case *ast.IndexExpr:
			typ = t.X
		case *ast.IndexListExpr:
			typ = t.X
		case *ast.Ident:
			return strings.EqualFold(t.Name, recv)
		default:
			return false
		}
	}
}

// sortFindings orders findings by place and check.
func sortFindings(all []finding) {
	slices.SortFunc(all, func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Check, b.Check), cmp.Compare(a.Message, b.Message))
	})
}
