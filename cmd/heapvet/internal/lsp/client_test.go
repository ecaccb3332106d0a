package lsp

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// A client is the part of an editor that speaks the protocol.
type client struct {
	t       *testing.T
	out     *frameWriter
	process *exec.Cmd
	ended   chan struct{} // closed when the server's output has ended

	mu       sync.Mutex
	arrived  *sync.Cond
	answers  map[string]message
	latest   map[string]diagnostics // the last that was published, by URI
	shown    []string               // window/showMessage, by heapvet
	settings string                 // what workspace/configuration gives for heapvet
	over     bool
	id       int
}

// diagnostics are what is published about a file.
type diagnostics struct {
	URI         string `json:"uri"`
	Version     int    `json:"version"`
	Diagnostics []struct {
		Range    span   `json:"range"`
		Severity int    `json:"severity"`
		Source   string `json:"source"`
		Code     any    `json:"code"`
		Message  string `json:"message"`
	} `json:"diagnostics"`
}

// of returns the messages from source, in one line each.
func (d diagnostics) of(source string) []string {
	var texts []string
	for _, x := range d.Diagnostics {
		if x.Source == source {
			texts = append(texts, fmt.Sprintf("%d: %s (%v)", x.Range.Start.Line+1, x.Message, x.Code))
		}
	}
	return texts
}

// start runs a server.
func start(t *testing.T, dir string, args ...string) *client {
	t.Helper()
	c := &client{t: t, ended: make(chan struct{}), answers: make(map[string]message), latest: make(map[string]diagnostics)}
	c.arrived = sync.NewCond(&c.mu)
	c.process = exec.CommandContext(t.Context(), args[0], args[1:]...)
	c.process.Dir = dir
	c.process.Stderr = os.Stderr
	c.process.Env = private(t)
	stdin, err := c.process.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := c.process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.process.Start(); err != nil {
		t.Fatal(err)
	}
	c.out = &frameWriter{w: stdin}
	go c.read(stdout)
	return c
}

func (c *client) read(r io.Reader) {
	defer close(c.ended)
	in := bufio.NewReader(r)
	for {
		f, err := readFrame(in)
		if err != nil {
			c.mu.Lock()
			c.over = true
			c.arrived.Broadcast()
			c.mu.Unlock()
			return
		}
		m, ok := decode(f)
		if !ok {
			c.t.Errorf("the server sent %s", f.raw)
			continue
		}
		c.receive(m)
	}
}

func (c *client) receive(m message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	defer c.arrived.Broadcast()
	switch {
	case m.isAnswer():
		c.answers[string(m.ID)] = m
	case m.Method == publishMethod:
		var d diagnostics
		if err := json.Unmarshal(m.Params, &d); err != nil {
			c.t.Error(err)
		}
		c.latest[d.URI] = d
	case m.Method == "window/showMessage":
		if text := parseObject(m.Params).text("message"); strings.HasPrefix(text, "heapvet: ") {
			c.shown = append(c.shown, text)
		}
	case m.ID != nil && m.Method == "workspace/configuration":
		var values []json.RawMessage
		for _, item := range parseObject(m.Params).list("items") {
			value := "null"
			if parseObject(item).text("section") == "heapvet" && c.settings != "" {
				value = c.settings
			}
			values = append(values, json.RawMessage(value))
		}
		go c.out.write(answer(m.ID, values))
	case m.ID != nil:
		go c.out.write(answer(m.ID, nil))
	}
}

// notify sends a notification.
func (c *client) notify(method string, params any) {
	if err := c.out.write(request(nil, method, params)); err != nil {
		c.t.Fatal(err)
	}
}

// call sends a request and returns the result.
func (c *client) call(method string, params any) json.RawMessage {
	c.t.Helper()
	c.mu.Lock()
	c.id++
	id := fmt.Sprint(c.id)
	c.mu.Unlock()
	if err := c.out.write(request(json.RawMessage(id), method, params)); err != nil {
		c.t.Fatal(err)
	}
	var m message
	c.wait("an answer to "+method, func() (ok bool) { m, ok = c.answers[id]; return ok })
	if m.Error != nil {
		c.t.Fatalf("%s: %s", method, m.Error)
	}
	return m.Result
}

// wait waits until done, which looks at what has arrived, is true.
func (c *client) wait(what string, done func() bool) {
	c.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	for !done() {
		if c.over {
			c.t.Fatalf("the server ended before there was %s", what)
		}
		c.arrived.Wait()
	}
}

// handshake begins the session on the module in dir.
func (c *client) handshake(dir, options string) object {
	c.t.Helper()
	result := c.call("initialize", map[string]any{
		"processId": nil,
		"rootUri":   uriOf(dir),
		"capabilities": map[string]any{
			"workspace":    map[string]any{"configuration": true, "workspaceEdit": map[string]any{"documentChanges": true}},
			"textDocument": map[string]any{"hover": map[string]any{"contentFormat": []string{"markdown"}}},
		},
		"initializationOptions": json.RawMessage(options),
		"workspaceFolders":      []any{map[string]string{"uri": uriOf(dir), "name": "app"}},
	})
	c.notify("initialized", map[string]any{})
	return parseObject(result)
}

// open opens a file and returns its URI and text.
func (c *client) open(file string) (uri, text string) {
	c.t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		c.t.Fatal(err)
	}
	uri = uriOf(file)
	c.notify("textDocument/didOpen", map[string]any{
		"textDocument": map[string]any{"uri": uri, "languageId": "go", "version": 1, "text": string(data)},
	})
	return uri, string(data)
}

// replace replaces a part of an open document, which occurs once.
func (c *client) replace(uri, text string, version int, old, new string) string {
	c.t.Helper()
	i := strings.Index(text, old)
	if i < 0 || strings.Count(text, old) > 1 {
		c.t.Fatalf("%q is not in the text once", old)
	}
	c.notify("textDocument/didChange", map[string]any{
		"textDocument":   map[string]any{"uri": uri, "version": version},
		"contentChanges": []any{change{Range: &span{positionOf(text, i), positionOf(text, i+len(old))}, Text: new}},
	})
	return text[:i] + new + text[i+len(old):]
}

// build builds a command and returns its binary.
func build(t *testing.T, path string) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), filepath.Base(path))
	cmd := exec.Command("go", "build", "-o", binary, path)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}

// install installs a command of another module, as its users do.
func install(t *testing.T, path string) string {
	t.Helper()
	name, _, _ := strings.Cut(filepath.Base(path), "@")
	dir := t.TempDir()
	cmd := exec.Command("go", "install", path)
	cmd.Env = append(os.Environ(), "GOBIN="+dir, "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return filepath.Join(dir, name)
}

// private returns an environment in which heapvet has no heat file yet. The
// caches of others stay: what is in them was dear.
func private(t *testing.T) []string {
	t.Helper()
	gocache, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	return append(os.Environ(), "GOCACHE="+strings.TrimSpace(string(gocache)), "GOPLSCACHE="+filepath.Join(cache, "gopls"),
		"XDG_CACHE_HOME="+t.TempDir(), "XDG_STATE_HOME="+t.TempDir())
}
