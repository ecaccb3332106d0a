package lsp

import (
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"unicode/utf8"
)

// A position is a place in a text as the protocol counts by default: lines
// from 0, and UTF-16 code units from 0.
type position struct {
	Line      int `json:"line"`
	Character int `json:"character"`
}

// A span is a range of the protocol: End is not part of it.
type span struct {
	Start position `json:"start"`
	End   position `json:"end"`
}

// offset returns the byte offset of p in text; a place past the end of its
// line, or of the text, is that end, as the protocol says.
func offset(text string, p position) int {
	at := 0
	for range p.Line {
		i := strings.IndexByte(text[at:], '\n')
		if i < 0 {
			return len(text)
		}
		at += i + 1
	}
	for units := 0; units < p.Character && at < len(text) && text[at] != '\n'; {
		r, size := utf8.DecodeRuneInString(text[at:])
		units += units16(r)
		at += size
	}
	return at
}

// positionOf returns the position of a byte offset in text.
func positionOf(text string, offset int) position {
	before := text[:min(max(offset, 0), len(text))]
	start := strings.LastIndexByte(before, '\n') + 1
	p := position{Line: strings.Count(before, "\n")}
	for _, r := range before[start:] {
		p.Character += units16(r)
	}
	return p
}

// units16 returns how many code units UTF-16 needs for r.
func units16(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}

// lineOffset returns the offset of the compiler's line and column, which
// count from 1, and columns in bytes.
func lineOffset(text string, line, column int) int {
	return min(offset(text, position{Line: line - 1})+column-1, len(text))
}

// fileOf returns the name of the file that uri stands for, or "" if it is
// not one on this machine.
func fileOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" {
		return ""
	}
	name := u.Path
	if runtime.GOOS == "windows" {
		name = strings.TrimPrefix(name, "/")
	}
	return filepath.FromSlash(name)
}

// uriOf returns the URI of a file.
func uriOf(name string) string {
	path := filepath.ToSlash(name)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a volume of Windows
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}
