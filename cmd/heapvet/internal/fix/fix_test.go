package fix

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/heapvet/heapvet/internal/prove"
)

// proved returns a result with one proved fix of the named files, which
// hold old, and become new.
func proved(t *testing.T, oldText, newText string, names ...string) *Result {
	t.Helper()
	dir := t.TempDir()
	r := &Result{Outcomes: []prove.Outcome{{}}, Proved: 1}
	for _, name := range names {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(oldText), 0o666); err != nil {
			t.Fatal(err)
		}
		r.Files = append(r.Files, File{name, []byte(oldText), []byte(newText)})
		r.Outcomes[0].Fix.Edits = append(r.Outcomes[0].Fix.Edits, prove.Edit{File: name})
	}
	return r
}

// TestWriteAtOnce looks at a file all the time while it is replaced: it holds
// the old text or the new one, whenever the run might be interrupted.
func TestWriteAtOnce(t *testing.T) {
	texts := []string{strings.Repeat("old\n", 1<<16), strings.Repeat("newer\n", 1<<16)}
	r := proved(t, texts[0], texts[1], "a.go")
	name := r.Files[0].Name
	done := make(chan bool)
	go func() {
		defer close(done)
		for i := range 20 {
			if err := replace(File{Name: name, New: []byte(texts[(i+1)%2])}); err != nil {
				t.Error(err)
			}
		}
	}()
	for writing := true; writing; {
		select {
		case <-done:
			writing = false
		default:
		}
		data, err := os.ReadFile(name)
		if err != nil || !slices.Contains(texts, string(data)) {
			t.Fatalf("%d bytes, %v: neither the old text nor the new one", len(data), err)
		}
	}
	left, err := os.ReadDir(filepath.Dir(name))
	if err != nil || len(left) != 1 {
		t.Errorf("files left behind: %v, %v", left, err)
	}
}

// TestWriteChanged shows that what somebody else has written meanwhile is
// kept, and that the other files are written.
func TestWriteChanged(t *testing.T) {
	r := proved(t, "old", "new", "a.go", "b.go")
	r.Outcomes = append(r.Outcomes, prove.Outcome{Fix: prove.Fix{Edits: r.Outcomes[0].Fix.Edits[1:]}})
	r.Proved = 2
	if err := os.WriteFile(r.Files[0].Name, []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	r.Write()
	for i, want := range []string{"mine", "new"} {
		if data, err := os.ReadFile(r.Files[i].Name); err != nil || string(data) != want {
			t.Errorf("file %d holds %q, %v; want %q", i, data, err, want)
		}
	}
	if r.Outcomes[0].Refused != "the file has changed since it was read" || r.Outcomes[1].Refused != "" {
		t.Errorf("outcomes %+v", r.Outcomes)
	}
	if got, want := r.Summary(), "2 fixes proved, 1 applied in 1 file, 1 refused"; got != want {
		t.Errorf("summary %q, want %q", got, want)
	}
}

// TestWriteFails shows that a file which cannot be replaced stays.
func TestWriteFails(t *testing.T) {
	r := proved(t, "old", "new", "a.go")
	r.Files[0].Name = filepath.Join(r.Files[0].Name, "below")
	r.Outcomes[0].Fix.Edits[0].File = r.Files[0].Name
	r.Write()
	if r.Outcomes[0].Refused == "" || r.Applied != 0 || r.Written != 0 {
		t.Errorf("%+v", r)
	}
}
