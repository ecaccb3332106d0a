package server

import (
	"bytes"
	"io"
	"net/http"
	"strings"
)

type store struct {
	ids    map[string]bool
	whole  map[string][]byte
	tokens []*token
	heads  [][]byte
}

type token struct{ text string }

func (s *store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	id, _, _ := strings.Cut(string(body), "\n")
	s.ids[id] = true                                  // want `map "store.ids" keeps a piece of what io.ReadAll read: the whole of it stays in memory with the piece; store strings.Clone or bytes.Clone of the piece`
	s.ids[strings.Clone(id)] = true                   // not reported: a copy
	s.ids[string(body[:16])] = true                   // not reported: a copy of the piece alone
	s.whole[string(body[:16])] = body                 // not reported: all of it
	s.heads = append(s.heads, body[:16])              // want `slice "store.heads" keeps a piece of what io.ReadAll read`
	s.heads = append(s.heads, bytes.Clone(body[:16])) // not reported: a copy
	parts := strings.Split(string(body), ",")
	s.tokens = append(s.tokens, &token{text: parts[1]}) // want `slice "store.tokens" keeps a piece of what io.ReadAll read`
	s.tokens = append(s.tokens, &token{text: r.Host})   // not reported: small
}

func (s *store) reset(w http.ResponseWriter, r *http.Request) {
	clear(s.ids)
	clear(s.whole)
	s.tokens, s.heads = nil, nil
}

// Keep registers the handlers.
func Keep() {
	s := &store{ids: make(map[string]bool), whole: make(map[string][]byte)}
	http.Handle("/store", s)
	http.HandleFunc("/reset", s.reset)
}
