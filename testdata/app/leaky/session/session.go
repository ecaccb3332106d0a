// Package session remembers who is logged in.
package session

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"sync"
	"time"

	"example.com/app/leaky/web"
)

const cookie = "session"

// A Session is one user's visit.
type Session struct {
	User    string
	Started time.Time
	Request *http.Request // the one that logged in
	Visited []string      // paths, oldest first
}

// A Store holds the sessions of one server.
type Store struct {
	mu       sync.Mutex
	sessions map[string]*Session
}

// NewStore returns an empty store.
func NewStore() *Store { return &Store{sessions: make(map[string]*Session)} }

// Begin starts a session for user and sends its cookie.
func (s *Store) Begin(w http.ResponseWriter, r *http.Request, user string) {
	token := fmt.Sprintf("%s-%s", user, rand.Text())
	s.mu.Lock()
	s.sessions[token] = &Session{User: user, Started: time.Now(), Request: r}
	s.mu.Unlock()
	http.SetCookie(w, &http.Cookie{Name: cookie, Value: token, Path: "/", HttpOnly: true})
}

func (s *Store) visit(token, path string) (user string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.sessions[token]
	if !ok {
		return "", false
	}
	found.Visited = append(found.Visited, path)
	return found.User, true
}

type key struct{}

// Track is a middleware that finds the request's session.
func (s *Store) Track(next web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if c, err := r.Cookie(cookie); err == nil {
			if user, ok := s.visit(c.Value, r.URL.Path); ok {
				r = r.WithContext(context.WithValue(r.Context(), key{}, user))
			}
		}
		return next(w, r)
	}
}

// User returns the name of the user who sent r, or "" for a guest.
func User(r *http.Request) string {
	user, _ := r.Context().Value(key{}).(string)
	return user
}
