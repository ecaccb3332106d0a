// Removals that leave something behind.
package main

import (
	"errors"
	"net/http"
	"strings"
)

// Siblings: one of two maps is cleaned up.
type streams struct {
	logs   map[string]int
	counts map[string]int // left behind
}

func (s *streams) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := r.FormValue("id")
	s.logs[id]++
	s.counts[id]++ // want `map "streams.counts" keeps the keys that are deleted from "streams.logs": delete them from both`
	s.end(id)
}

func (s *streams) end(id string) { delete(s.logs, id) }

// Both are cleaned up.
type paired struct {
	logs   map[string]int
	counts map[string]int
}

func (s *paired) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := r.FormValue("id")
	s.logs[id]++
	s.counts[id]++
	s.end(id)
}

func (s *paired) end(id string) {
	delete(s.logs, id)
	delete(s.counts, id)
}

// What is deleted is counted: the other map is kept on purpose.
type versions struct {
	used    map[string]int
	changes map[string]int
}

func (s *versions) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := r.FormValue("id")
	s.used[id]++
	s.changes[id]++ // not reported: end adds to it, too
	s.end(id)
}

func (s *versions) end(id string) {
	delete(s.used, id)
	s.changes[id]++
}

// Inner elements go, their keys stay.
type rooms struct {
	members map[string]map[string]bool
	queues  map[string][]string
}

func (s *rooms) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	room, user := r.FormValue("room"), r.FormValue("user")
	if s.members[room] == nil {
		s.members[room] = make(map[string]bool)
	}
	s.members[room][user] = true
	delete(s.members[room], user) // want `map "rooms.members" keeps a key with nothing in it: delete the key when its last element goes`
	q := append(s.queues[room], user)
	s.queues[room] = q
	if len(q) > 0 {
		s.queues[room] = s.queues[room][1:] // want `map "rooms.queues" keeps a key with nothing in it`
	}
}

// The key goes with its last element.
type tidy struct{ members map[string]map[string]bool }

func (s *tidy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	room, user := r.FormValue("room"), r.FormValue("user")
	if s.members[room] == nil {
		s.members[room] = make(map[string]bool)
	}
	s.members[room][user] = true
	delete(s.members[room], user)
	if len(s.members[room]) == 0 {
		delete(s.members, room)
	}
}

// Counters fall to zero and stay.
type active struct{ perHost map[string]int }

func (s *active) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.perHost[r.Host]++
	defer s.leave(r.Host)
}

func (s *active) leave(host string) {
	s.perHost[host]-- // want `map "active.perHost" keeps each counter that falls to zero: delete the key then`
}

// Counters that are deleted at zero.
type counted struct{ perHost map[string]int }

func (s *counted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.perHost[r.Host]++
	defer s.leave(r.Host)
}

func (s *counted) leave(host string) {
	s.perHost[host]--
	if s.perHost[host] == 0 {
		delete(s.perHost, host)
	}
}

// Added in lower case, deleted as it came.
type lowered struct{ users map[string]bool }

func (s *lowered) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.users[strings.ToLower(r.FormValue("user"))] = true
	s.drop(r.FormValue("user"))
}

func (s *lowered) drop(user string) {
	delete(s.users, user) // want `map "lowered.users" is filled under keys that are transformed first, and this deletes the plain one: transform it, too`
}

// Lower case both times.
type folded struct{ users map[string]bool }

func (s *folded) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.users[strings.ToLower(r.FormValue("user"))] = true
	s.drop(strings.ToLower(r.FormValue("user")))
}

func (s *folded) drop(user string) { delete(s.users, user) }

// Deleted as it came, but only what is there.
type mailboxes struct {
	boxes map[string]*box
	names map[string]bool
}

type box struct{}

func (s *mailboxes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimRight(r.FormValue("name"), "/")
	s.boxes[name] = new(box)
	s.names[name] = true
	s.drop(r.FormValue("name"))
	s.dropName(r.FormValue("name"))
}

func (s *mailboxes) box(name string) (*box, error) {
	b := s.boxes[name]
	if b == nil {
		return nil, errors.New("no such mailbox")
	}
	return b, nil
}

func (s *mailboxes) find(name string) (*box, error) { return s.box(name) }

func (s *mailboxes) drop(name string) {
	if _, err := s.find(name); err != nil {
		return
	}
	delete(s.boxes, name) // not reported: it was found
}

func (s *mailboxes) dropName(name string) {
	if _, err := s.find(name); err != nil {
		return
	}
	delete(s.names, name) // want `map "mailboxes.names" is filled under keys that are transformed first`
}

// Declared to be bounded.
type declared struct {
	//heapvet:bounded a dozen hosts
	perHost map[string]int
}

func (s *declared) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.perHost[r.Host]++
	s.perHost[r.Host]--
}

func main() {
	http.Handle("/streams", &streams{})
	http.Handle("/paired", &paired{})
	http.Handle("/rooms", &rooms{})
	http.Handle("/tidy", &tidy{})
	http.Handle("/active", &active{})
	http.Handle("/counted", &counted{})
	http.Handle("/lowered", &lowered{})
	http.Handle("/folded", &folded{})
	http.Handle("/versions", &versions{})
	http.Handle("/mailboxes", &mailboxes{})
	http.Handle("/declared", &declared{})
	http.ListenAndServe(":8080", nil)
}
