package lsp

import (
	"encoding/json"
	"maps"
	"slices"
)

// A question is a request of the editor whose answer gets additions.
type question struct {
	method string
	params object
}

// beforeGopls looks at a message of the editor, and returns what gopls is
// to get: nothing if the message was for heapvet.
func (fr *front) beforeGopls(f frame) frame {
	m, ok := decode(f)
	if !ok {
		return f
	}
	fr.mu.Lock()
	defer fr.mu.Unlock()
	if m.isAnswer() {
		use, mine := fr.asked[string(m.ID)]
		if !mine {
			return f
		}
		delete(fr.asked, string(m.ID))
		use(m.Result)
		return frame{}
	}
	params := parseObject(m.Params)
	switch m.Method {
	case "initialize":
		f = fr.initialize(m, params, f)
	case "workspace/executeCommand":
		if params.text("command") != explainCommand {
			return f
		}
		fr.explain(m.ID, params)
		return frame{}
	case "textDocument/diagnostic":
		if fr.can.pull && params["previousResultId"] != nil {
			delete(params, "previousResultId") // gopls does not know what heapvet has added to that result
			f = request(m.ID, m.Method, params)
		}
	case "textDocument/codeAction", "textDocument/codeLens", "textDocument/hover":
	case "exit":
		fr.exiting = true
		return f
	default:
		return f
	}
	fr.waiting[string(m.ID)] = question{m.Method, params}
	return f
}

// initialize learns what the editor can do, and keeps heapvet's settings
// from gopls, which would complain about them.
func (fr *front) initialize(m message, params object, f frame) frame {
	c := params.at("capabilities")
	workspace := c.at("workspace")
	fr.can.configuration = workspace.truth("configuration")
	fr.can.documentChanges = workspace.at("workspaceEdit").truth("documentChanges")
	fr.can.refresh = workspace.at("diagnostics").truth("refreshSupport")
	for _, format := range c.at("textDocument", "hover").list("contentFormat") {
		fr.can.markdown = fr.can.markdown || string(format) == `"markdown"`
	}
	options := params.at("initializationOptions")
	mine, ok := options["heapvet"]
	if !ok {
		return f
	}
	fr.configure(mine)
	delete(options, "heapvet")
	params["initializationOptions"] = raw(options)
	return request(m.ID, m.Method, params)
}

// beforeEditor passes on a message of gopls, with what heapvet has to add.
func (fr *front) beforeEditor(f frame) error {
	fr.mu.Lock()
	defer fr.mu.Unlock()
	if names(f, `publishDiagnostics"`) {
		if m, ok := decode(f); ok && m.Method == publishMethod {
			if file, ok := fr.listen(f, m); ok {
				return fr.publish(file)
			}
		}
	}
	if len(fr.waiting) == 0 {
		return fr.editor.write(f)
	}
	m, ok := decode(f)
	if !ok || !m.isAnswer() {
		return fr.editor.write(f)
	}
	q, ok := fr.waiting[string(m.ID)]
	if !ok {
		return fr.editor.write(f)
	}
	delete(fr.waiting, string(m.ID))
	if m.Error != nil {
		return fr.editor.write(f)
	}
	if result, changed := fr.add(q, m.Result); changed {
		f = answer(m.ID, result)
	}
	return fr.editor.write(f)
}

// add returns result, gopls's answer to q, with heapvet's additions, if
// there are any.
func (fr *front) add(q question, result json.RawMessage) (any, bool) {
	file := fileOf(q.params.at("textDocument").text("uri"))
	switch q.method {
	case "initialize":
		return fr.offer(result), true
	case "textDocument/diagnostic":
		return fr.addDiagnostics(file, result)
	case "textDocument/codeAction":
		return fr.addActions(file, q.params, result)
	case "textDocument/codeLens":
		return fr.addLenses(file, result)
	case "textDocument/hover":
		return fr.addHover(file, q.params, result)
	}
	return nil, false
}

// offer adds to gopls's capabilities what heapvet can do besides.
func (fr *front) offer(result json.RawMessage) any {
	o := parseObject(result)
	c := o.at("capabilities")
	if c == nil {
		return result
	}
	fr.can.pull = c["diagnosticProvider"] != nil
	provider := c.at("executeCommandProvider")
	if provider == nil {
		provider = make(object)
	}
	provider["commands"] = raw(append(provider.list("commands"), raw(explainCommand)))
	c["executeCommandProvider"] = raw(provider)
	o["capabilities"] = raw(c)
	return o
}

// checkNames returns the names of all checks.
func checkNames(checks map[string]string) []string {
	return slices.Sorted(maps.Keys(checks))
}
