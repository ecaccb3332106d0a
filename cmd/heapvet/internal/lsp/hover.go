package lsp

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/heapvet/heapvet/cmd/heapvet/internal/explain"
)

// explain returns what is known of the hot code in the package of file.
func (v vet) explain(ctx context.Context, file string) (explain.Listing, error) {
	var l explain.Listing
	cmd := v.heapvet(ctx, filepath.Dir(file), "explain", "-json", file)
	var out strings.Builder
	cmd.Stdout = &out
	if err := runLow(cmd); err != nil {
		return l, fmt.Errorf("running heapvet explain: %w", err)
	}
	if err := json.Unmarshal([]byte(out.String()), &l); err != nil {
		return l, fmt.Errorf("reading what heapvet explain prints: %w", err)
	}
	return l, nil
}

// learn takes note of a listing of the package in dir, for the documents
// that still have the texts that it is about.
func (fr *front) learn(dir string, texts map[string]string, l explain.Listing) {
	for file, doc := range fr.docs {
		if filepath.Dir(file) != dir || doc.text != texts[file] {
			continue
		}
		doc.allocations, doc.functions = nil, nil
		for _, a := range l.Allocations {
			if a.File == file {
				doc.allocations = append(doc.allocations, note{mark{a.Start, a.End}, a.Text})
			}
		}
		for _, f := range l.Functions {
			if f.File == file {
				doc.functions = append(doc.functions, note{mark{f.Start, f.End}, f.Grade + ": " + f.Why})
			}
		}
	}
}

// allocationsAt returns what is to be said of the allocations at offset:
// those of the innermost expression that allocates.
func (d *document) allocationsAt(offset int) []string {
	var texts []string
	least := len(d.text) + 1
	for _, a := range d.allocations {
		size := a.end - a.start
		if offset < a.start || a.end < offset || size > least {
			continue
		}
		if size < least {
			texts, least = nil, size
		}
		texts = append(texts, a.text)
	}
	return texts
}

// addHover adds to a hover what the compiler did at that place.
func (fr *front) addHover(file string, params object, result json.RawMessage) (any, bool) {
	doc := fr.docs[file]
	var at position
	if doc == nil || json.Unmarshal(params["position"], &at) != nil {
		return nil, false
	}
	texts := doc.allocationsAt(offset(doc.text, at))
	if len(texts) == 0 {
		return nil, false
	}
	text := "heapvet:\n" + strings.Join(texts, "\n\n")
	kind, separator := "plaintext", "\n\n"
	if fr.can.markdown {
		kind, separator = "markdown", "\n\n---\n\n"
		text = "**heapvet**\n```text\n" + strings.Join(texts, "\n\n") + "\n```"
	}
	o := parseObject(result)
	if o == nil {
		o = make(object)
	}
	if before := o.at("contents").text("value"); before != "" {
		text = before + separator + text
		kind = o.at("contents").text("kind")
	}
	o["contents"] = raw(map[string]string{"kind": kind, "value": text})
	return o, true
}

// addLenses adds a lens to each hot function, if the user wants them.
func (fr *front) addLenses(file string, result json.RawMessage) (any, bool) {
	doc := fr.docs[file]
	if doc == nil || !fr.settings.hints || len(doc.functions) == 0 {
		return nil, false
	}
	var list []json.RawMessage
	if json.Unmarshal(result, &list) != nil {
		return nil, false
	}
	for _, fn := range doc.functions {
		at := positionOf(doc.text, fn.start)
		title := fmt.Sprintf("%s; %d allocations, %d avoidable", fn.text, count(doc.allocations, fn.mark), doc.avoidable(fn.mark))
		list = append(list, raw(map[string]any{
			"range":   span{at, at},
			"command": map[string]any{"title": title, "command": explainCommand, "arguments": []string{title}},
		}))
	}
	return list, true
}

// count returns how many of the notes lie in the function fn.
func count(notes []note, fn mark) int {
	n := 0
	for _, x := range notes {
		if fn.start <= x.start && x.end <= fn.end {
			n++
		}
	}
	return n
}

// avoidable returns how many findings about allocations lie in fn. The
// checks about allocations in hot code are called after it.
func (doc *document) avoidable(fn mark) int {
	n := 0
	for _, f := range doc.found {
		if strings.HasPrefix(f.check, "hot") && fn.start <= f.start && f.start < fn.end {
			n++
		}
	}
	return n
}
