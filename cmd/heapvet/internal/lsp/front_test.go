package lsp

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// traffic is what an editor and gopls send: headers in any order and
// spelling, requests and answers of both sides between each other, large
// texts, messages that only mention what heapvet looks for, and one that
// is none.
func traffic() []string {
	large := strings.Repeat("x := \\\"textDocument/codeAction\\\" // 日本 𝄞\\n", 50_000)
	bodies := []string{
		`{"jsonrpc":"2.0","id":1,"method":"textDocument/completion","params":{"textDocument":{"uri":"untitled:1"}}}`,
		`{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"untitled:1","version":1,"text":"` + large + `"}}}`,
		`{"method":"textDocument/didChange","params":{"textDocument":{"uri":"file:///nowhere/a.txt","version":2},"contentChanges":[{"text":"\"heapvet-1\""}]},"jsonrpc":"2.0"}`,
		`{"jsonrpc":"2.0","result":{"items":[]},"id":1}`,
		`{"jsonrpc":"2.0","id":"7","method":"textDocument/hover","params":{"textDocument":{"uri":"file:///nowhere/a.go"},"position":{"line":1,"character":1}}}`,
		`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":"7"}}`,
		`{"jsonrpc":"2.0","id":"8","error":{"code":-32800,"message":"no \"heapvet-9\" here"}}`,
		`[]`, `{}`, ``, "\xff\xfe not JSON \"initialize\"",
	}
	headers := []string{
		"Content-Length: %d\r\n\r\n",
		"content-length:%d\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n",
		"X-Other: a\r\nCONTENT-LENGTH:  %d\r\n\r\n",
	}
	var messages []string
	for i, body := range append(bodies, bodies...) {
		messages = append(messages, fmt.Sprintf(headers[i%len(headers)], len(body))+body)
	}
	return messages
}

// TestReplay shows that what heapvet has nothing to add to is passed on
// byte by byte, in both directions at once. Of a message that is cut off
// nothing is passed on: heapvet may have to say that gopls was killed.
func TestReplay(t *testing.T) {
	const cut = "Content-Length: 99\r\n\r\ncut off"
	for _, end := range []string{"", cut, "no header\r\n\r\n{}" + strings.Repeat("rest ", 100_000)} {
		whole := strings.Join(traffic(), "")
		sent, want := whole+end, whole+end
		if end == cut {
			want = whole
		}
		var editor, gopls bytes.Buffer
		fr := newFront(&editor, &gopls, vet{}, nil)
		done := make(chan error, 1)
		go func() { done <- fr.fromEditor(strings.NewReader(sent)) }()
		if err := fr.fromGopls(strings.NewReader(sent)); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		if gopls.String() != want {
			t.Errorf("gopls got %d bytes of %d, or others", gopls.Len(), len(want))
		}
		if editor.String() != want {
			t.Errorf("the editor got %d bytes of %d, or others", editor.Len(), len(want))
		}
	}
}

// session returns a front with one open document, and what it sends.
func session(t *testing.T, text string) (fr *front, file string, editor *bytes.Buffer) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "a.go")
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	editor = new(bytes.Buffer)
	fr = newFront(editor, io.Discard, vet{}, map[string]string{"hotescape": "https://example.com/hotescape"})
	fr.docs[file] = &document{uri: uriOf(file), version: 3, text: text}
	return fr, file, editor
}

// say passes a message of gopls through fr, and returns what comes out.
func say(t *testing.T, fr *front, editor *bytes.Buffer, body string) string {
	t.Helper()
	editor.Reset()
	if err := fr.beforeEditor(newFrame([]byte(body))); err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(editor.String(), "\r\n\r\n")
	return after
}

func TestPublish(t *testing.T) {
	fr, file, editor := session(t, "package a\n\nvar 𝄞x, y = 1, 2\n")
	published := func(version int) string {
		return fmt.Sprintf(`{"jsonrpc":"2.0","method":"textDocument/publishDiagnostics","params":{"uri":%q,"version":%d,"diagnostics":[{"message":"of gopls"}]}}`, uriOf(file), version)
	}
	if got := say(t, fr, editor, published(3)); got != published(3) {
		t.Errorf("without findings: %s", got)
	}
	fr.docs[file].found = []finding{
		{mark: mark{19, 20}, check: "hotescape", message: "x escapes"},
		{mark: mark{22, 23}, check: "hotescape", message: "y escapes", advice: true},
	}
	const page = `"code":"hotescape","codeDescription":{"href":"https://example.com/hotescape"},`
	want := `{"jsonrpc":"2.0","method":"textDocument/publishDiagnostics","params":{"diagnostics":[` +
		`{` + page + `"message":"x escapes","range":{"start":{"line":2,"character":6},"end":{"line":2,"character":7}},"severity":2,"source":"heapvet"},` +
		`{` + page + `"message":"y escapes","range":{"start":{"line":2,"character":9},"end":{"line":2,"character":10}},"severity":3,"source":"heapvet"},` +
		`{"message":"of gopls"}],"uri":"` + uriOf(file) + `","version":3}}`
	if got := say(t, fr, editor, published(3)); got != want {
		t.Errorf("with findings:\n%s\nwant\n%s", got, want)
	}
	if got := say(t, fr, editor, published(2)); got != "" {
		t.Errorf("gopls's word on an older text goes out with findings in the new one: %s", got)
	}
	fr.can.pull = true
	if got := say(t, fr, editor, published(3)); got != published(3) {
		t.Errorf("findings are published although the editor asks for them: %s", got)
	}
}

func TestPull(t *testing.T) {
	fr, file, editor := session(t, "package a\n")
	fr.docs[file].found = []finding{{mark: mark{8, 9}, check: "hotescape", message: "a escapes"}}
	initialize := newFrame([]byte(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}`))
	fr.beforeGopls(initialize)
	offered := say(t, fr, editor, `{"jsonrpc":"2.0","result":{"capabilities":{"diagnosticProvider":{},"other":{"x":1}},"serverInfo":{"name":"gopls"}},"id":1}`)
	if want := `{"jsonrpc":"2.0","id":1,"result":{"capabilities":{"diagnosticProvider":{},"executeCommandProvider":{"commands":["heapvet.explain"]},"other":{"x":1}},"serverInfo":{"name":"gopls"}}}`; offered != want {
		t.Errorf("offered is %s\nwant %s", offered, want)
	}
	asked := fr.beforeGopls(newFrame(fmt.Appendf(nil, `{"jsonrpc":"2.0","id":2,"method":"textDocument/diagnostic","params":{"previousResultId":"r1","textDocument":{"uri":%q}}}`, uriOf(file))))
	if want := fmt.Sprintf(`{"jsonrpc":"2.0","id":2,"method":"textDocument/diagnostic","params":{"textDocument":{"uri":%q}}}`, uriOf(file)); string(asked.body) != want {
		t.Errorf("gopls is asked %s\nwant %s", asked.body, want)
	}
	got := say(t, fr, editor, `{"jsonrpc":"2.0","result":{"kind":"full","resultId":"r2","items":[{"message":"of gopls"}]},"id":2}`)
	var m struct {
		Result struct {
			ResultID *string
			Items    []struct{ Message string }
		}
	}
	if err := json.Unmarshal([]byte(got), &m); err != nil || m.Result.ResultID != nil || len(m.Result.Items) != 2 || m.Result.Items[1].Message != "a escapes" {
		t.Errorf("the answer is %s (%v)", got, err)
	}
}

func TestActions(t *testing.T) {
	fr, file, editor := session(t, "package a\n\nvar x = 1\n")
	fr.docs[file].found = []finding{{
		mark: mark{15, 16}, check: "hotescape", message: "x escapes",
		fixes: []quickFix{{title: "Make it 2", proved: true, edits: map[string][]textEdit{file: {{span{position{2, 8}, position{2, 9}}, "2"}}}}},
	}}
	ask := func(context, result string) string {
		fr.beforeGopls(newFrame(fmt.Appendf(nil, `{"jsonrpc":"2.0","id":5,"method":"textDocument\/codeAction","params":{"textDocument":{"uri":%q},"range":{"start":{"line":2,"character":4},"end":{"line":2,"character":4}},"context":%s}}`, uriOf(file), context)))
		return say(t, fr, editor, `{"jsonrpc":"2.0","result":`+result+`,"id":5}`)
	}
	const theirs = `[{"title":"of gopls"}]`
	for _, context := range []string{`{}`, `{"only":["quickfix"]}`, `{"only":[""]}`} {
		fr.can.documentChanges = context == `{}`
		got := ask(context, theirs)
		want := []string{`[{"title":"of gopls"},{`, `"isPreferred":true`, `"kind":"quickfix"`, `"title":"Make it 2"`, `"newText":"2"`, `"changes":{"` + uriOf(file)}
		if fr.can.documentChanges {
			want[len(want)-1] = `"documentChanges":[{`
		}
		for _, part := range want {
			if !strings.Contains(got, part) {
				t.Errorf("%s: no %s in %s", context, part, got)
			}
		}
	}
	if got := ask(`{"only":["source.organizeImports"]}`, theirs); got != `{"jsonrpc":"2.0","result":`+theirs+`,"id":5}` {
		t.Errorf("asked for something else: %s", got)
	}
	fr.docs[file].apply(change{Range: &span{}, Text: "// new\n"})
	if got := ask(`{}`, theirs); strings.Contains(got, "Make it 2") {
		t.Errorf("a fix for another text is offered: %s", got)
	}
}

func TestApply(t *testing.T) {
	const text = "a := 1\nb := new(int)\nc := 3\n"
	at := func(line, from, to int) *span { return &span{position{line, from}, position{line, to}} }
	tests := []struct {
		name   string
		change change
		text   string
		want   []mark
	}{
		{"before", change{at(0, 0, 0), "// 日本\n"}, "// 日本\na := 1\nb := new(int)\nc := 3\n", []mark{{22, 30}}},
		{"before, shorter", change{at(0, 0, 5), ""}, "1\nb := new(int)\nc := 3\n", []mark{{7, 15}}},
		{"after", change{at(1, 13, 13), " // new"}, "a := 1\nb := new(int) // new\nc := 3\n", []mark{{12, 20}}},
		{"within", change{at(1, 9, 12), "string"}, "a := 1\nb := new(string)\nc := 3\n", nil},
		{"whole", change{nil, text}, text, nil},
		{"past the end", change{at(9, 0, 0), "d"}, text + "d", []mark{{12, 20}}},
	}
	for _, tt := range tests {
		d := &document{text: text, found: []finding{{mark: mark{12, 20}}}}
		d.apply(tt.change)
		var got []mark
		for _, f := range d.found {
			got = append(got, f.mark)
		}
		if d.text != tt.text || !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q with %v, want %q with %v", tt.name, d.text, got, tt.text, tt.want)
		}
	}
}

func TestSettings(t *testing.T) {
	known := []string{"hotconv", "hotescape"}
	s, complaints := parseSettings(json.RawMessage(`{"tier": "advice", "hints": true, "checks": {"hotconv": false, "hotescape": true}}`), known)
	if len(complaints) > 0 || !s.hints || !slices.Equal(s.flags(true), []string{"-tier=advice", "-hotconv=false"}) || len(s.flags(false)) != 1 {
		t.Errorf("%+v, %q", s, complaints)
	}
	_, complaints = parseSettings(json.RawMessage(`{"Tier": 1, "tier": "all", "hints": 1, "checks": {"hotconf": true}}`), known)
	want := []string{
		"unknown setting heapvet.Tier: want checks, hints or tier",
		"setting heapvet.hints is 1: want true or false",
		`setting heapvet.tier is "all": want "default" or "advice"`,
		"setting heapvet.checks: no check is called hotconf; there are hotconv, hotescape",
	}
	if !slices.Equal(complaints, want) {
		t.Errorf("complaints are\n%s\nwant\n%s", strings.Join(complaints, "\n"), strings.Join(want, "\n"))
	}
	if _, complaints := parseSettings(json.RawMessage(`[]`), known); !slices.Equal(complaints, []string{"setting heapvet is not an object"}) {
		t.Errorf("%q", complaints)
	}
}

func TestServes(t *testing.T) {
	for args, want := range map[string]bool{
		"": true, "serve": true, "-rpc.trace serve": true, "-remote=auto": true, "-mode=stdio": true,
		"version": false, "mcp": false, "-listen=:37374": false, "serve -listen=:37374": false, "-help": false,
	} {
		if got := serves(strings.Fields(args)); got != want {
			t.Errorf("serves(%s) = %t", args, got)
		}
	}
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	self := filepath.Join(dir, "heapvet")
	for _, name := range []string{"heapvet", "a/gopls/x", "c/gopls"} {
		name = filepath.Join(dir, name)
		os.MkdirAll(filepath.Dir(name), 0o777)
		if err := os.WriteFile(name, nil, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	b := filepath.Join(dir, "b")
	os.Mkdir(b, 0o777)
	if err := os.Symlink(self, filepath.Join(b, "gopls")); err != nil {
		t.Fatal(err)
	}
	path := strings.Join([]string{filepath.Join(dir, "a"), b, filepath.Join(dir, "c")}, string(os.PathListSeparator))
	t.Setenv("PATH", path)
	gopls, rest, err := find(self, []string{"-rpc.trace"})
	if err != nil || gopls != filepath.Join(dir, "c", "gopls") || !slices.Equal(rest, []string{"-rpc.trace"}) {
		t.Errorf("find = %s, %q, %v", gopls, rest, err)
	}
	gopls, rest, err = find(self, []string{"-gopls=/x/gopls", "serve"})
	if err != nil || gopls != "/x/gopls" || !slices.Equal(rest, []string{"serve"}) {
		t.Errorf("find with -gopls = %s, %q, %v", gopls, rest, err)
	}
	for _, name := range []string{"PATH", "GOBIN", "GOPATH", "HOME"} {
		t.Setenv(name, dir)
	}
	const want = "gopls is neither on the PATH nor where go install puts it; get it with go install golang.org/x/tools/gopls@latest, or name it with -gopls=FILE"
	if _, _, err := find(self, nil); err == nil || err.Error() != want {
		t.Errorf("without gopls: %v", err)
	}
}

// BenchmarkForward measures what heapvet adds to the way of a request: a
// keystroke in a file of 1 MB, and the request for completions that
// follows it.
func BenchmarkForward(b *testing.B) {
	text := strings.Repeat("var x = 1 // some text\n", 45_000)
	file := filepath.Join(b.TempDir(), "a.go")
	typed := request(nil, "textDocument/didChange", map[string]any{
		"textDocument":   map[string]any{"uri": uriOf(file), "version": 2},
		"contentChanges": []change{{Range: &span{position{9, 0}, position{9, 1}}, Text: "v"}},
	})
	asked := request(json.RawMessage("1"), "textDocument/completion", map[string]any{"textDocument": map[string]string{"uri": uriOf(file)}})
	toFront, fromEditor := io.Pipe()
	toGopls, fromFront := io.Pipe()
	fr := newFront(io.Discard, fromFront, vet{}, nil)
	fr.docs[file] = &document{uri: uriOf(file), text: text}
	go fr.fromEditor(toFront)
	buf := make([]byte, len(typed.raw)+len(asked.raw))
	for b.Loop() {
		go func() { fromEditor.Write(typed.raw); fromEditor.Write(asked.raw) }()
		if _, err := io.ReadFull(toGopls, buf); err != nil {
			b.Fatal(err)
		}
	}
	fromEditor.Close()
}
