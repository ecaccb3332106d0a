package growth

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/types"
	"slices"

	"github.com/heapvet/heapvet/passes/internal/buildssa"
	"github.com/heapvet/heapvet/passes/internal/directive"
)

// Declared returns the reason that a //heapvet:bounded directive at the
// container's declaration gives, or "".
func (m *Model) Declared(c *Container) string {
	if m.undeclared {
		return ""
	}
	reason, ok := m.reasons[c]
	if !ok {
		reason = m.reason(c)
		m.reasons[c] = reason
	}
	return reason
}

// reason is Declared without a memory.
func (m *Model) reason(c *Container) string {
	for _, pkg := range m.Program.Packages {
		if pkg.Pkg.Pkg != c.Package() {
			continue
		}
		line := m.Program.Prog.Fset.Position(c.Pos).Line
		for _, file := range pkg.Files {
			if c.Pos < file.FileStart || c.Pos >= file.FileEnd {
				continue
			}
			for _, group := range file.Comments {
				if m.covers(group, line) && reasonIn(group) != "" {
					return reasonIn(group)
				}
			}
		}
	}
	return ""
}

// covers reports whether a comment is on a line or ends on the one above.
func (m *Model) covers(group *ast.CommentGroup, line int) bool {
	fset := m.Program.Prog.Fset
	start, end := fset.Position(group.Pos()).Line, fset.Position(group.End()).Line
	return start == line || end == line || end == line-1
}

func reasonIn(group *ast.CommentGroup) string {
	for _, c := range group.List {
		if d, ok := directive.Parse(c); ok && d.Name == "bounded" {
			return d.Args
		}
	}
	return ""
}

// An Idle is a //heapvet:bounded directive that changes nothing.
type Idle struct {
	directive.Directive
	Why    string
	Advice bool // a driver that sees less of the program may need it
}

// IdleBounds returns the directives of pkg with a reason that change
// nothing, in source order.
func (m *Model) IdleBounds(pkg *types.Package) []Idle {
	var idle []Idle
	for _, p := range m.Program.Packages {
		if p.Pkg.Pkg != pkg {
			continue
		}
		for _, file := range p.Files {
			for _, group := range file.Comments {
				for _, c := range group.List {
					if d, ok := directive.Parse(c); ok && d.Name == "bounded" && d.Args != "" {
						if why, advice := m.idle(p, group); why != "" {
							idle = append(idle, Idle{d, why, advice})
						}
					}
				}
			}
		}
	}
	return idle
}

// idle says why the directive in a comment changes nothing, "" if it does.
func (m *Model) idle(pkg *buildssa.SSA, group *ast.CommentGroup) (why string, advice bool) {
	objs := m.declaredAt(pkg, group)
	if len(objs) == 0 {
		return "no container is declared on this line or the next", false
	}
	grows, sure := false, true
	for _, c := range m.Containers {
		if !slices.ContainsFunc(objs, func(obj types.Object) bool { return obj.Pos() == c.Pos }) {
			continue
		}
		grows = true
		if c.Kind == Slice || m.tells(c) {
			return "", false // retention looks at slices, too
		}
	}
	for _, obj := range objs {
		sure = sure && (m.hasMain || !obj.Exported())
	}
	switch {
	case !sure:
		return "", false // importers may add to it
	case !grows:
		return fmt.Sprintf("nothing adds to %q", objs[0].Name()), false
	case m.hasMain:
		return fmt.Sprintf("%q is not reported without it", objs[0].Name()), true
	}
	return "", false
}

// tells reports whether a container would be reported if no directive said
// that it is bounded.
func (m *Model) tells(c *Container) bool {
	m.undeclared = true
	defer func() { m.undeclared = false }()
	if _, bad := m.worst(c); bad {
		return true
	}
	return m.findDefect(c) != nil
}

// declaredAt returns the variables, fields and types with elements that a
// comment is about, in source order.
func (m *Model) declaredAt(pkg *buildssa.SSA, group *ast.CommentGroup) []types.Object {
	var objs []types.Object
	file := m.Program.Prog.Fset.File(group.Pos())
	for _, obj := range pkg.Info.Defs {
		if obj == nil || m.Program.Prog.Fset.File(obj.Pos()) != file || !m.covers(group, file.Line(obj.Pos())) {
			continue
		}
		switch obj.(type) {
		case *types.Var, *types.TypeName:
			if isContainer(obj.Type()) || m.caches.typeOf(obj.Type()) != "" {
				objs = append(objs, obj)
			}
		}
	}
	slices.SortFunc(objs, func(a, b types.Object) int { return cmp.Compare(a.Pos(), b.Pos()) })
	return objs
}
