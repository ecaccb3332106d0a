// Package ttlcache is a stub of github.com/jellydator/ttlcache/v3.
package ttlcache

import "time"

// Special times to live.
const (
	NoTTL      time.Duration = -1
	DefaultTTL time.Duration = 0
)

// A Cache maps keys to values.
type Cache[K comparable, V any] struct{ items map[K]V }

// An Option sets up a cache.
type Option[K comparable, V any] func(*Cache[K, V])

// WithCapacity limits the number of items.
func WithCapacity[K comparable, V any](c uint64) Option[K, V] { return nil }

// WithTTL lets items expire.
func WithTTL[K comparable, V any](ttl time.Duration) Option[K, V] { return nil }

// WithDisableTouchOnHit does something else.
func WithDisableTouchOnHit[K comparable, V any]() Option[K, V] { return nil }

// New returns a cache.
func New[K comparable, V any](opts ...Option[K, V]) *Cache[K, V] { return nil }

// Set adds an item.
func (c *Cache[K, V]) Set(key K, value V, ttl time.Duration) {}

// Delete removes an item.
func (c *Cache[K, V]) Delete(key K) {}

// Start removes expired items until Stop.
func (c *Cache[K, V]) Start() {}
