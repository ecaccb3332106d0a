package directive

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/passes/internal/directive"
	"github.com/heapvet/heapvet/passes/internal/doc"
	"github.com/heapvet/heapvet/passes/internal/growth"
	"github.com/heapvet/heapvet/passes/internal/report"
	"github.com/heapvet/heapvet/passes/internal/scope"
)

//go:embed doc.go
var docSource string

const name = "directive"

// New returns the analyzer, which requires model, the analyzer that
// growth.New made. Checks are the names that an ignore directive may give,
// besides this check's own.
func New(checks []string, model *analysis.Analyzer, modules scope.Modules, opts report.Options) *analysis.Analyzer {
	checks = append(slices.Clone(checks), name)
	return &analysis.Analyzer{
		Name:     name,
		Doc:      doc.Section(docSource, name),
		URL:      doc.URL(name),
		Requires: []*analysis.Analyzer{model},
		Run: func(pass *analysis.Pass) (any, error) {
			if modules.Includes(pass) {
				m, _ := pass.ResultOf[model].(*growth.Model)
				run(pass, checks, m, report.New(pass, opts))
			}
			return nil, nil
		},
	}
}

func run(pass *analysis.Pass, checks []string, m *growth.Model, r *report.Reporter) {
	for _, file := range pass.Files {
		docs := docComments(file)
		for _, group := range file.Comments {
			for _, c := range group.List {
				if finding, bad := judge(c, docs[group], checks); bad {
					r.Add(finding)
				}
			}
		}
	}
	if m != nil {
		m.Use(func() { bounds(pass, m, r) })
	}
	r.Flush()
}

// bounds reports the declarations of bounds that change nothing.
func bounds(pass *analysis.Pass, m *growth.Model, r *report.Reporter) {
	for _, idle := range m.IdleBounds(pass.Pkg) {
		r.Add(report.Finding{
			Pos: idle.Pos, End: idle.End, Advice: idle.Advice,
			Message: fmt.Sprintf("%sbounded does nothing here: %s", directive.Prefix, idle.Why),
		})
	}
}

// judge says what is wrong with comment c, which stands in the doc comment
// of at.
func judge(c *ast.Comment, at place, checks []string) (report.Finding, bool) {
	if d, ok := directive.Parse(c); ok {
		return misuse(d, at, checks)
	}
	if finding, bad := foreign(c, at); bad {
		return finding, true
	}
	return nearMiss(c) // a plain comment, but perhaps it was not meant to be
}

// A place is what a doc comment describes; zero stands for anything else.
type place uint8

const (
	function place = 1 << iota
	typeDecl
	packageClause
)

// A form is what a directive must look like.
type form struct {
	name   string
	places place // where it may stand; 0 for anywhere
	where  string
	check  bool // a check's name is the first argument
	reason bool // the remaining arguments may not be missing
}

// formOf returns the form of the directive of the given name, or nil, and
// the names of all directives.
func formOf(name string) (found *form, names []string) {
	for _, f := range []form{
		{name: "hot", places: function, where: "a function"},
		{name: "cold", places: function | typeDecl | packageClause, where: "a function, a type or a package"},
		{name: "noalloc", places: function, where: "a function"},
		{name: "bounded", reason: true},
		{name: "allow", reason: true},
		{name: "ignore", check: true, reason: true},
	} {
		names = append(names, f.name)
		if f.name == name {
			found = &f
		}
	}
	return found, names
}

// misuse says what is wrong with directive d, which stands in the doc
// comment of at.
func misuse(d directive.Directive, at place, checks []string) (report.Finding, bool) {
	finding := report.Finding{Pos: d.Pos, End: d.End}
	f, names := formOf(d.Name)
	if f == nil {
		finding.Message = fmt.Sprintf("directive %s%s is unknown", directive.Prefix, d.Name)
		if best := closest(d.Name, names); best != "" {
			finding.Message += fmt.Sprintf("; did you mean %s%s?", directive.Prefix, best)
			finding.Fixes = rewrite(d.Pos, len(directive.Prefix+d.Name), best)
		}
		return finding, true
	}
	if f.places != 0 && f.places&at == 0 {
		finding.Message = fmt.Sprintf("%s%s does nothing here: it belongs to the doc comment of %s", directive.Prefix, f.name, f.where)
		return finding, true
	}
	subject, reason := directive.Prefix+f.name, d.Args
	if f.check {
		var check string
		check, reason, _ = strings.Cut(d.Args, " ")
		subject += " " + check
		switch {
		case check == "":
			finding.Message = fmt.Sprintf("%s%s needs a check and a reason", directive.Prefix, f.name)
			return finding, true
		case !slices.Contains(checks, check):
			finding.Message = fmt.Sprintf("%s%s names the unknown check %q", directive.Prefix, f.name, check)
			if best := closest(check, checks); best != "" {
				finding.Message += fmt.Sprintf("; did you mean %q?", best)
			}
			return finding, true
		}
	}
	if f.reason && strings.TrimSpace(reason) == "" {
		finding.Message = subject + " needs a reason"
		return finding, true
	}
	return report.Finding{}, false
}

// nearMiss reports a comment that looks like a directive to its author and
// not to heapvet:
//
//	// heapvet:hot
//	// +heapvet:hot
//	//heapvet hot
//	//haepvet:hot
//
// Only a whole comment counts, so that prose may begin with the name of a
// directive.
func nearMiss(c *ast.Comment) (report.Finding, bool) {
	text, ok := strings.CutPrefix(c.Text, "//")
	if !ok {
		return report.Finding{}, false
	}
	trimmed := strings.TrimLeft(text, " \t+")
	i := strings.IndexAny(trimmed, ": ")
	if i < 0 {
		return report.Finding{}, false
	}
	tool := trimmed[:i]
	if strings.ContainsFunc(tool, func(r rune) bool { return !unicode.IsLetter(r) }) {
		return report.Finding{}, false // not a name, as in an indented example of a directive
	}
	fields := strings.Fields(trimmed[i+1:])
	if len(fields) == 0 || closest(tool, []string{"heapvet"}) == "" {
		return report.Finding{}, false // about something else
	}
	f, _ := formOf(fields[0])
	if f == nil || !f.reason && len(fields) > 1 {
		return report.Finding{}, false // prose
	}
	length := strings.Index(c.Text, tool) + len(tool)
	length += strings.Index(c.Text[length:], f.name) + len(f.name)
	return report.Finding{
		Pos:     c.Pos(),
		End:     c.End(),
		Message: fmt.Sprintf("comment %q is no directive; did you mean %s%s?", c.Text[:length], directive.Prefix, f.name),
		Fixes:   rewrite(c.Pos(), length, f.name),
	}, true
}

// rewrite returns the fix that writes the directive name in place of the
// length bytes at pos.
func rewrite(pos token.Pos, length int, name string) []analysis.SuggestedFix {
	return []analysis.SuggestedFix{{
		Message: "Write " + directive.Prefix + name,
		TextEdits: []analysis.TextEdit{{
			Pos:     pos,
			End:     pos + token.Pos(length),
			NewText: []byte(directive.Prefix + name),
		}},
	}}
}

// docComments maps the doc comments of file to what they describe.
func docComments(file *ast.File) map[*ast.CommentGroup]place {
	docs := map[*ast.CommentGroup]place{file.Doc: packageClause}
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			docs[decl.Doc] = function
		case *ast.GenDecl:
			if decl.Tok != token.TYPE {
				continue // neither hot nor cold
			}
			if !decl.Lparen.IsValid() {
				docs[decl.Doc] = typeDecl
			}
			for _, spec := range decl.Specs {
				docs[spec.(*ast.TypeSpec).Doc] = typeDecl
			}
		}
	}
	return docs
}
