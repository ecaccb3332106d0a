// Package noalloc holds functions to their promise not to allocate.
//
// # Analyzer noalloc
//
// noalloc: find allocations in functions that promise not to make any
//
// A function marked //heapvet:noalloc is held to it: nothing that it does on
// its way to success, nor what it calls, to any depth, may allocate. What
// the compiler decided counts, not what the source looks like:
//
//	//heapvet:noalloc
//	func (s *set) add(key string) *entry {
//		s.index[key]++          // noalloc function "(*set).add" may allocate: an assignment to s.index[key] grows the map when the key is new
//		e := &entry{key: key}   // noalloc function "(*set).add" allocates: &entry{...} escapes (return)
//		return e
//	}
//
// Told are values that escape, slices, maps and strings that grow, channels,
// goroutines, deferred calls in loops, and calls: of functions that do any
// of that, with the chain of calls; of functions that are known to allocate;
// and of those about which nothing is known. Calls through interfaces of the
// module are followed where all of the module is analysed. A function value
// or an interface that is a parameter is judged where the function is called
// with one. What happens on the way to an error, a panic or a failure that a
// client is told of does not count. A function with a promise of its own is
// relied upon where it is called: what breaks that is told there.
//
// heapvet by itself asks the compiler about all packages of the module. go
// vet, golangci-lint and nogo show one package at a time, and compiling each
// for the sake of those that may call it would cost more than all checks
// together. There the compiler is asked about packages with a promise in
// them, and of functions of others it is told what their syntax shows: that
// they need no memory (no address leaves them, nothing is boxed, built or
// converted, nor by what they call), that they allocate (goroutines,
// channels, growing slices and maps, known functions), or else that "the
// compiler was not asked about package p". Of the functions in the standard
// library that do not allocate, as a sample, four in five are known without
// it; one in five of all is up to it. Promise it where the function is, or
// let a heat file tell.
//
// About the standard library there is a table of the functions that do not
// allocate, computed from its source and the compiler's word (Go 1.26).
//
//	//heapvet:allow REASON
//
// exempts its line, or the next if it stands alone, also for the callers of
// the function. One that exempts nothing is told.
//
// Projects that use other tools' directives keep them: gcassert's
// //gcassert:noescape asserts that nothing on a line escapes, gVisor's
// // +checkescape, with its options, is a contract like the one above (the
// bare form is about the function alone), and its exemption is the comment
// "// escapes: reason". Splits of the stack, inlining and bounds checks are
// not checked.
//
// Without the compiler's output nothing is proved, and that is told.
package noalloc
