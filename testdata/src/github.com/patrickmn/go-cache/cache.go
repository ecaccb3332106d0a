// Package cache is a stub of github.com/patrickmn/go-cache.
package cache

import "time"

// Special expirations.
const (
	NoExpiration      time.Duration = -1
	DefaultExpiration time.Duration = 0
)

// A Cache maps strings to values.
type Cache struct{ *cache }

type cache struct{ items map[string]any }

func (c *cache) Set(k string, x any, d time.Duration) {}
func (c *cache) SetDefault(k string, x any)           {}
func (c *cache) Get(k string) (any, bool)             { return nil, false }
func (c *cache) Delete(k string)                      {}
func (c *cache) ItemCount() int                       { return 0 }

// New returns a cache.
func New(defaultExpiration, cleanupInterval time.Duration) *Cache { return nil }
