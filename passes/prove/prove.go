package prove

import (
	"context"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/heapvet/heapvet/passes/gcfacts"
)

// A Package is a package as it is, with all that trying edits of it takes.
type Package struct {
	Compile gcfacts.Direct     // how to compile it; without Overlay
	List    gcfacts.ListConfig // how to ask for packages that an edit imports first
	Sources map[string][]byte  // the files of Compile as they are
	Fset    *token.FileSet
	Syntax  []*ast.File
	Types   *types.Package
	Info    *types.Info
	Sizes   types.Sizes
	GC      *gcfacts.Package // the compiler's word on the package as it is; nil if no finding rests on it
	Given   []Fix            // proved in another variant of the package, and made in all that is tried
}

// An Outcome says what became of a fix.
type Outcome struct {
	Fix     Fix
	Refused string // why it is left out; "" if it is proved
}

// A Result is what [Package.Prove] found out.
type Result struct {
	Outcomes []Outcome         // in the order of the fixes
	Files    map[string][]byte // by name, what the proved fixes make of the files that they change
	Compiles int               // how often the compiler was run
}

// A prover proves fixes of one package.
type prover struct {
	*Package
	judged   bool // there is a compiler's word to compare with
	before   []site
	refused  map[int]string
	best     *state // the last that was proved
	compiles int
}

// Prove tries fixes, which are in order and do not collide. The error is
// that of ctx.
func (p *Package) Prove(ctx context.Context, fixes []Fix) (*Result, error) {
	pr := &prover{Package: p, refused: make(map[int]string)}
	if p.GC != nil {
		pr.before = allocations(p.Fset, p.GC, p.Syntax, p.Types, p.Info)
		pr.judged = p.GC.NoData() == ""
	}
	var all []int
	for i := range fixes {
		p.hull(&fixes[i])
		if why := pr.foreign(&fixes[i]); why != "" {
			pr.refused[i] = why
			continue
		}
		all = append(all, i)
	}
	pr.settle(ctx, fixes, nil, all)
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("proving fixes: %w", err)
	}
	res := &Result{Files: make(map[string][]byte), Compiles: pr.compiles}
	for i, f := range fixes {
		res.Outcomes = append(res.Outcomes, Outcome{f, pr.refused[i]})
	}
	if pr.best != nil {
		for name, c := range pr.best.changes {
			res.Files[name] = tidy(p.Sources[name], c.text)
		}
	}
	return res, nil
}

// foreign says why a fix cannot be tried on this package, or "".
func (p *prover) foreign(f *Fix) string {
	if len(f.Edits) == 0 {
		return "it changes nothing"
	}
	for _, e := range f.Edits {
		if _, ok := p.Sources[e.File]; !ok {
			return "it changes a file of another package"
		}
		if e.End > len(p.Sources[e.File]) {
			return "the file has changed"
		}
	}
	if f.alloc && !p.judged {
		return "the finding is unconfirmed"
	}
	return ""
}

// hull notes the parts of functions that f works on.
func (p *Package) hull(f *Fix) {
	f.hulls = nil
	for _, file := range p.Syntax {
		tok := p.Fset.File(file.FileStart)
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			start, end := tok.Offset(fn.Pos()), tok.Offset(fn.End())
			h := Edit{File: tok.Name(), Start: end, End: start}
			for _, e := range f.Edits {
				if e.File == h.File && start <= e.Start && e.End <= end {
					h.Start, h.End = min(h.Start, e.Start), max(h.End, e.End)
				}
			}
			if h.Start <= h.End {
				f.hulls = append(f.hulls, h)
			}
		}
	}
}

// settle finds out which of the fixes try, given others that are proved,
// are proved together. It returns them; the others are refused.
func (p *prover) settle(ctx context.Context, fixes []Fix, given, try []int) []int {
	if len(try) == 0 || ctx.Err() != nil {
		return nil
	}
	state, verdicts, err := p.try(ctx, fixes, given, try)
	if err != nil {
		if len(try) == 1 {
			p.refused[try[0]] = err.Error()
			return nil
		}
		half := len(try) / 2
		left := p.settle(ctx, fixes, given, try[:half])
		return append(left, p.settle(ctx, fixes, slices.Concat(given, left), try[half:])...)
	}
	var good []int
	for k, i := range try {
		if why := verdicts[k]; why != "" {
			p.refused[i] = why
			continue
		}
		good = append(good, i)
	}
	if len(good) < len(try) {
		return p.settle(ctx, fixes, given, good) // without the others it may be another matter
	}
	p.best = state
	return good
}

// try makes the fixes given and try and returns the verdict on each of the
// latter. The error is an objection to all of these together.
func (p *prover) try(ctx context.Context, fixes []Fix, given, try []int) (*state, []verdict, error) {
	var chosen []Fix
	var edits []Edit
	for _, f := range p.Given {
		edits = append(edits, f.Edits...)
	}
	for _, i := range slices.Concat(given, try) {
		chosen = append(chosen, fixes[i])
		edits = append(edits, fixes[i].Edits...)
	}
	s, err := p.edited(ctx, edits)
	if err != nil {
		return nil, nil, fmt.Errorf("it does not compile: %w", err)
	}
	if err := p.declared(s); err != nil {
		return nil, nil, err
	}
	compile := p.Compile
	compile.Overlay = make(map[string][]byte)
	for name, c := range s.changes {
		compile.Overlay[name] = c.text
	}
	p.compiles++
	gc, err := compile.Compile(ctx, s.fset, s.files, s.pkg, s.info, p.Sizes)
	if err != nil {
		return nil, nil, fmt.Errorf("it does not compile: %w", err)
	}
	if !p.judged {
		return s, make([]verdict, len(try)), nil
	}
	j := judge{fixes: chosen, given: p.Given, changes: s.changes, before: p.before, after: allocations(s.fset, gc, s.files, s.pkg, s.info)}
	verdicts, err := j.judge()
	if err != nil {
		return nil, nil, err
	}
	for k, why := range verdicts[:len(given)] {
		if why != "" {
			return nil, nil, fmt.Errorf("it spoils the fix of line %d: %s", chosen[k].Pos.Line, why)
		}
	}
	return s, verdicts[len(given):], nil
}

// edited makes edits, and removes the imports that they leave unused.
func (p *Package) edited(ctx context.Context, edits []Edit) (*state, error) {
	s, err := p.state(ctx, edits)
	if err != nil {
		return nil, err
	}
	if idle := p.unused(s); len(idle) > 0 {
		return p.state(ctx, append(edits, idle...))
	}
	return s, nil
}
