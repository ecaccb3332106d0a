// Package doc makes a check's package comment serve as its help text, so
// that the page on pkg.go.dev and "heapvet help" cannot differ.
package doc

import (
	"go/parser"
	"go/token"
	"strings"
)

// Section returns the part of the package comment of source, a doc.go file,
// under the heading "# Analyzer name". Its first line has the form
// "name: title". It returns "" where there is no such section.
func Section(source, name string) string {
	file, err := parser.ParseFile(token.NewFileSet(), "doc.go", source, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil {
		return "" // the suite's test finds an analyzer without documentation
	}
	for section := range strings.SplitSeq("\n"+file.Doc.Text(), "\n# Analyzer ") {
		if body, ok := strings.CutPrefix(section, name+"\n"); ok {
			return strings.TrimSpace(body)
		}
	}
	return ""
}

// URL returns the address of the page about the check.
func URL(name string) string {
	return "https://pkg.go.dev/github.com/heapvet/heapvet/passes/" + name
}
