package lsp

import (
	"encoding/json"
	"strings"
)

// explainCommand shows what the compiler did with an allocation.
const explainCommand = "heapvet.explain"

// explainKind is the kind of code action that runs it.
const explainKind = "source.heapvet.explain"

// addActions adds the fixes of the findings that the editor asks about.
func (fr *front) addActions(file string, params object, result json.RawMessage) (any, bool) {
	doc := fr.docs[file]
	var at span
	if doc == nil || json.Unmarshal(params["range"], &at) != nil {
		return nil, false
	}
	start, end := offset(doc.text, at.Start), offset(doc.text, at.End)
	var actions []json.RawMessage
	for _, f := range doc.found {
		if f.end < start || end < f.start || !wants(params, "quickfix") {
			continue
		}
		for _, x := range f.fixes {
			actions = append(actions, raw(map[string]any{
				"title":       x.title,
				"kind":        "quickfix",
				"diagnostics": []any{fr.diagnostic(doc, f)},
				"isPreferred": x.proved,
				"edit":        fr.workspaceEdit(x),
			}))
		}
	}
	if texts := doc.allocationsAt(start); len(texts) > 0 && wants(params, explainKind) {
		actions = append(actions, raw(map[string]any{
			"title": "Explain this allocation",
			"kind":  explainKind,
			"command": map[string]any{
				"title": "Explain this allocation", "command": explainCommand, "arguments": []string{strings.Join(texts, "\n\n")},
			},
		}))
	}
	if len(actions) == 0 {
		return nil, false
	}
	var list []json.RawMessage
	if json.Unmarshal(result, &list) != nil {
		return nil, false // null is an empty list
	}
	return append(list, actions...), true
}

// wants reports whether the editor asks for code actions of kind.
func wants(params object, kind string) bool {
	only := params.at("context").list("only")
	for _, k := range only {
		var wanted string
		if json.Unmarshal(k, &wanted) == nil && (kind == wanted || wanted == "" || strings.HasPrefix(kind, wanted+".")) {
			return true
		}
	}
	return only == nil
}

// workspaceEdit returns the edits of a fix in the form that the editor
// understands.
func (fr *front) workspaceEdit(x quickFix) any {
	changes := make(map[string][]textEdit)
	var documents []any
	for file, edits := range x.edits {
		uri, version := uriOf(file), any(nil)
		if doc := fr.docs[file]; doc != nil {
			uri, version = doc.uri, doc.version
		}
		changes[uri] = edits
		documents = append(documents, map[string]any{
			"textDocument": map[string]any{"uri": uri, "version": version},
			"edits":        edits,
		})
	}
	if fr.can.documentChanges {
		return map[string]any{"documentChanges": documents}
	}
	return map[string]any{"changes": changes}
}

// explain answers the command of that name, whose argument is the text.
func (fr *front) explain(id json.RawMessage, params object) {
	for _, argument := range params.list("arguments") {
		var text string
		if json.Unmarshal(argument, &text) == nil {
			fr.show(notice, text)
		}
	}
	fr.editor.write(answer(id, nil))
}
