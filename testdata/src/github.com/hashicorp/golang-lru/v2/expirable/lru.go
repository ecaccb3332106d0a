// Package expirable is a stub of github.com/hashicorp/golang-lru/v2/expirable.
package expirable

import "time"

// An LRU maps keys to values.
type LRU[K comparable, V any] struct{ items map[K]V }

// NewLRU returns a cache.
func NewLRU[K comparable, V any](size int, onEvict func(K, V), ttl time.Duration) *LRU[K, V] {
	return nil
}

// Add adds a value.
func (c *LRU[K, V]) Add(key K, value V) bool { return false }
