// Package xsync is a stub of github.com/puzpuzpuz/xsync/v3.
package xsync

// MapOf is a concurrent map.
type MapOf[K comparable, V any] struct{ table map[K]V }

// NewMapOf returns a map.
func NewMapOf[K comparable, V any](options ...func()) *MapOf[K, V] { return nil }

// Store sets a value.
func (m *MapOf[K, V]) Store(key K, value V) {}

// Delete removes a value.
func (m *MapOf[K, V]) Delete(key K) {}
