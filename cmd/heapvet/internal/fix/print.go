package fix

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strconv"

	"github.com/aymanbagabas/go-udiff"

	"github.com/heapvet/heapvet/cmd/heapvet/internal/load"
)

// PrintDiff prints what the proved fixes change, as a unified diff with
// file names as seen from env's directory.
func (r *Result) PrintDiff(out io.Writer, env *load.Env) error {
	w := bufio.NewWriter(out)
	for _, f := range r.Files {
		name := filepath.ToSlash(env.Rel(f.Name))
		fmt.Fprint(w, udiff.Unified("a/"+name, "b/"+name, string(f.Old), string(f.New)))
	}
	return w.Flush()
}

// PrintApplied prints a line for each fix that was applied. Its place is
// where the finding was before.
func (r *Result) PrintApplied(out io.Writer, env *load.Env) error {
	w := bufio.NewWriter(out)
	for _, o := range r.Outcomes {
		if o.Refused == "" {
			fmt.Fprintf(w, "%s:%d:%d: %s (%s)\n", env.Rel(o.Fix.Pos.Filename), o.Fix.Pos.Line, o.Fix.Pos.Column, o.Fix.Message, o.Fix.Check)
		}
	}
	return w.Flush()
}

// PrintRefused prints a line for each fix that was left out, and why.
func (r *Result) PrintRefused(w io.Writer, env *load.Env) {
	for _, o := range r.Outcomes {
		if o.Refused != "" {
			fmt.Fprintf(w, "heapvet: %s:%d:%d: fix left out: %s (%s)\n",
				env.Rel(o.Fix.Pos.Filename), o.Fix.Pos.Line, o.Fix.Pos.Column, o.Refused, o.Fix.Check)
		}
	}
}

// A Verdict is what PrintJSON says of a fix.
type Verdict struct {
	File    string `json:"file"`
	Offset  int    `json:"offset"` // of the finding, in bytes
	Check   string `json:"check"`
	Message string `json:"message"`           // what the fix does
	Refused string `json:"refused,omitempty"` // why it is left out
}

// PrintJSON prints what became of each fix, as a JSON array of [Verdict]s.
func (r *Result) PrintJSON(out io.Writer) error {
	verdicts := []Verdict{}
	for _, o := range r.Outcomes {
		verdicts = append(verdicts, Verdict{o.Fix.Pos.Filename, o.Fix.Pos.Offset, o.Fix.Check, o.Fix.Message, o.Refused})
	}
	return json.NewEncoder(out).Encode(verdicts)
}

// Summary counts the fixes: "3 fixes proved, 3 applied in 2 files, 1 refused".
func (r *Result) Summary() string {
	refused := 0
	for _, o := range r.Outcomes {
		if o.Refused != "" {
			refused++
		}
	}
	applied := strconv.Itoa(r.Applied) + " applied"
	if r.Written > 0 {
		applied += " in " + count(r.Written, "file", "files")
	}
	return fmt.Sprintf("%s proved, %s, %d refused", count(r.Proved, "fix", "fixes"), applied, refused)
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
