package gcfacts

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"strings"
)

// maxColumn is the first column that gc leaves out of a position.
const maxColumn = 255

// A locator finds the token.Pos of gc's positions in one package.
type locator struct {
	fset     *token.FileSet
	text     *Text
	physical map[string]*token.File // by absolute name
	adjusted map[adjustedPos]token.Pos
	names    map[string]bool // of files that //line directives name
	byFile   []*token.File   // by index into text.files; nil: not of this package
	real     map[string]string
}

// adjustedPos is a position as //line directives tell it.
type adjustedPos struct {
	name      string
	line, col int
}

func newLocator(fset *token.FileSet, files []*ast.File, text *Text) *locator {
	l := &locator{
		fset: fset, text: text, physical: make(map[string]*token.File),
		adjusted: make(map[adjustedPos]token.Pos), names: make(map[string]bool), real: make(map[string]string),
	}
	for _, f := range files {
		tf := fset.File(f.FileStart)
		name := tf.Name()
		if abs, err := filepath.Abs(name); err == nil {
			name = abs
		}
		l.physical[name] = tf
		if hasLineDirective(f) {
			l.adjust(f)
		}
	}
	l.byFile = make([]*token.File, len(text.files))
	dir := l.workingDir()
	for i, name := range text.files {
		if !filepath.IsAbs(name) {
			name = filepath.Join(dir, name)
		}
		l.byFile[i] = l.file(name)
	}
	return l
}

func hasLineDirective(f *ast.File) bool {
	for _, group := range f.Comments {
		for _, c := range group.List {
			if strings.HasPrefix(c.Text, "//line ") || strings.HasPrefix(c.Text, "/*line ") {
				return true
			}
		}
	}
	return false
}

// adjust records where //line directives put the positions gc may name.
func (l *locator) adjust(f *ast.File) {
	ast.Inspect(f, func(n ast.Node) bool {
		if n == nil {
			return false
		}
		for _, pos := range positions(n) {
			p := l.fset.PositionFor(pos, true)
			key := adjustedPos{p.Filename, p.Line, p.Column}
			if old, ok := l.adjusted[key]; !ok || pos < old {
				l.adjusted[key] = pos
			}
			l.names[p.Filename] = true
		}
		return true
	})
}

// positions returns the positions of n that gc may name.
func positions(n ast.Node) []token.Pos {
	switch n := n.(type) {
	case *ast.FuncDecl:
		if n.Recv != nil {
			return []token.Pos{n.Recv.Opening}
		}
	case *ast.AssignStmt:
		return []token.Pos{n.TokPos}
	case ast.Expr:
		return []token.Pos{n.Pos(), exprPos(n)}
	case ast.Stmt:
		return []token.Pos{n.Pos()}
	}
	return nil
}

// workingDir returns the directory that the text's relative names start at:
// the go command's when it compiled, which may have been another run. It is
// the one from which most names lead to the package's own files.
func (l *locator) workingDir() string {
	votes := make(map[string]int)
	for _, name := range l.text.files {
		for own := range l.physical {
			if dir, ok := startOf(name, own); ok {
				votes[dir]++
			}
		}
	}
	best := l.text.dir
	for dir, n := range votes {
		if n > votes[best] || n == votes[best] && best != l.text.dir && dir < best {
			best = dir
		}
	}
	return best
}

// startOf returns the directory from which the relative name leads to the
// file own. What name leaves with ".." stays nameless.
func startOf(name, own string) (string, bool) {
	if filepath.IsAbs(name) {
		return "", false
	}
	up := 0
	name = filepath.Clean(name)
	for parent := ".." + string(filepath.Separator); strings.HasPrefix(name, parent); up++ {
		name = name[len(parent):]
	}
	dir, ok := strings.CutSuffix(own, string(filepath.Separator)+name)
	return dir + strings.Repeat(string(filepath.Separator)+"\x00", up), ok
}

// file returns the package's file that gc calls name, which may lead
// through another symbolic link.
func (l *locator) file(name string) *token.File {
	if tf := l.physical[name]; tf != nil {
		return tf
	}
	for own, tf := range l.physical {
		if filepath.Base(own) == filepath.Base(name) && l.resolve(filepath.Dir(own)) == l.resolve(filepath.Dir(name)) {
			return tf
		}
	}
	return nil
}

func (l *locator) resolve(dir string) string {
	r, ok := l.real[dir]
	if !ok {
		r = dir
		if links, err := filepath.EvalSymlinks(dir); err == nil {
			r = links
		}
		l.real[dir] = r
	}
	return r
}

// pos returns the position in the file set. Where gc left the column out,
// it is the start of the line and exact is false.
func (l *locator) pos(at, physical place) (pos token.Pos, exact bool) {
	if physical.line > 0 && l.byFile[physical.file] != nil {
		return l.inFile(l.byFile[physical.file], physical)
	}
	if at.file < 0 {
		return token.NoPos, false
	}
	if len(l.adjusted) > 0 {
		name := l.text.files[at.file]
		if !l.names[name] {
			name = l.directiveName(name)
		}
		if pos, ok := l.adjusted[adjustedPos{name, int(at.line), int(at.col)}]; ok {
			return pos, at.col > 0
		}
	}
	if tf := l.byFile[at.file]; tf != nil {
		return l.inFile(tf, at)
	}
	return token.NoPos, false
}

// directiveName finds the file of a //line directive whose name gc printed
// as it stands: relative to the source, not to the go command.
func (l *locator) directiveName(name string) string {
	for n := range l.names {
		if filepath.Base(n) == filepath.Base(name) && l.physical[n] == nil {
			return n
		}
	}
	return name
}

func (l *locator) inFile(tf *token.File, at place) (pos token.Pos, exact bool) {
	if int(at.line) > tf.LineCount() {
		return token.NoPos, false // the file has changed since
	}
	start := tf.LineStart(int(at.line))
	if at.col == 0 {
		return start, false
	}
	pos = start + token.Pos(at.col-1)
	if int(pos) > tf.Base()+tf.Size() {
		return token.NoPos, false
	}
	return pos, true
}

// A span is the part of a line that a position without a column may mean.
type span struct{ from, to token.Pos }

// span returns where a message may be whose position, at pos, has no column:
// in a column that gc does not print, or anywhere on a line that a //line
// directive without a column covers.
func (l *locator) span(pos token.Pos) span {
	tf := l.fset.File(pos)
	line := l.fset.PositionFor(pos, false).Line
	s := span{tf.LineStart(line), token.Pos(tf.Base() + tf.Size())}
	if line < tf.LineCount() {
		s.to = tf.LineStart(line+1) - 1
	}
	if l.fset.PositionFor(s.from, true).Column > 0 {
		s.from += maxColumn - 1
	}
	return s
}
