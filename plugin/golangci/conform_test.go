package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/heapvet/heapvet/passes"
)

// A finding is one, whichever driver shows it.
type finding struct {
	posn, check, message string // file:line:column, relative to the module
}

// TestSameAsVet shows that golangci-lint and go vet show the same findings
// in the small server, at the same places, in the same words.
func TestSameAsVet(t *testing.T) {
	if testing.Short() {
		t.Skip("builds heapvet and compiles net/http twice: half a minute")
	}
	t.Parallel()
	dir := tree(t, withSettings("tier: advice"))
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "..", "testdata", "app"))); err != nil {
		t.Fatal(err)
	}
	vet, lint := vetFindings(t, dir), lintFindings(t, dir)
	for _, f := range vet {
		if !slices.Contains(lint, f) {
			t.Errorf("only go vet: %v", f)
		}
	}
	for _, f := range lint {
		if !slices.Contains(vet, f) {
			t.Errorf("only golangci-lint: %v", f)
		}
		if strings.Contains(f.message, "(unconfirmed") {
			t.Errorf("not confirmed: %v", f)
		}
	}
	if len(lint) == 0 || len(lint) != len(vet) {
		t.Errorf("golangci-lint has %d findings, go vet %d", len(lint), len(vet))
	}
	t.Logf("%d findings", len(lint))
}

// lintFindings returns what golangci-lint finds.
func lintFindings(t *testing.T, dir string) []finding {
	t.Helper()
	got := golangci(t, dir, "run", "--allow-parallel-runners", "--show-stats=false", "--output.json.path=stdout", "./...")
	var report struct {
		Issues []struct {
			FromLinter, Text string
			Pos              struct {
				Filename     string
				Line, Column int
			}
		}
	}
	if err := json.Unmarshal([]byte(got.stdout), &report); err != nil {
		t.Fatalf("reading golangci-lint's output: %v\n%v", err, got)
	}
	var all []finding
	for _, issue := range report.Issues {
		line := fmt.Sprintf("%s:%d:", filepath.ToSlash(issue.Pos.Filename), issue.Pos.Line)
		all = append(all, split(line, issue.Pos.Column, issue.Text)...)
		if issue.FromLinter != "heapvet" {
			t.Errorf("linter %s: %s", issue.FromLinter, issue.Text)
		}
	}
	return all
}

// split returns the findings on a line, which golangci-lint shows in one
// message: "hotconv: this; at column 20, hotescape: that".
func split(line string, column int, text string) []finding {
	var names []string
	for _, check := range passes.New(passes.Config{}) {
		names = append(names, check.Name)
	}
	head := regexp.MustCompile(`(?:^|; )(?:at column (\d+), )?(` + strings.Join(names, "|") + `): `)
	var all []finding
	places := head.FindAllStringSubmatchIndex(text, -1)
	for i, at := range places {
		end := len(text)
		if i+1 < len(places) {
			end = places[i+1][0]
		}
		posn := line + strconv.Itoa(column)
		if at[2] >= 0 {
			posn = line + text[at[2]:at[3]]
		}
		all = append(all, finding{posn, text[at[4]:at[5]], text[at[1]:end]})
	}
	return all
}

func TestSplit(t *testing.T) {
	got := split("a.go:3:", 9, "hotconv: this; or that; hotescape: and; at column 20, hotinit: so: on")
	want := []finding{{"a.go:3:9", "hotconv", "this; or that"}, {"a.go:3:9", "hotescape", "and"}, {"a.go:3:20", "hotinit", "so: on"}}
	if !slices.Equal(got, want) {
		t.Errorf("split: %v, want %v", got, want)
	}
}

// vetFindings returns what go vet finds with heapvet as its tool.
func vetFindings(t *testing.T, dir string) []finding {
	t.Helper()
	tool := filepath.Join(t.TempDir(), "heapvet")
	if got := command(t, filepath.Join("..", ".."), "go", "build", "-o", tool, "./cmd/heapvet"); got.status != 0 {
		t.Fatal(got)
	}
	got := command(t, dir, "go", "vet", "-vettool="+tool, "-json", "-tier=advice", "./...")
	var kept strings.Builder
	for line := range strings.Lines(got.stdout) {
		if !strings.HasPrefix(line, "#") {
			kept.WriteString(line)
		}
	}
	var all []finding
	for dec := json.NewDecoder(strings.NewReader(kept.String())); ; {
		var packages map[string]map[string][]struct{ Posn, Message string }
		if err := dec.Decode(&packages); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("reading go vet's output: %v\n%v", err, got)
		}
		for _, checks := range packages {
			for check, diagnostics := range checks {
				for _, d := range diagnostics {
					posn := strings.TrimPrefix(d.Posn, dir+string(filepath.Separator))
					all = append(all, finding{filepath.ToSlash(posn), check, d.Message})
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b finding) int { return cmp.Compare(a.posn, b.posn) })
	return all
}
