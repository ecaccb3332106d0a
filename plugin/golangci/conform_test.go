package main

import (
	"encoding/json"
	"fmt"
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
