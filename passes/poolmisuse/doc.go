// Package poolmisuse finds sync.Pools that cost more than they save, or
// hand out memory that somebody else still uses.
//
// # Analyzer poolmisuse
//
// poolmisuse: find sync.Pools that allocate, hoard or share what they hold
//
// The whole pool is judged: its New, every Get and every Put of the
// package, also through functions of the package that wrap them.
//
//	func handle(w http.ResponseWriter, r *http.Request) {
//		buf := bufs.Get().(*bytes.Buffer)
//		defer bufs.Put(buf) // sync.Pool "bufs" keeps every buffer, however large a request made it: ...
//		buf.Reset()
//		buf.ReadFrom(r.Body)
//	}
//
// Reported in the default tier:
//
//   - Use after Put, a second Put of the same value, and the return of
//     memory (buf.Bytes(), *p) of a value that a deferred Put gives away.
//   - Put of a type that the pool's Get does not assert: that Get panics.
//   - Put without Reset where a Get writes on without Reset: the next
//     user finds what the last one left.
//   - Put of a slice, string or struct by value in hot code: the conversion
//     to an interface allocates. Keep pointers in the pool, and put back
//     the pointer that Get returned (p := Get().(*[]byte); b := (*p)[:0];
//     ...; *p = b; Put(p)). Put(&x) of a local slice x is no way out, for
//     its header moves to the heap each time; hotescape reports that.
//   - A buffer that is filled from a reader in hot code and put back
//     whatever its capacity: a few large requests make all buffers large.
//     Compare the capacity and drop what is too large, as fmt does
//     ([golang.org/issue/23199]).
//   - A Get whose value is put back on some ways through the function, but
//     not on one that succeeds; a pool of hot code into which nothing is
//     ever put.
//
// Tier advice: the same in code that is hot only because a library exports
// it, boxing and Put(&x) in code that is not hot, buffers without a capacity check
// that are filled by formatting or encoding, a Put that is missed on the
// way to an error, a value that a function only lends to code that is not
// at hand, for it goes on using it, and never puts back. (What is not put
// back is garbage, not a leak.)
//
// What a function of the package puts back on some of its ways only, other
// than for its size, is not taken to be gone after the call.
//
// Limits: pools that other packages can reach are judged by their uses in
// this one, except where all uses must be known. A value that is stored,
// returned or handed to a function whose body is not at hand, and not used
// after that, is assumed to be put back elsewhere. What is returned together
// with an error is assumed not to be used.
//
// [golang.org/issue/23199]: https://go.dev/issue/23199
package poolmisuse
