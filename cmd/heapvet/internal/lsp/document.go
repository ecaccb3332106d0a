package lsp

import "encoding/json"

// A document is a file that is open in the editor.
type document struct {
	uri     string // as the editor writes it
	version int
	text    string

	found       []finding // in source order
	allocations []note    // what the compiler put on the heap, and why
	functions   []note    // those that are hot, and why
}

// A change is one of the edits that make up a didChange; without a span it
// replaces the whole text.
type change struct {
	Range *span  `json:"range"`
	Text  string `json:"text"`
}

// apply makes the change, and moves along what is known of the text. What
// the change touches is forgotten.
func (d *document) apply(c change) {
	if c.Range == nil {
		d.text = c.Text
		d.found, d.allocations, d.functions = nil, nil, nil // where things are now, nobody knows
		return
	}
	start := offset(d.text, c.Range.Start)
	end := max(start, offset(d.text, c.Range.End))
	d.text = d.text[:start] + c.Text + d.text[end:]
	var found []finding
	for _, f := range d.found {
		m, ok := f.moved(start, end, len(c.Text))
		if !ok {
			continue
		}
		f.mark = m
		f.fixes = nil // their edits were made for the old text
		found = append(found, f)
	}
	d.found = found
	d.allocations = move(d.allocations, func(m mark) (mark, bool) { return m.moved(start, end, len(c.Text)) })
	d.functions = move(d.functions, func(m mark) (mark, bool) { return m.grown(start, end, len(c.Text)) })
}

// move returns the notes where to says that they are now.
func move(notes []note, to func(mark) (mark, bool)) []note {
	var kept []note
	for _, n := range notes {
		if m, ok := to(n.mark); ok {
			kept = append(kept, note{m, n.text})
		}
	}
	return kept
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
		fr.askHeat(file, pause)
	case "textDocument/didChange":
		if doc == nil {
			return
		}
		for _, c := range p.ContentChanges {
			doc.apply(c)
		}
		doc.version = p.TextDocument.Version
		fr.ask(file, pause)
	case "textDocument/didSave":
		fr.ask(file, now)
		fr.askHeat(file, rest)
	case "textDocument/didClose":
		delete(fr.docs, file)
		fr.publish(file)
	}
}
