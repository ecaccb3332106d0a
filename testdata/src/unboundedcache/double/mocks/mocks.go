// Package mocks stands in for other code in tests.
package mocks

import "sync"

// Store remembers all calls.
type Store struct {
	mu    sync.Mutex
	calls map[string]int
}

// Get counts calls.
func (s *Store) Get(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls[key]++ // not reported: a test double
}
