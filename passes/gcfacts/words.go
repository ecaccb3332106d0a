package gcfacts

import "strings"

// isLiteral reports whether gc's text of a value is a constant.
func isLiteral(s string) bool {
	if s == "" {
		return false
	}
	switch s[0] {
	case '"', '`':
		return len(s) > 1 && s[len(s)-1] == s[0] && strings.Count(s, `"`)-strings.Count(s, `\"`) <= 2
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '\'':
		return !strings.ContainsRune(s, ' ')
	}
	return s == "true" || s == "false"
}

// isTypedLiteral reports whether gc's text of a value that is no call is a
// constant of a named type, "int64(1210)".
func isTypedLiteral(s string) bool {
	_, arg, ok := strings.Cut(s, "(")
	arg, closed := strings.CutSuffix(arg, ")")
	return ok && closed && isLiteral(arg)
}

// sizedText reports whether gc's text of an inlined value is of a kind
// whose size is known at run time only.
func sizedText(s string) bool {
	for _, prefix := range [...]string{"make(", "append", "string(", "([]byte)(", "([]rune)(", "map["} {
		if strings.HasPrefix(s, prefix) {
			return true
		}
	}
	return strings.Contains(s, " + ")
}
