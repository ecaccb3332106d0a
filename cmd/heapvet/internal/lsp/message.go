package lsp

import "encoding/json"

// A message is the envelope of a request, a notification or an answer.
type message struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  json.RawMessage `json:"error"`
}

// decode returns the envelope of f, or false if f holds none, such as a
// batch, which the protocol does not know.
func decode(f frame) (message, bool) {
	var m message
	err := json.Unmarshal(f.body, &m)
	return m, err == nil
}

// isAnswer reports whether m answers a request.
func (m *message) isAnswer() bool { return m.Method == "" && m.ID != nil }

// request returns the frame of a request, or of a notification if id is nil.
func request(id json.RawMessage, method string, params any) frame {
	return encode(struct {
		Version string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id,omitempty"`
		Method  string          `json:"method"`
		Params  any             `json:"params,omitempty"`
	}{"2.0", id, method, params})
}

// answer returns the frame that answers request id.
func answer(id json.RawMessage, result any) frame {
	return encode(struct {
		Version string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Result  any             `json:"result"`
	}{"2.0", id, result})
}

// encode returns the frame of v, which is one of the shapes of this package.
func encode(v any) frame { return newFrame(raw(v)) }

// raw encodes v, which is made of strings, numbers and parts of messages
// that were valid when they were decoded: that cannot fail.
func raw(v any) json.RawMessage {
	data, _ := json.Marshal(v)
	return data
}

// An object is a JSON object of which heapvet knows some fields only: the
// others are kept as they are.
type object map[string]json.RawMessage

// parseObject decodes raw, or returns nil if it is no object.
func parseObject(raw json.RawMessage) object {
	var o object
	if json.Unmarshal(raw, &o) != nil {
		return nil
	}
	return o
}

// at returns the object that the keys lead to, or nil.
func (o object) at(keys ...string) object {
	for _, key := range keys {
		o = parseObject(o[key])
	}
	return o
}

// list returns the elements of a field that is an array, or nil.
func (o object) list(key string) []json.RawMessage {
	var list []json.RawMessage
	if json.Unmarshal(o[key], &list) != nil {
		return nil
	}
	return list
}

// text returns the value of a field that is a string, or "".
func (o object) text(key string) string {
	var s string
	if json.Unmarshal(o[key], &s) != nil {
		return ""
	}
	return s
}

// truth reports whether a field is the value true.
func (o object) truth(key string) bool { return string(o[key]) == "true" }
