package directive

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"

	"github.com/heapvet/heapvet/passes/internal/directive"
	"github.com/heapvet/heapvet/passes/internal/report"
)

// foreign reports a directive of gcassert or of gVisor's checkescape, which
// the check noalloc reads too, if it is misspelt or asserts nothing where it
// stands.
func foreign(c *ast.Comment, at place) (report.Finding, bool) {
	finding := report.Finding{Pos: c.Pos(), End: c.End()}
	for _, name := range directive.Gcassert(c) {
		if known := []string{"noescape", "inline", "bce"}; !slices.Contains(known, name) {
			finding.Message = fmt.Sprintf("directive //gcassert:%s is unknown", name) + meant(name, known)
			return finding, true
		}
	}
	options, ok := directive.Checkescape(c)
	if !ok {
		return misspelt(c)
	}
	if at != function {
		finding.Message = directive.CheckescapePrefix + " does nothing here: it belongs to the doc comment of a function"
		return finding, true
	}
	for _, option := range options {
		if known := checkescapeOptions(); !slices.Contains(known, option) {
			finding.Message = fmt.Sprintf("%s has no option %q", directive.CheckescapePrefix, option) + meant(option, known)
			return finding, true
		}
	}
	return finding, false
}

func checkescapeOptions() []string {
	return []string{"all", "builtin", "dynamic", "hard", "heap", "interface", "local", "stack", "unknown"}
}

// misspelt reports a comment of the form "// +checkescpae" that is about
// what checkescape is about.
func misspelt(c *ast.Comment) (report.Finding, bool) {
	const name = "checkescape"
	text, ok := strings.CutPrefix(strings.TrimPrefix(strings.TrimPrefix(c.Text, "//"), " "), "+")
	word, _, _ := strings.Cut(text, ":")
	if !ok || word == name && strings.HasPrefix(c.Text, directive.CheckescapePrefix) || closest(word, []string{name}) == "" {
		return report.Finding{}, false
	}
	return report.Finding{
		Pos: c.Pos(), End: c.End(),
		Message: fmt.Sprintf("comment %q is no directive; did you mean %s?", c.Text, directive.CheckescapePrefix),
	}, true
}

// meant is the question that ends a message about the unknown name, if
// there is a near one.
func meant(name string, known []string) string {
	if best := closest(name, known); best != "" {
		return fmt.Sprintf("; did you mean %s?", best)
	}
	return ""
}
