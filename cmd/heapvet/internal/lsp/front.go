package lsp

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// A front stands between an editor and gopls. It passes on every message
// as it came, but for the few that it has something to add to.
type front struct {
	editor, gopls *frameWriter
	vet           vet
	schedule      *schedule
	checks        map[string]string // the page about each check, by name

	mu        sync.Mutex
	docs      map[string]*document // what is open, by file
	published map[string]published // what gopls says of each file
	waiting   map[string]question  // requests whose answers get additions, by ID
	asked     map[string]func(json.RawMessage)
	lastID    int
	settings  settings
	wrong     []string // with the settings, as the user has been told
	trouble   string   // why the last analysis failed, as the user has been told
	can       abilities
	exiting   bool // gopls has been asked to end
}

// published is gopls's last word on a file.
type published struct {
	frame       frame
	uri         string
	version     int // of the document; 0 if it gave none
	diagnostics []json.RawMessage
}

// abilities are what editor and gopls have agreed on.
type abilities struct {
	configuration   bool // the editor answers workspace/configuration
	documentChanges bool // edits may name the version they are for
	markdown        bool // hovers may be markdown
	pull            bool // the editor asks for diagnostics
	refresh         bool // and can be told to ask again
}

func newFront(editor, gopls io.Writer, v vet, checks map[string]string) *front {
	fr := &front{
		editor: &frameWriter{w: editor}, gopls: &frameWriter{w: gopls}, vet: v, checks: checks,
		docs: make(map[string]*document), published: make(map[string]published),
		waiting: make(map[string]question), asked: make(map[string]func(json.RawMessage)),
	}
	fr.schedule = newSchedule(func(ctx context.Context, j job) {
		if j.heat {
			fr.heat(ctx, j.dir)
		} else {
			fr.analyse(ctx, j.dir)
		}
	})
	return fr
}

// fromEditor passes on what the editor sends, until it sends no more.
func (fr *front) fromEditor(r io.Reader) error {
	// A text is followed after it has been passed on, beside the reading
	// of what comes next, so that gopls never waits for heapvet.
	const backlog = 1024 // messages: more than anybody types in a second
	tracked := make(chan frame, backlog)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for f := range tracked {
			fr.follow(f)
		}
	}()
	defer func() { close(tracked); <-done }()
	return each(r, fr.gopls, func(f frame) error {
		if mayAsk(f) {
			f = fr.beforeGopls(f)
		}
		if f.raw == nil {
			return nil // it was for heapvet
		}
		if err := fr.gopls.write(f); err != nil {
			return err
		}
		if mayTell(f) {
			tracked <- f
		}
		return nil
	})
}

// fromGopls passes on what gopls sends, until it sends no more.
func (fr *front) fromGopls(r io.Reader) error {
	return each(r, fr.editor, fr.beforeEditor)
}

// each calls do for each frame of r. Input that is no frame is passed on
// as it is, with all that follows: whoever reads it may know better. A frame
// that is cut off at the end is dropped, for its reader would take what
// heapvet says next for the rest of it.
func each(r io.Reader, w *frameWriter, do func(frame) error) error {
	in := bufio.NewReaderSize(r, 64<<10)
	for {
		f, err := readFrame(in)
		switch {
		case err == io.EOF, err == errCut:
			return nil
		case err != nil:
			if err := w.write(f); err != nil {
				return err
			}
			_, err := io.Copy(w.w, in)
			return err
		}
		if err := do(f); err != nil {
			return err
		}
	}
}

// mayAsk reports whether the editor's message f may be one that heapvet
// has to read before gopls does.
func mayAsk(f frame) bool {
	return names(f, `"initialize"`, `"exit"`, `codeAction"`, `codeLens"`, `diagnostic"`, `hover"`, `executeCommand"`, idPrefix)
}

// mayTell reports whether the editor's message f may be one that changes
// what heapvet knows.
func mayTell(f frame) bool {
	return names(f, `"initialized"`, `didOpen"`, `didChange"`, `didSave"`, `didClose"`, `didChangeConfiguration"`)
}

// names reports whether one of the words is in f: if not, f is of none of
// these methods, and need not be decoded. A method may be named anywhere in
// a message, since fields come in any order. The words are without the
// slash of a method's name, for which some editors write "\/".
func names(f frame, words ...string) bool {
	for _, word := range words {
		if bytes.Contains(f.body, []byte(word)) {
			return true
		}
	}
	return false
}

// follow takes note of a message that gopls has got.
func (fr *front) follow(f frame) {
	m, ok := decode(f)
	if !ok {
		return
	}
	switch {
	case m.Method == "initialized" || m.Method == "workspace/didChangeConfiguration":
		fr.askSettings()
	case strings.HasPrefix(m.Method, "textDocument/did"):
		fr.track(m)
	}
}

// idPrefix begins the IDs of heapvet's own requests: those of gopls are
// numbers.
const idPrefix = "heapvet-"

// askSettings asks the editor for what its user says about heapvet.
func (fr *front) askSettings() {
	fr.mu.Lock()
	defer fr.mu.Unlock()
	if !fr.can.configuration {
		return
	}
	item := map[string]string{"section": "heapvet"}
	fr.request("workspace/configuration", map[string]any{"items": []any{item}}, func(result json.RawMessage) {
		var values []json.RawMessage
		if json.Unmarshal(result, &values) == nil && len(values) == 1 && string(values[0]) != "null" {
			fr.configure(values[0])
		}
	})
}

// request sends a request to the editor, and hands the result to use.
func (fr *front) request(method string, params any, use func(json.RawMessage)) {
	fr.lastID++
	id := raw(fmt.Sprint(idPrefix, fr.lastID))
	fr.asked[string(id)] = use
	fr.editor.write(request(id, method, params)) // if the editor is gone, reading will say so
}

// configure takes the user's settings, and tells what is wrong with them.
func (fr *front) configure(data json.RawMessage) {
	s, complaints := parseSettings(data, checkNames(fr.checks))
	fr.settings = s
	for _, complaint := range complaints {
		if !slices.Contains(fr.wrong, complaint) { // editors send settings again and again
			fr.show(warning, complaint)
		}
	}
	fr.wrong = complaints
	for file := range fr.docs {
		fr.ask(file, now)
	}
}

// The kinds of messages to the user.
const (
	failure = 1
	warning = 2
	notice  = 3
)

// show shows the user a text.
func (fr *front) show(kind int, text string) {
	fr.editor.write(request(nil, "window/showMessage", map[string]any{"type": kind, "message": "heapvet: " + text}))
}

// ask wants the package of file to be analysed after a while.
func (fr *front) ask(file string, after time.Duration) {
	fr.schedule.ask(job{dir: filepath.Dir(file)}, after)
}

// analyse looks for findings in the package of dir and publishes them.
func (fr *front) analyse(ctx context.Context, dir string) {
	fr.mu.Lock()
	texts := make(map[string]string)
	for file, doc := range fr.docs {
		texts[file] = doc.text
	}
	s := fr.settings
	fr.mu.Unlock()
	unsaved := make(map[string]string)
	var file string // one that is open
	for name, text := range texts {
		if filepath.Dir(name) == dir && (file == "" || name < file) {
			file = name
		}
		if data, err := os.ReadFile(name); err != nil || string(data) != text {
			unsaved[name] = text
		}
	}
	if file == "" {
		return // all of it has been closed
	}
	found, err := fr.vet.tiers(ctx, dir, unsaved, s)
	if !fr.accept(ctx, dir, texts, found, err) || len(unsaved) > 0 {
		return
	}
	// The rest knows what is in files only. If it fails, that is because
	// of the code, of which go vet has told.
	if verdicts, err := fr.vet.prove(ctx, dir, s); err == nil {
		fr.mu.Lock()
		fr.judge(dir, texts, verdicts)
		fr.mu.Unlock()
	}
	if l, err := fr.vet.explain(ctx, file); err == nil {
		fr.mu.Lock()
		fr.learn(dir, texts, l)
		fr.mu.Unlock()
	}
}

// accept publishes what was found in dir when the documents had these
// texts, and reports whether that could be found.
func (fr *front) accept(ctx context.Context, dir string, texts map[string]string, found map[string][]finding, err error) bool {
	fr.mu.Lock()
	defer fr.mu.Unlock()
	switch {
	case ctx.Err() != nil || errors.Is(err, errBroken):
		return false // what was found before stays, until there is something better
	case err != nil:
		if fr.trouble != err.Error() {
			fr.trouble = err.Error()
			fr.show(warning, fr.trouble)
		}
		return false
	}
	fr.trouble = ""
	for file, doc := range fr.docs {
		if filepath.Dir(file) == dir && doc.text == texts[file] {
			doc.found = found[file]
			fr.publish(file)
		}
	}
	if fr.can.pull && fr.can.refresh {
		fr.request("workspace/diagnostic/refresh", nil, func(json.RawMessage) {})
	}
	return true
}

// leave notes that gopls is to end.
func (fr *front) leave() {
	fr.mu.Lock()
	defer fr.mu.Unlock()
	fr.exiting = true
}

// leaving reports whether gopls is to end.
func (fr *front) leaving() bool {
	fr.mu.Lock()
	defer fr.mu.Unlock()
	return fr.exiting
}

// isGo reports whether a file is Go source.
func isGo(file string) bool { return filepath.Ext(file) == ".go" }
