package lsp

import "encoding/json"

const publishMethod = "textDocument/publishDiagnostics"

// The severities of the protocol that findings have.
const (
	severityWarning     = 2
	severityInformation = 3
)

// listen remembers what gopls says about a file, which it returns.
func (fr *front) listen(f frame, m message) (file string, ok bool) {
	var p struct {
		URI         string            `json:"uri"`
		Version     int               `json:"version"`
		Diagnostics []json.RawMessage `json:"diagnostics"`
	}
	if json.Unmarshal(m.Params, &p) != nil {
		return "", false
	}
	if file = fileOf(p.URI); file == "" {
		return "", false
	}
	fr.published[file] = published{frame: f, uri: p.URI, version: p.Version, diagnostics: p.Diagnostics}
	return file, true
}

// publish tells the editor all that is known about a file: what it gets
// takes the place of what it had.
func (fr *front) publish(file string) error {
	p, said := fr.published[file]
	doc := fr.docs[file]
	mine := fr.diagnostics(file)
	if fr.can.pull {
		mine = nil // the editor asks for them
	}
	switch {
	case said && doc != nil && p.version != 0 && p.version < doc.version && len(mine) > 0:
		// gopls's diagnostics stand where they stood in an older text. It
		// is about to publish for this one, and heapvet's go along.
		return nil
	case said && len(mine) == 0:
		return fr.editor.write(p.frame)
	case !said && doc == nil:
		return nil
	}
	params := map[string]any{"uri": p.uri, "diagnostics": append(mine, p.diagnostics...)}
	if !said {
		params["uri"] = doc.uri
		params["version"] = doc.version
	}
	if p.version != 0 {
		params["version"] = p.version
	}
	return fr.editor.write(request(nil, publishMethod, params))
}

// diagnostics returns the findings in a file as the protocol has them,
// never nil.
func (fr *front) diagnostics(file string) []json.RawMessage {
	list := []json.RawMessage{}
	doc := fr.docs[file]
	if doc == nil {
		return list
	}
	for _, f := range doc.found {
		list = append(list, raw(fr.diagnostic(doc, f)))
	}
	return list
}

// diagnostic returns one finding as the protocol has it.
func (fr *front) diagnostic(doc *document, f finding) map[string]any {
	severity := severityWarning
	if f.advice {
		severity = severityInformation
	}
	return map[string]any{
		"range":           span{positionOf(doc.text, f.start), positionOf(doc.text, f.end)},
		"severity":        severity,
		"source":          "heapvet",
		"code":            f.check,
		"codeDescription": map[string]string{"href": fr.checks[f.check]},
		"message":         f.message,
	}
}

// addDiagnostics adds heapvet's findings to what the editor has asked gopls
// for.
func (fr *front) addDiagnostics(file string, result json.RawMessage) (any, bool) {
	o := parseObject(result)
	if !fr.can.pull || o == nil {
		return nil, false
	}
	o["items"] = raw(append(o.list("items"), fr.diagnostics(file)...))
	delete(o, "resultId") // it stands for gopls's part only
	return o, true
}
