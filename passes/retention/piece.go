package retention

import (
	"fmt"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/hotcode"
	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/growth"
)

// pieces judges what is put into containers: a piece of a buffer keeps the
// buffer.
func (c *checker) pieces() {
	for _, container := range c.model.In(c.pass.Pkg) {
		for _, g := range container.Growths {
			if g.Package() != c.pass.Pkg || c.model.Program.Heat(g.Func()).Grade < hotcode.Warm {
				continue // another package's, or once
			}
			source := kept(g)
			if source == "" {
				continue // no piece of anything
			}
			s := c.site(g.Instr, c.model.Lifetime(g))
			s.pos = g.Pos()
			c.report(s, false, fmt.Sprintf("%s %q keeps a piece of what %s read: the whole of it stays in memory with the piece; store strings.Clone or bytes.Clone of the piece",
				container.Kind, container.Name, source))
		}
	}
}

// kept returns what read the buffer of which g adds a piece, or "".
func kept(g *growth.Growth) string {
	var added []ssa.Value
	if g.Key != nil {
		added = append(added, g.Key)
	}
	if g.Elem != nil {
		added = append(added, elements(g.Elem)...)
	}
	for _, v := range added {
		if source := pieceOf(v, 0); source != "" {
			return source
		}
	}
	return ""
}

// readers are functions whose result is all of an input, by full name.
var readers = map[string]string{
	"io.ReadAll":                "io.ReadAll",
	"io/ioutil.ReadAll":         "ioutil.ReadAll",
	"(*bytes.Buffer).Bytes":     "a bytes.Buffer",
	"(*bytes.Buffer).String":    "a bytes.Buffer",
	"(*strings.Builder).String": "a strings.Builder",
}

// cutters are functions of strings and bytes that return parts of their
// first argument.
var cutters = map[string]bool{
	"Cut": true, "CutPrefix": true, "CutSuffix": true, "Split": true, "SplitN": true, "SplitAfter": true, "Fields": true,
	"Trim": true, "TrimSpace": true, "TrimPrefix": true, "TrimSuffix": true, "TrimLeft": true, "TrimRight": true,
}

// maxSteps bounds how far a piece is followed.
const maxSteps = 12

// pieceOf returns what read the buffer that v, or a field of the object
// that v points to, is a piece of, or "".
func pieceOf(v ssa.Value, steps int) string {
	if steps > maxSteps {
		return ""
	}
	steps++
	switch v := v.(type) {
	case *ssa.Slice:
		if v.Low != nil || v.High != nil {
			return wholeOf(v.X, steps)
		}
	case *ssa.MakeInterface:
		return pieceOf(v.X, steps)
	case *ssa.ChangeType:
		return pieceOf(v.X, steps)
	case *ssa.Extract:
		return pieceOf(v.Tuple, steps)
	case *ssa.Phi:
		for _, e := range v.Edges {
			if source := pieceOf(e, steps); source != "" {
				return source
			}
		}
	case *ssa.UnOp:
		return pieceOf(v.X, steps)
	case *ssa.IndexAddr: // an element of what Split returned
		return pieceOf(v.X, steps)
	case *ssa.Call:
		if cuts(v) {
			return wholeOf(v.Call.Args[0], steps)
		}
	case *ssa.Alloc:
		return pieceIn(v, steps)
	}
	return ""
}

// pieceIn looks at what is stored in a local variable or in the fields of
// an object that the function makes.
func pieceIn(v *ssa.Alloc, steps int) string {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr == v {
				if source := pieceOf(ref.Val, steps); source != "" {
					return source
				}
			}
		case *ssa.FieldAddr:
			for _, use := range *ref.Referrers() {
				if store, ok := use.(*ssa.Store); ok && store.Addr == ref {
					if source := pieceOf(store.Val, steps); source != "" {
						return source
					}
				}
			}
		}
	}
	return ""
}

// wholeOf returns what read v, or what v is a piece of.
func wholeOf(v ssa.Value, steps int) string {
	if steps > maxSteps {
		return ""
	}
	steps++
	switch v := v.(type) {
	case *ssa.Call:
		if source := readers[callsite.Name(&v.Call)]; source != "" {
			return source
		}
		if cuts(v) {
			return wholeOf(v.Call.Args[0], steps)
		}
	case *ssa.Extract:
		return wholeOf(v.Tuple, steps)
	case *ssa.Convert: // string(data): a copy, but of all of it
		return wholeOf(v.X, steps)
	case *ssa.Slice:
		return wholeOf(v.X, steps)
	case *ssa.Phi:
		for _, e := range v.Edges {
			if source := wholeOf(e, steps); source != "" {
				return source
			}
		}
	case *ssa.UnOp:
		return wholeOf(v.X, steps)
	case *ssa.IndexAddr:
		return wholeOf(v.X, steps)
	case *ssa.Alloc:
		for _, ref := range *v.Referrers() {
			if store, ok := ref.(*ssa.Store); ok && store.Addr == v {
				if source := wholeOf(store.Val, steps); source != "" {
					return source
				}
			}
		}
	}
	return ""
}

// cuts reports whether call returns parts of its first argument.
func cuts(call *ssa.Call) bool {
	callee := callsite.Name(&call.Call)
	pkg, name, ok := strings.Cut(callee, ".")
	return ok && (pkg == "strings" || pkg == "bytes") && cutters[name]
}
