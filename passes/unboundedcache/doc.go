// Package unboundedcache finds containers that only grow.
//
// # Analyzer unboundedcache
//
// unboundedcache: find maps, slices and lists that requests fill and nothing empties
//
// A map that a handler writes to under a key that clients choose, and that
// nothing is ever deleted from, is a memory leak that no test shows:
//
//	type server struct {
//		mu       sync.Mutex
//		sessions map[string]*session
//	}
//
//	func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
//		id := r.Header.Get("X-Session")
//		s.sessions[id] = newSession() // map "server.sessions" only grows: ...
//	}
//
// Bound it: drop entries when they are done with, expire them, or use a
// cache with a size (an LRU). A container that is bounded in a way that the
// analyzer cannot see is marked where it is declared:
//
//	//heapvet:bounded one entry per configured tenant
//	sessions map[string]*session
//
// Reported are maps, sync.Maps, slices, lists, buffers (bytes.Buffer and
// strings.Builder) and caches of other modules that are made with no limit (a
// go-cache that never expires, a ttlcache that nothing sweeps) that outlive a
// request and that code on the way of requests adds to. Those are package
// variables, fields of objects that a handler belongs to or that package
// variables or set-up code keep, fields of objects that are found in such a
// container and never leave it, variables that a handler captures, and local
// variables of a loop that receives messages. Maps are reported only if the
// keys derive from the request. Keys that no later request has (a new pointer,
// its address as %p prints it) count as such. To replace a container by a copy
// with one more element, also in an atomic variable, is to add to it.
//
// What bounds a container is a removal anywhere in the program (through
// aliases, parameters, closures and methods of named types, too), a new
// container in its place, a check of its length or of a counter in front of
// the insert, or keys of which there are only few.
//
// A channel with a buffer that nothing receives from is told, too: it fills,
// and then requests wait for ever.
//
// No bounds are removals that only undo what failed, those that run when
// the object itself ends or begins, and those that nothing calls.
//
// Where packages are analysed one by one, an exported function that adds to
// such a container under a key of its caller's choice is told at the callers
// in importing packages, where it is known what is hot.
//
// Tier advice: objects that only their types show to be long-lived, keys
// that are not shown to come from a request, and exported methods of
// libraries that nothing in the module calls per request; then only
// containers that goroutines share, and not what is registered once, set by
// an option, or part of an object that the same call makes. A map type with
// methods that is gone over as a whole is no cache but a list with names.
package unboundedcache
