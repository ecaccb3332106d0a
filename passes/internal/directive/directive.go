// Package directive reads heapvet's directives from comments.
//
//	//heapvet:hot                    the function runs per request
//	//heapvet:cold                   the function, type or package does not
//	//heapvet:bounded reason         the declared container is bounded by other means
//	//heapvet:noalloc                the function must not allocate
//	//heapvet:allow reason           exempts a line of a noalloc function
//	//heapvet:ignore check reason    silences a check on this or the next line
package directive

import (
	"go/ast"
	"go/token"
	"iter"
	"strings"
)

// Prefix begins every directive comment. No space follows the slashes, so
// that gofmt and go doc treat the comment as a directive.
const Prefix = "//heapvet:"

// A Directive is one comment of the form //heapvet:name args.
type Directive struct {
	Name string // "hot", "ignore", ...
	Args string // what follows the name, trimmed
	Pos  token.Pos
	End  token.Pos
}

// Parse reads the directive in comment c, if it is one.
func Parse(c *ast.Comment) (Directive, bool) {
	rest, ok := strings.CutPrefix(c.Text, Prefix)
	if !ok {
		return Directive{}, false
	}
	name, args, _ := strings.Cut(rest, " ")
	return Directive{Name: name, Args: strings.TrimSpace(args), Pos: c.Pos(), End: c.End()}, true
}

// Has reports whether doc holds the directive //heapvet:name.
func Has(doc *ast.CommentGroup, name string) bool {
	if doc == nil {
		return false
	}
	for _, c := range doc.List {
		if d, ok := Parse(c); ok && d.Name == name {
			return true
		}
	}
	return false
}

// All yields the directives of file in source order.
func All(file *ast.File) iter.Seq[Directive] {
	return func(yield func(Directive) bool) {
		for _, group := range file.Comments {
			for _, c := range group.List {
				if d, ok := Parse(c); ok && !yield(d) {
					return
				}
			}
		}
	}
}
