package lsp

import (
	"encoding/json"
	"os"
)

// A document is a file that is open in the editor.
type document struct {
	uri     string // as the editor writes it
	version int
	text    string
}

// A change is one of the edits that make up a didChange; without a span it
// replaces the whole text.
type change struct {
	Range *span  `json:"range"`
	Text  string `json:"text"`
}

// apply makes the change, and moves the findings of the document along.
// Those whose source the change touches are dropped.
func (d *document) apply(c change, findings []finding) []finding {
	if c.Range == nil {
		d.text = c.Text
		return nil // where things are now, nobody knows
	}
	start, end := offset(d.text, c.Range.Start), offset(d.text, c.Range.End)
	end = max(start, end)
	d.text = d.text[:start] + c.Text + d.text[end:]
	by := len(c.Text) - (end - start)
	var kept []finding
	for _, f := range findings {
		switch {
		case f.end <= start:
		case f.start >= end:
			f.start, f.end = f.start+by, f.end+by
		default:
			continue
		}
		f.fixes = nil // their edits were made for the old text
		kept = append(kept, f)
	}
	return kept
}

// dirty reports whether the document differs from the file.
func (d *document) dirty(file string) bool {
	data, err := os.ReadFile(file)
	return err != nil || string(data) != d.text
}

// opened are the parameters of textDocument/didOpen, and in part of the
// other notifications about a document.
type opened struct {
	TextDocument struct {
		URI     string `json:"uri"`
		Version int    `json:"version"`
		Text    string `json:"text"`
	} `json:"textDocument"`
	ContentChanges []change `json:"contentChanges"`
}

// track follows a notification of the editor about its documents, and asks
// for the analysis that it makes necessary.
func (fr *front) track(m message) {
	var p opened
	if json.Unmarshal(m.Params, &p) != nil {
		return
	}
	file := fileOf(p.TextDocument.URI)
	if file == "" || !isGo(file) {
		return
	}
	fr.mu.Lock()
	defer fr.mu.Unlock()
	doc := fr.docs[file]
	switch m.Method {
	case "textDocument/didOpen":
		fr.docs[file] = &document{uri: p.TextDocument.URI, version: p.TextDocument.Version, text: p.TextDocument.Text}
		fr.ask(file, now)
	case "textDocument/didChange":
		if doc == nil {
			return
		}
		for _, c := range p.ContentChanges {
			fr.found[file] = doc.apply(c, fr.found[file])
		}
		doc.version = p.TextDocument.Version
		fr.ask(file, pause)
	case "textDocument/didSave":
		fr.ask(file, now)
	case "textDocument/didClose":
		delete(fr.docs, file)
		delete(fr.found, file)
		fr.publish(file)
	}
}
