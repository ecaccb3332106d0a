package check

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/fatih/color"
	"golang.org/x/term"

	"github.com/heapvet/heapvet/cmd/heapvet/internal/load"
)

// A style colours the parts of a finding; on anything but a terminal it
// leaves them as they are.
type style struct{ position, check *color.Color }

func newStyle(out *os.File) style {
	st := style{color.New(color.Bold), color.New(color.FgCyan)}
	colour := term.IsTerminal(int(out.Fd())) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	for _, c := range []*color.Color{st.position, st.check} {
		if colour {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
	}
	return st
}

// printText prints the findings, one a line; context is the number of
// source lines to show around each, negative for none at all.
func printText(out *os.File, env *load.Env, findings []finding, context int) error {
	w := bufio.NewWriter(out)
	st := newStyle(out)
	var src source
	for _, f := range findings {
		fmt.Fprintf(w, "%s %s %s\n", st.position.Sprint(f.pos.String()+":"), f.message, st.check.Sprint("("+f.check+")"))
		if context >= 0 {
			src.show(w, env.Abs(f.pos.Filename), f.pos.Line-context, max(f.pos.Line, f.end.Line)+context)
		}
	}
	return w.Flush()
}

// A source is the file whose lines were shown last.
type source struct {
	name  string
	lines []string
}

// show prints the lines from first to last of the named file that exist.
func (s *source) show(w io.Writer, name string, first, last int) {
	if s.name != name {
		data, err := os.ReadFile(name)
		if err != nil {
			data = nil // a //line directive may name what is not there
		}
		s.name, s.lines = name, strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	}
	for i := max(first, 1); i <= min(last, len(s.lines)); i++ {
		fmt.Fprintf(w, "%d\t%s\n", i, s.lines[i-1])
	}
}

// summarise prints what failed, a line each, and one line that counts
// everything.
func summarise(w io.Writer, prog *load.Program, findings []finding, failed []string) {
	for _, line := range failed {
		fmt.Fprintf(w, "heapvet: %s\n", line)
	}
	packages := make(map[string]bool)
	for _, pkg := range prog.Named {
		packages[pkg.PkgPath] = true
	}
	parts := []string{count(len(findings), "finding") + " in " + count(len(packages), "package")}
	if n, reasons := unconfirmed(findings); n > 0 {
		parts = append(parts, fmt.Sprintf("%d unconfirmed (%s)", n, strings.Join(reasons, "; ")))
	}
	if n := len(prog.Broken); n > 0 {
		parts = append(parts, count(n, "package")+" not read")
	}
	if n := len(failed); n > 0 {
		parts = append(parts, count(n, "check")+" failed")
	}
	fmt.Fprintf(w, "heapvet: %s\n", strings.Join(parts, ", "))
}

// unconfirmed counts the findings that the compiler's word is missing for,
// and lists the reasons that their messages end in.
func unconfirmed(findings []finding) (n int, reasons []string) {
	seen := make(map[string]bool)
	for _, f := range findings {
		text := strings.TrimSuffix(f.message, " [advice]")
		_, reason, ok := strings.Cut(text, " (unconfirmed: ")
		if !ok || !strings.HasSuffix(reason, ")") {
			continue
		}
		n++
		seen[strings.TrimSuffix(reason, ")")] = true
	}
	return n, slices.Sorted(maps.Keys(seen))
}

// count returns "no things", "1 thing" or "n things".
func count(n int, thing string) string {
	switch n {
	case 0:
		return "no " + thing + "s"
	case 1:
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
