package explain

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/heapvet/heapvet/passes/gcfacts"
)

// words say what each of gc's reasons means. %s is the expression that the
// value flows through. gc's own list is in cmd/compile/internal/escape.
var words = map[gcfacts.Reason]string{
	"spill":                        "it is kept in memory of its own, and what goes on is its address",
	"assign":                       "it is assigned: %s",
	"assign-pair":                  "it is assigned: %s",
	"assign-pair-dot-type":         "it is taken out of an interface and assigned: %s",
	"assign-pair-mapr":             "it is read from a map and assigned: %s",
	"assign-pair-receive":          "it is received from a channel and assigned: %s",
	"return":                       "it is returned: %s",
	"call parameter":               "it is passed to a call: %s",
	"captured by a closure":        "a function literal uses it, and so holds it as long as the literal lives",
	"reference":                    "the function literal holds its address, not a copy, because it is large, is changed, or has its address taken: %s",
	"address-of":                   "its address is taken: %s",
	"dot":                          "a part of it is taken: %s",
	"dot of pointer":               "a part of what it points to is taken: %s",
	"indirection":                  "what it points to is read: %s",
	"interface-converted":          "it is converted to an interface, which holds a pointer to a copy of it: %s",
	"slice":                        "a slice of it is taken: %s",
	"slice-literal-element":        "it is an element of a slice literal: %s",
	"array literal element":        "it is an element of an array literal: %s",
	"struct literal element":       "it is a field of a struct literal: %s",
	"map literal key":              "it is a key of a map literal: %s",
	"map literal value":            "it is a value of a map literal: %s",
	"key of map put":               "it is a key that is put into a map: %s",
	"send":                         "it is sent to a channel: %s",
	"range":                        "a loop ranges over it: %s",
	"range-deref":                  "a loop ranges over what it points to: %s",
	"switch case":                  "a type switch takes it out of an interface: %s",
	"fixed-array-index-of":         "an element of the array is taken: %s",
	"appendee slice":               "it is appended to, and the result shares its memory: %s",
	"appended slice...":            "its elements are appended to another slice: %s",
	"copied slice":                 "its elements are copied to another slice: %s",
	"slice-to-array":               "the slice is converted to an array or a pointer to one: %s",
	"callee operand":               "it is called: %s",
	"//go:uintptrescapes":          "it is passed as a uintptr to a function that is marked //go:uintptrescapes: %s",
	"conversion to unsafe.Pointer": "it is converted to unsafe.Pointer: %s",
	"reflect.Header.Data":          "it is reached through the Data field of a reflect header: %s",

	"too large for stack":   "it is too large for the stack: a variable may have 128 KiB, a value without a name 64 KiB",
	"too aligned for stack": "it needs a stricter alignment than the stack has",
	"zero-sized element":    "its elements have no size, so that no memory is allocated for them",
	"non-constant size":     "its size is known at run time only",
}

// limits say how large a value of each kind may be before it goes to the
// heap although it does not escape.
var limits = map[gcfacts.Kind]string{
	gcfacts.MakeMap: "up to 8 entries it stays on the stack, with more it goes to the heap",
	gcfacts.MapLit:  "up to 8 entries it stays on the stack, with more it goes to the heap",
	gcfacts.Box:     "it is larger than the 1024 bytes that may stay on the stack, and goes to the heap",
}

// limit says the same of one kind.
func limit(kind gcfacts.Kind) string {
	if text, ok := limits[kind]; ok {
		return text
	}
	return "up to 32 bytes it stays on the stack, larger ones go to the heap"
}

// say translates one step of a flow.
func say(step gcfacts.Step) string {
	text, ok := words[step.Reason]
	switch {
	case !ok:
		return fmt.Sprintf("the compiler says %q of it: %s", string(step.Reason), code(step.Expr))
	case strings.Contains(text, "%s"):
		return fmt.Sprintf(text, code(step.Expr))
	}
	return text
}

// code shows an expression of gc's, shortened to what fits a line.
func code(expr string) string {
	const most = 100
	if runes := []rune(expr); len(runes) > most {
		expr = string(runes[:most]) + "..."
	}
	return "`" + expr + "`"
}

// where names the destination of a flow.
func where(dst string) string {
	switch {
	case dst == "{heap}":
		return "a place that the compiler cannot follow, or that outlives the function"
	case strings.HasPrefix(dst, "{storage for ") && strings.HasSuffix(dst, "}"):
		return "the memory of " + code(dst[len("{storage for "):len(dst)-1])
	case strings.HasPrefix(dst, "{temp}"):
		return "a temporary"
	}
	if n, ok := result(dst); ok {
		return n
	}
	return code(dst)
}

// result names gc's unnamed results, "~r0" and so on.
func result(name string) (string, bool) {
	n, err := strconv.Atoi(strings.TrimPrefix(name, "~r"))
	if err != nil || !strings.HasPrefix(name, "~r") {
		return "", false
	}
	return fmt.Sprintf("result %d of the function, and so the caller", n+1), true
}

// kinds name the sorts of allocation.
var kinds = map[gcfacts.Kind]string{
	gcfacts.Moved:       "the variable",
	gcfacts.NewCall:     "the new value",
	gcfacts.PtrLit:      "the value",
	gcfacts.SliceLit:    "the array of the slice literal",
	gcfacts.MapLit:      "the map",
	gcfacts.MakeSlice:   "the array of the slice",
	gcfacts.MakeMap:     "the map",
	gcfacts.Append:      "the array that append grows into",
	gcfacts.Closure:     "the function literal, with what it captures,",
	gcfacts.MethodValue: "the method value, with its receiver,",
	gcfacts.Variadic:    "the slice of the variadic arguments of the call",
	gcfacts.Concat:      "the concatenated string",
	gcfacts.Conv:        "the copy that the conversion makes",
	gcfacts.Box:         "the copy that the interface points to",
	gcfacts.RangeFunc:   "the body of the loop, as a function literal,",
	gcfacts.Inlined:     "a value of the function that is inlined in this call",
	gcfacts.GoCall:      "the call with its arguments, which waits to be run,",
}
