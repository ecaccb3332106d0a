package lsp

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A finding is what a check says about a place in a text, which byte
// offsets give.
type finding struct {
	mark
	check   string
	message string
	advice  bool // of tier advice
	fixes   []quickFix
}

// A quickFix is a way out of a finding that needs no thinking.
type quickFix struct {
	title  string
	edits  map[string][]textEdit // by file
	proved bool                  // the compiler agrees that the allocation is gone
}

// A textEdit is an edit of the protocol.
type textEdit struct {
	Range   span   `json:"range"`
	NewText string `json:"newText"`
}

// errBroken says that go vet could not analyse the code as it is now.
var errBroken = errors.New("the code does not build")

// A vet runs heapvet itself as go vet's tool: go vet caches what it finds,
// and sees unsaved text through an overlay.
type vet struct {
	self string // heapvet's binary
}

// run returns the findings in the package of dir, by file, with the texts
// of unsaved documents in place of their files.
func (v vet) run(ctx context.Context, dir string, unsaved map[string]string, flags []string) (map[string][]finding, error) {
	over, err := newOverlay(unsaved)
	if err != nil {
		return nil, err
	}
	defer over.remove()
	args := []string{"vet", "-vettool=" + v.self, "-json"}
	if over.dir != "" {
		args = append(args, "-overlay="+over.name())
	}
	args = append(append(args, flags...), ".")
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &stdout, &stderr
	err = runLow(cmd)
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.As(err, &exit):
		return nil, fmt.Errorf("%w: %s", errBroken, firstLine(stderr.String()))
	case err != nil:
		return nil, fmt.Errorf("running go vet: %w", err)
	}
	return readFindings(&stdout, dir, over)
}

// heapvet returns the command that runs heapvet itself in dir.
func (v vet) heapvet(ctx context.Context, dir string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, v.self, args...)
	cmd.Args[0] = "heapvet" // not the name that makes it a language server
	cmd.Dir = dir
	return cmd
}

// firstLine returns the first line of what the go command prints that is
// not the name of a package.
func firstLine(text string) string {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return line
		}
	}
	return "go vet failed"
}

// A diagnostic is one of go vet -json.
type diagnostic struct {
	Posn           string `json:"posn"`
	End            string `json:"end"`
	Message        string `json:"message"`
	SuggestedFixes []struct {
		Message string `json:"message"`
		Edits   []struct {
			Filename string `json:"filename"`
			Start    int    `json:"start"`
			End      int    `json:"end"`
			New      string `json:"new"`
		} `json:"edits"`
	} `json:"suggested_fixes"`
}

// readFindings reads what go vet -json prints: a tree for each unit, of
// packages, checks and diagnostics. Findings elsewhere than in dir, where
// facts came from, are left out.
func readFindings(r io.Reader, dir string, over *overlay) (map[string][]finding, error) {
	found := make(map[string][]finding)
	seen := make(map[string]bool) // test variants repeat what the package has
	for units := json.NewDecoder(r); ; {
		var unit map[string]map[string]json.RawMessage
		switch err := units.Decode(&unit); {
		case err == io.EOF:
			for _, list := range found {
				slices.SortStableFunc(list, func(a, b finding) int {
					return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.check, b.check))
				})
			}
			return found, nil
		case err != nil:
			return nil, fmt.Errorf("reading what go vet found: %w", err)
		}
		for _, checks := range unit {
			for _, check := range slices.Sorted(maps.Keys(checks)) {
				var list []diagnostic
				if json.Unmarshal(checks[check], &list) != nil {
					continue // the error of an analyzer, which go vet has printed
				}
				for _, d := range list {
					file, f := over.finding(check, d)
					key := check + d.Posn + d.Message
					if filepath.Dir(file) == dir && !seen[key] {
						found[file] = append(found[file], f)
					}
					seen[key] = true
				}
			}
		}
	}
}

// finding converts d, and returns the file that it is in.
func (o *overlay) finding(check string, d diagnostic) (file string, f finding) {
	file, line, column := splitPosn(d.Posn)
	file = o.original(file)
	text := o.text(file)
	f = finding{check: check, message: d.Message}
	f.start = lineOffset(text, line, column)
	_, line, column = splitPosn(d.End)
	f.end = max(lineOffset(text, line, column), wordEnd(text, f.start))
	for _, s := range d.SuggestedFixes {
		x := quickFix{title: s.Message, edits: make(map[string][]textEdit)}
		for _, e := range s.Edits {
			file := o.original(e.Filename)
			text := o.text(file)
			at := span{positionOf(text, e.Start), positionOf(text, e.End)}
			x.edits[file] = append(x.edits[file], textEdit{at, e.New})
		}
		f.fixes = append(f.fixes, x)
	}
	return file, f
}

// splitPosn splits "file:line:column".
func splitPosn(posn string) (file string, line, column int) {
	rest, last, _ := cutLast(posn)
	file, middle, _ := cutLast(rest)
	line, _ = strconv.Atoi(middle)
	column, _ = strconv.Atoi(last)
	return file, max(line, 1), max(column, 1)
}

// cutLast cuts s at its last colon.
func cutLast(s string) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// wordEnd returns where the word that begins at start ends: editors do not
// show what has no length.
func wordEnd(text string, start int) int {
	end := start
	for end < len(text) {
		r, size := utf8.DecodeRuneInString(text[end:])
		if end > start && !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' {
			break
		}
		end += size
	}
	return end
}

// An overlay gives unsaved texts to the go command.
type overlay struct {
	dir       string            // holds the texts; "" if there are none
	texts     map[string]string // by the name of the file they stand for, and what was read besides
	originals map[string]string // that name, by the name of what holds the text
}

func newOverlay(texts map[string]string) (*overlay, error) {
	o := &overlay{texts: make(map[string]string), originals: make(map[string]string)}
	maps.Copy(o.texts, texts)
	if len(texts) == 0 {
		return o, nil
	}
	dir, err := os.MkdirTemp("", "heapvet-lsp")
	if err != nil {
		return nil, fmt.Errorf("writing unsaved text: %w", err)
	}
	o.dir = dir
	replace := make(map[string]string)
	for file, text := range texts {
		name := filepath.Join(dir, fmt.Sprintf("%d-%s", len(replace), filepath.Base(file)))
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			o.remove()
			return nil, fmt.Errorf("writing unsaved text: %w", err)
		}
		replace[file] = name
		o.originals[name] = file
	}
	if err := os.WriteFile(o.name(), raw(map[string]any{"Replace": replace}), 0o600); err != nil {
		o.remove()
		return nil, fmt.Errorf("writing unsaved text: %w", err)
	}
	return o, nil
}

// name returns the name of the file that tells the go command of the texts.
func (o *overlay) name() string { return filepath.Join(o.dir, "overlay.json") }

func (o *overlay) remove() {
	if o.dir != "" {
		os.RemoveAll(o.dir)
	}
}

// original returns the name of the file whose text name holds.
func (o *overlay) original(name string) string {
	if file, ok := o.originals[name]; ok {
		return file
	}
	return name
}

// text returns the text that was analysed as file.
func (o *overlay) text(file string) string {
	text, ok := o.texts[file]
	if !ok {
		data, _ := os.ReadFile(file) // a file that has gone has no positions
		text = string(data)
		o.texts[file] = text
	}
	return text
}

// tiers runs the checks in the tiers that s asks for. go vet does not say
// of what tier a finding is: advice is what the default tier does not have.
func (v vet) tiers(ctx context.Context, dir string, unsaved map[string]string, s settings) (map[string][]finding, error) {
	heat := heatFlags(moduleOf(dir))
	found, err := v.run(ctx, dir, unsaved, append(s.flags(false), heat...))
	if err != nil || !s.advice {
		return found, err
	}
	type place struct {
		check, message string
		start          int
	}
	byDefault := make(map[place]bool)
	for _, list := range found {
		for _, f := range list {
			byDefault[place{f.check, f.message, f.start}] = true
		}
	}
	all, err := v.run(ctx, dir, unsaved, append(s.flags(true), heat...))
	for _, list := range all {
		for i, f := range list {
			list[i].advice = !byDefault[place{f.check, f.message, f.start}]
		}
	}
	return all, err
}
