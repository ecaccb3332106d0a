package directive

import (
	"go/ast"
	"strings"
)

// CheckescapePrefix begins the directives of gVisor's checkescape.
const CheckescapePrefix = "// +checkescape"

// Checkescape reads the directive of gVisor's checkescape in comment c, and
// its options: "// +checkescape" or "// +checkescape:local,heap".
func Checkescape(c *ast.Comment) (options []string, ok bool) {
	rest, ok := strings.CutPrefix(c.Text, CheckescapePrefix)
	if !ok {
		return nil, false
	}
	rest, _, _ = strings.Cut(rest, " ")
	if rest == "" {
		return nil, true
	}
	list, ok := strings.CutPrefix(rest, ":")
	if !ok {
		return nil, false
	}
	return strings.Split(list, ","), true
}

// Gcassert reads the names in a directive of gcassert in comment c:
// "//gcassert:noescape" or "// gcassert:bce,inline".
func Gcassert(c *ast.Comment) []string {
	text := strings.TrimPrefix(strings.TrimPrefix(c.Text, "//"), " ")
	list, ok := strings.CutPrefix(text, "gcassert:")
	if !ok {
		return nil
	}
	list, _, _ = strings.Cut(list, " ")
	return strings.Split(list, ",")
}
