// Package session remembers who is logged in.
package session

import (
	"context"
	"crypto/rand"
	"net/http"
	"sync"
	"time"

	"example.com/app/mended/web"
)

const (
	cookie      = "session"
	lifetime    = 30 * time.Minute
	maxSessions = 2_000
	maxVisited  = 20
)

// A Session is one user's visit.
type Session struct {
	User    string
	Expires time.Time
	Visited []string // the last paths, oldest first
}

// A Store holds the sessions of one server.
type Store struct {
	mu       sync.Mutex
	sessions map[string]*Session
}

// NewStore returns an empty store.
func NewStore() *Store { return &Store{sessions: make(map[string]*Session)} }

// Begin starts a session for user and sends its cookie. It fails when too
// many sessions are alive.
func (s *Store) Begin(w http.ResponseWriter, r *http.Request, user string) error {
	token := user + "-" + rand.Text()
	if !s.add(token, user, time.Now()) {
		return &web.Error{Status: http.StatusServiceUnavailable, Text: "too many sessions"}
	}
	http.SetCookie(w, &http.Cookie{Name: cookie, Value: token, Path: "/", HttpOnly: true})
	return nil
}

func (s *Store) add(token, user string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.sessions) >= maxSessions {
		for token, old := range s.sessions {
			if now.After(old.Expires) {
				delete(s.sessions, token)
			}
		}
		if len(s.sessions) >= maxSessions {
			return false
		}
	}
	s.sessions[token] = &Session{User: user, Expires: now.Add(lifetime)}
	return true
}

func (s *Store) visit(token, path string) (user string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.sessions[token]
	if !ok {
		return "", false
	}
	if time.Now().After(found.Expires) {
		delete(s.sessions, token)
		return "", false
	}
	if len(found.Visited) == maxVisited {
		copy(found.Visited, found.Visited[1:])
		found.Visited[maxVisited-1] = path
	} else {
		found.Visited = append(found.Visited, path)
	}
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
