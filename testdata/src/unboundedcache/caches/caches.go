// Caches of other modules, with and without limits.
package main

import (
	"net/http"
	"time"

	"github.com/hashicorp/golang-lru/v2/expirable"
	"github.com/jellydator/ttlcache/v3"
	"github.com/patrickmn/go-cache"
	"github.com/puzpuzpuz/xsync/v3"
)

type server struct {
	forever  *cache.Cache
	unswept  *cache.Cache
	expiring *cache.Cache
	perEntry *cache.Cache
	given    *cache.Cache

	endless *ttlcache.Cache[string, int]
	sized   *ttlcache.Cache[string, int]
	idle    *ttlcache.Cache[string, int]
	timed   *ttlcache.Cache[string, int]

	unlimited *expirable.LRU[string, int]
	limited   *expirable.LRU[string, int]
	aging     *expirable.LRU[string, int]

	open   *xsync.MapOf[string, int]
	closed *xsync.MapOf[string, int]
}

var global = cache.New(cache.NoExpiration, 0)

func newServer(given *cache.Cache, options []ttlcache.Option[string, int]) *server {
	s := &server{
		forever:   cache.New(cache.NoExpiration, time.Minute),
		unswept:   cache.New(time.Minute, 0),
		expiring:  cache.New(time.Minute, time.Minute),
		perEntry:  cache.New(cache.NoExpiration, time.Minute),
		given:     given,
		endless:   ttlcache.New[string, int](ttlcache.WithDisableTouchOnHit[string, int]()),
		sized:     ttlcache.New(ttlcache.WithCapacity[string, int](100)),
		idle:      ttlcache.New(ttlcache.WithTTL[string, int](time.Minute)),
		timed:     ttlcache.New(options...),
		unlimited: expirable.NewLRU[string, int](0, nil, 0),
		limited:   expirable.NewLRU[string, int](100, nil, 0),
		aging:     expirable.NewLRU[string, int](0, nil, time.Minute),
		open:      xsync.NewMapOf[string, int](),
		closed:    xsync.NewMapOf[string, int](),
	}
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.forever.Set(r.Host, 1, cache.DefaultExpiration)  // want `cache "server.forever" only grows: \(\*server\)\.ServeHTTP adds an entry per request, keyed by r\.Host, and nothing removes one; delete what is done, expire entries, or use a cache with a limit`
	s.unswept.SetDefault(r.Host, 1)                    // want `cache "server.unswept" only grows`
	s.expiring.Set(r.Host, 1, cache.DefaultExpiration) // not reported: expires, and is swept
	s.perEntry.Set(r.Host, 1, time.Minute)             // not reported: this entry expires
	s.given.Set(r.Host, 1, cache.DefaultExpiration)    // not reported: made by others
	global.Set(r.Host, 1, cache.DefaultExpiration)     // want `cache "global" only grows`

	s.endless.Set(r.Host, 1, ttlcache.DefaultTTL) // want `cache "server.endless" only grows`
	s.sized.Set(r.Host, 1, ttlcache.DefaultTTL)   // not reported: has a capacity
	s.idle.Set(r.Host, 1, ttlcache.DefaultTTL)    // want `cache "server.idle" only grows`
	s.timed.Set(r.Host, 1, ttlcache.DefaultTTL)   // not reported: the options are not known

	s.unlimited.Add(r.Host, 1) // want `cache "server.unlimited" only grows`
	s.limited.Add(r.Host, 1)   // not reported: has a size
	s.aging.Add(r.Host, 1)     // not reported: expires

	s.open.Store(r.Host, 1) // want `cache "server.open" only grows`
	s.closed.Store(r.Host, 1)
	defer s.closed.Delete(r.Host)
}

func main() {
	http.Handle("/", newServer(cache.New(1, 1), nil))
	http.ListenAndServe(":8080", nil)
}
