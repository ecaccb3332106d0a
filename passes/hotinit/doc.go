// Package hotinit finds objects that per-request code builds anew although
// one could serve all requests.
//
// # Analyzer hotinit
//
// hotinit: find objects built per request that could be built once or pooled
//
// What a call allocates inside of the standard library or a dependency is in
// no compiler output of the package that calls. Some calls allocate a lot: a
// gzip writer has about 800 KB of tables. The analyzer has a table of such
// calls, measured with Go 1.26 and, for other modules, at the version the
// table names:
//
//	func serve(w http.ResponseWriter, r *http.Request) {
//		ok := regexp.MustCompile(`^[a-z]+$`).MatchString(r.URL.Path) // regexp.MustCompile of constants on every call: compile it once, in a package variable (measured: 36 allocations, 2712 B; hot: net/http handler serve)
//		zw := gzip.NewWriter(w)                                      // gzip.NewWriter on every call: keep writers in a sync.Pool and Reset them (measured: 17 allocations, 813856 B; hot: net/http handler serve)
//		...
//	}
//
// The repair is a package variable, or a pool:
//
//	var name = regexp.MustCompile(`^[a-z]+$`)
//
//	var writers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}
//
//	zw := writers.Get().(*gzip.Writer)
//	zw.Reset(w)
//	defer writers.Put(zw)
//
// Reported are regular expressions, templates (also those whose text alone
// is constant) and their functions, embedded files that are copied,
// replacers, time zones, URLs, networks, encodings and tables made of
// constants, unless they are kept in a field, a map or a package variable;
// texts that are joined or formatted of constants, unexported package
// variables that nothing assigns, and runtime.Version; maps of more than eight
// constants that are only looked up in;
// validators, Markdown converters, sanitisers and the like, and clients and
// pools of connections, also of other modules; the system's certificates;
// writers and readers that compress (gzip, zlib, flate, lzw, and with other
// modules zstd, s2, snappy, brotli, lz4) or buffer, unless a pool is filled
// with them or they are reset; slices of a constant size or capacity of
// 16 KiB and more; an http.Transport, which keeps idle connections of its
// own; and random sources seeded by the clock. The bytes of a writer or
// reader are those of its use for 1 KiB of text, with default options: one
// that is never used costs less, and so do some levels and block sizes.
//
// Where packages are analysed one at a time, functions that build such a
// thing on each call are known to the packages that import theirs, to any
// depth: hot code is told where it calls them.
//
// A fix puts what is made of constants into a package variable, if it means
// the same there, cannot panic when the program starts and is changed by
// nobody. A pool is left to those who know where the use of an object ends.
//
// What is built by code that set-up shares with requests and what becomes
// part of a longer-lived value is advice if it is small, and so are an
// http.Transport that a caller may keep, clients made of a function's
// parameters, buffers that are no bytes, go elsewhere or belong to code that
// set-up shares, and clones of templates.
//
// The analyzer is silent about whatever depends on the request, about what
// is built on failure paths and at set-up, and about objects that are
// cheap: hashes, http.Client, the time zone UTC.
//
// To silence one line: //heapvet:ignore hotinit reason.
package hotinit
