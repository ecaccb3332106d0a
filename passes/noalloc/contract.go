package noalloc

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/buildssa"
	"github.com/heapvet/heapvet/passes/internal/directive"
)

// A contract is what a function promises.
type contract struct {
	name  string // the directive, as it is written
	kinds map[kind]bool
	local bool // only what the function itself does counts
}

// covers reports whether c breaks the contract.
func (t *contract) covers(c *cause) bool {
	return t.kinds[c.Kind] && !(t.local && len(c.Chain) > 0)
}

// contractOf reads the contract in the doc comment of a function, or nil.
func contractOf(doc *ast.CommentGroup) *contract {
	if doc == nil {
		return nil
	}
	if directive.Has(doc, "noalloc") {
		return &contract{name: directive.Prefix + "noalloc", kinds: kindsOf("all")}
	}
	for _, comment := range doc.List {
		if options, ok := directive.Checkescape(comment); ok {
			return checkescape(options)
		}
	}
	return nil
}

// checkescape returns the contract of gVisor's directive with options. Like
// there, the bare directive is about the function itself only.
func checkescape(options []string) *contract {
	t := &contract{name: directive.CheckescapePrefix, kinds: make(map[kind]bool)}
	if len(options) == 0 {
		options = []string{"local"}
	} else {
		t.name += ":" + strings.Join(options, ",")
	}
	for _, option := range options {
		t.local = t.local || option == "local"
		for k := range kindsOf(option) {
			t.kinds[k] = true
		}
	}
	if len(t.kinds) == 0 {
		t.kinds = kindsOf("hard") // local alone
	}
	return t
}

// kindsOf returns the kinds of causes that an option of checkescape means.
func kindsOf(option string) map[kind]bool {
	switch option {
	case "heap":
		return map[kind]bool{allocates: true}
	case "builtin":
		return map[kind]bool{grows: true}
	case "hard":
		return map[kind]bool{allocates: true, grows: true}
	case "interface":
		return map[kind]bool{byMethod: true}
	case "dynamic":
		return map[kind]bool{byValue: true}
	case "unknown":
		return map[kind]bool{unknown: true, unasked: true}
	case "all":
		return map[kind]bool{allocates: true, grows: true, byMethod: true, byValue: true, unknown: true, unasked: true}
	}
	return nil // stack: splits of the stack are no allocations
}

// trusted reports whether callers may rely on fn, which is held to a
// contract about all kinds of causes.
func trusted(fn *ssa.Function) bool {
	decl, ok := fn.Syntax().(*ast.FuncDecl)
	return ok && directive.Has(decl.Doc, "noalloc")
}

// hasContracts reports whether a package of prog has a directive that this
// check reads.
func hasContracts(prog *buildssa.Program) bool {
	return slices.ContainsFunc(prog.Packages, func(pkg *buildssa.SSA) bool { return hasContract(pkg.Files) })
}

// hasContract is like [hasContracts] for the files of one package.
func hasContract(files []*ast.File) bool {
	for _, file := range files {
		for _, group := range file.Comments {
			if slices.ContainsFunc(group.List, concerns) {
				return true
			}
		}
	}
	return false
}

func concerns(comment *ast.Comment) bool {
	if d, ok := directive.Parse(comment); ok {
		return d.Name == "noalloc" || d.Name == "allow"
	}
	if _, ok := directive.Checkescape(comment); ok {
		return true
	}
	return len(directive.Gcassert(comment)) > 0
}

// contractSyntax returns the declaration of fn with a contract, or nil.
func contractSyntax(fn *ssa.Function) (*ast.FuncDecl, *contract) {
	decl, ok := fn.Syntax().(*ast.FuncDecl)
	if !ok {
		return nil, nil
	}
	return decl, contractOf(decl.Doc)
}

// A line is a line of a file.
type line struct {
	file   *token.File
	number int
}

// lines are the lines that directives are about.
type lines struct {
	fset    *token.FileSet
	allowed map[line]*allowance
	order   []*allowance
	asserts []assertion
}

// An allowance exempts one line.
type allowance struct {
	pos, end token.Pos
	foreign  bool // gVisor's
	used     bool
}

// An assertion of gcassert is about one line.
type assertion struct {
	pos   token.Pos
	names []string
	line  line
}

// readLines reads the directives of files that are about lines.
func readLines(fset *token.FileSet, files []*ast.File) *lines {
	l := &lines{fset: fset, allowed: make(map[line]*allowance)}
	for _, file := range files {
		code := codeLines(fset, file)
		for _, group := range file.Comments {
			for _, comment := range group.List {
				l.read(comment, group, code)
			}
		}
	}
	return l
}

// read reads one comment. Code are the lines of its file with code.
func (l *lines) read(comment *ast.Comment, group *ast.CommentGroup, code map[int]bool) {
	at := l.line(comment.Pos())
	about := at
	if !code[at.number] { // on a line of its own: about the line after the comment
		about.number = l.line(group.End()).number + 1
	}
	d, ok := directive.Parse(comment)
	switch {
	case ok && d.Name == "allow" && d.Args != "":
		l.allow(about, &allowance{pos: d.Pos, end: d.End})
	case !ok && strings.HasPrefix(comment.Text, "// escapes:"):
		l.allow(about, &allowance{pos: comment.Pos(), end: comment.End(), foreign: true})
	default:
		if names := directive.Gcassert(comment); len(names) > 0 {
			l.asserts = append(l.asserts, assertion{comment.Pos(), names, about})
		}
	}
}

func (l *lines) allow(at line, a *allowance) {
	if l.allowed[at] == nil {
		l.allowed[at] = a
	}
	l.order = append(l.order, a)
}

// allows reports whether the line of pos is exempt, and remembers that this
// was of use.
func (l *lines) allows(pos token.Pos) bool {
	a := l.allowed[l.line(pos)]
	if a == nil {
		return false
	}
	a.used = true
	return true
}

func (l *lines) line(pos token.Pos) line {
	file := l.fset.File(pos)
	return line{file, file.Line(pos)}
}

// codeLines returns the lines of file on which a node begins or ends.
func codeLines(fset *token.FileSet, file *ast.File) map[int]bool {
	at := fset.File(file.FileStart)
	code := make(map[int]bool)
	ast.Inspect(file, func(n ast.Node) bool {
		switch n.(type) {
		case nil, *ast.File:
			return n != nil
		case *ast.Comment, *ast.CommentGroup:
			return false
		}
		code[at.Line(n.Pos())] = true
		code[at.Line(n.End()-1)] = true
		return true
	})
	return code
}
