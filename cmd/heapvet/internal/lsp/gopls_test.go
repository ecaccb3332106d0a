package lsp

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// The last release of gopls for Go 1.26.
const goplsVersion = "golang.org/x/tools/gopls@v0.23.0"

// app is a session on a copy of testdata/app.
type app struct {
	*client
	t         *testing.T
	dir       string
	uri, text string // of the document order.go
	version   int
}

// unlimited is how the finding begins about the line of order.go that tests
// change. What follows depends on what is known of the whole module.
const unlimited = "24: io.ReadAll reads the request's Body without a limit: whatever is sent is kept in memory; wrap it in http.MaxBytesReader or io.LimitReader"

// TestGopls drives a real gopls through heapvet lsp.
func TestGopls(t *testing.T) {
	if testing.Short() {
		t.Skip("builds gopls")
	}
	heapvet, gopls := build(t, "github.com/heapvet/heapvet/cmd/heapvet"), install(t, goplsVersion)
	dir := filepath.Join(t.TempDir(), "app")
	if err := os.CopyFS(dir, os.DirFS("../../../../testdata/app")); err != nil {
		t.Fatal(err)
	}
	a := &app{client: start(t, dir, heapvet, "lsp", "-gopls="+gopls), t: t, dir: dir}
	a.settings = `{"hints": true}`
	caps := a.handshake(dir, `{"heapvet": {"teir": "advice"}, "semanticTokens": false}`).at("capabilities")
	commands := string(caps.at("executeCommandProvider")["commands"])
	for _, want := range []string{`"heapvet.explain"`, `"gopls.tidy"`} {
		if !strings.Contains(commands, want) {
			t.Errorf("no command %s in %s", want, commands)
		}
	}
	a.wait("a complaint", func() bool { return len(a.shown) > 0 })
	if want := []string{"heapvet: unknown setting heapvet.teir: want checks, hints or tier"}; !slices.Equal(a.shown, want) {
		t.Errorf("shown: %q, want %q", a.shown, want)
	}
	a.shown = nil
	a.uri, a.text = a.open(filepath.Join(dir, "leaky", "shop", "order.go"))
	a.version = 1
	for _, step := range []struct {
		name string
		test func(*app, *testing.T)
	}{
		{"findings", (*app).testFindings},
		{"explanation", (*app).testExplanation},
		{"gopls", (*app).testGopls},
		{"heat", (*app).testHeat},
		{"fix", (*app).testFix},
		{"edit", (*app).testEdit},
		{"broken", (*app).testBroken},
		{"close", (*app).testClose},
		{"death", (*app).testDeath},
	} {
		if !t.Run(step.name, func(t *testing.T) { step.test(a, t) }) {
			return
		}
	}
}

// edit replaces a part of order.go in the editor.
func (a *app) edit(old, new string) {
	a.version++
	a.text = a.replace(a.uri, a.text, a.version, old, new)
}

// has reports whether there is a finding in order.go that begins so. It is
// called from wait.
func (a *app) has(finding string) bool {
	return slices.ContainsFunc(a.latest[a.uri].of("heapvet"), func(s string) bool { return strings.HasPrefix(s, finding) })
}

// place returns a place in order.go.
func (a *app) place(before string) map[string]any {
	return map[string]any{
		"textDocument": map[string]string{"uri": a.uri},
		"position":     positionOf(a.text, strings.Index(a.text, before)),
	}
}

func (a *app) testFindings(t *testing.T) {
	a.wait("findings", func() bool { return a.has(unlimited) })
	for _, d := range a.latest[a.uri].Diagnostics {
		if d.Source == "heapvet" && (d.Severity != severityWarning || d.Range.Start == d.Range.End) {
			t.Errorf("severity %d, range %v: %s", d.Severity, d.Range, d.Message)
		}
	}
}

func (a *app) testExplanation(t *testing.T) {
	const want = "`receipt`: the variable is on the heap, 40 bytes each time"
	var hover string
	for !strings.Contains(hover, want) { // heapvet explain takes a moment
		hover = parseObject(a.call("textDocument/hover", a.place("receipt bytes"))).at("contents").text("value")
	}
	for _, want := range []string{"var receipt bytes.Buffer", "net/http handler: (*web.Router).Handle.func1 -> (*server).order"} {
		if !strings.Contains(hover, want) {
			t.Errorf("no %q in %s", want, hover)
		}
	}
	at := a.place("receipt bytes")["position"].(position)
	params := a.place("receipt bytes")
	params["range"], params["context"] = span{at, at}, map[string]any{"diagnostics": []any{}}
	var command object
	for _, action := range (object{"list": a.call("textDocument/codeAction", params)}).list("list") {
		if o := parseObject(action); o.text("kind") == explainKind {
			command = o.at("command")
		}
	}
	a.call("workspace/executeCommand", command)
	if len(a.shown) != 1 || !strings.Contains(a.shown[0], want) {
		t.Errorf("explained is %q", a.shown)
	}
	lenses := string(a.call("textDocument/codeLens", a.place("order")))
	if want := `"hot: net/http handler: (*web.Router).Handle.func1 -\u003e (*server).order; `; !strings.Contains(lenses, want) {
		t.Errorf("no %s in %s", want, lenses)
	}
}

// testGopls shows that what gopls itself does is unharmed.
func (a *app) testGopls(t *testing.T) {
	if got := string(a.call("textDocument/completion", a.place("ReadAll(r.Body)"))); !strings.Contains(got, `"ReadAll"`) {
		t.Errorf("completion gives %s", got)
	}
	params := a.place("lines []orderLine")
	params["newName"] = "items"
	if got := string(a.call("textDocument/rename", params)); strings.Count(got, `"newText":"items"`) < 3 {
		t.Errorf("rename gives %s", got)
	}
}

// testHeat waits for a finding in a package whose callers make it hot.
func (a *app) testHeat(t *testing.T) {
	uri, _ := a.open(filepath.Join(a.dir, "leaky", "catalog", "catalog.go"))
	const want = "95: ordering{…} is boxed for sort.Sort: use slices.SortFunc " +
		"(compiler: heap, 64 B; hot: net/http handler (*web.Router).Handle.func1 -> (*shop.server).search -> (*Catalog).Search) (hotescape)"
	a.wait("a finding from the whole module", func() bool { return slices.Contains(a.latest[uri].of("heapvet"), want) })
}

// testFix waits for a fix that the compiler has proved, and applies it.
func (a *app) testFix(t *testing.T) {
	const old, new = "w.Write([]byte(receipt.String()))", "w.Write(receipt.Bytes())"
	params := a.place(old)
	at := params["position"].(position)
	params["range"] = span{at, position{at.Line, at.Character + len(old)}}
	params["context"] = map[string]any{"diagnostics": []any{}, "only": []string{"quickfix"}}
	for {
		for _, raw := range (object{"list": a.call("textDocument/codeAction", params)}).list("list") {
			action := parseObject(raw)
			if !action.truth("isPreferred") || action.text("title") != "Write its Bytes" {
				continue // not proved yet
			}
			changes := action.at("edit").list("documentChanges")
			if len(changes) != 1 {
				t.Fatalf("the fix is %s", raw)
			}
			change := parseObject(changes[0])
			if got := change.at("textDocument").text("uri"); got != a.uri {
				t.Errorf("the fix edits %s", got)
			}
			text := a.text
			for _, e := range slices.Backward(change.list("edits")) {
				var edit textEdit
				if err := json.Unmarshal(e, &edit); err != nil {
					t.Fatal(err)
				}
				text = text[:offset(text, edit.Range.Start)] + edit.NewText + text[offset(text, edit.Range.End):]
			}
			if want := strings.Replace(a.text, old, new, 1); text != want {
				t.Errorf("with the fix the text is\n%s", text)
			}
			return
		}
	}
}

// testEdit makes a finding go and come without saving.
func (a *app) testEdit(t *testing.T) {
	a.edit("io.ReadAll(r.Body)", "io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20)) // 日本 𝄞")
	a.wait("one finding less", func() bool { return a.latest[a.uri].Version == a.version && !a.has(unlimited) && a.any() })
	a.edit("http.MaxBytesReader(w, r.Body, 1<<20)", "r.Body")
	a.wait("the finding again", func() bool { return a.latest[a.uri].Version == a.version && a.has(unlimited) })
}

// any reports whether there is any finding in order.go.
func (a *app) any() bool { return len(a.latest[a.uri].of("heapvet")) > 0 }

// testBroken breaks the code: findings stay, and move with their lines.
func (a *app) testBroken(t *testing.T) {
	a.edit("type orderLine struct", "func broken( {\n\ntype orderLine struct")
	moved := strings.Replace(unlimited, "24:", "26:", 1)
	a.wait("gopls's complaint beside the finding", func() bool {
		return len(a.latest[a.uri].of("syntax")) > 0 && a.has(moved)
	})
	a.edit("func broken( {\n\n", "")
	a.wait("the finding in its place", func() bool { return len(a.latest[a.uri].of("syntax")) == 0 && a.has(unlimited) })
}

func (a *app) testClose(t *testing.T) {
	a.notify("textDocument/didClose", map[string]any{"textDocument": map[string]string{"uri": a.uri}})
	a.wait("nothing of heapvet", func() bool { return !a.any() })
}

// testDeath kills gopls.
func (a *app) testDeath(t *testing.T) {
	a.shown = nil
	children, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(a.process.Process.Pid), "task", strconv.Itoa(a.process.Process.Pid), "children"))
	if err != nil {
		t.Skip("this system does not show a process's children")
	}
	for _, pid := range strings.Fields(string(children)) {
		name, _ := os.ReadFile(filepath.Join("/proc", pid, "comm"))
		if strings.TrimSpace(string(name)) == "gopls" {
			n, _ := strconv.Atoi(pid)
			syscall.Kill(n, syscall.SIGKILL)
		}
	}
	<-a.ended
	a.process.Wait()
	if got := a.process.ProcessState.ExitCode(); got != 128+int(syscall.SIGKILL) {
		t.Errorf("exit status %d", got)
	}
	want := []string{"heapvet: gopls has ended (signal: killed), and heapvet with it: restart the language server"}
	if !slices.Equal(a.shown, want) {
		t.Errorf("shown: %q, want %q", a.shown, want)
	}
}
