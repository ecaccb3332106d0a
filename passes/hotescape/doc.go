// Package hotescape finds values that per-request code puts on the heap
// for a reason that an edit removes.
//
// # Analyzer hotescape
//
// hotescape: find escapes in hot code with a removable cause
//
// Most of what escapes in a server has to. The analyzer knows a list of
// shapes that need not, each with the edit that cures it, and reports one
// only where the code is hot, on its way to success, and the compiler
// itself says that the value is on the heap:
//
//	func serve(w http.ResponseWriter, r *http.Request) {
//		var b strings.Builder
//		fmt.Fprintf(&b, "%s=%d", r.Host, r.ContentLength) // buffer "b" moves to the heap only because fmt.Fprintf gets it as an io.Writer: use its own Write methods (compiler: heap, 32 B; hot: net/http handler serve)
//		io.WriteString(w, b.String())
//	}
//
// The repair:
//
//	func serve(w http.ResponseWriter, r *http.Request) {
//		var b strings.Builder
//		b.WriteString(r.Host)
//		b.WriteByte('=')
//		b.WriteString(strconv.FormatInt(r.ContentLength, 10))
//		io.WriteString(w, b.String())
//	}
//
// The shapes, and what cures them:
//
//   - a local bytes.Buffer or strings.Builder that only fmt.Fprint* moves:
//     its own Write methods;
//   - a local array or small slice for an interface's Read or Write: a
//     field, a pooled array, a concrete reader or writer;
//   - pool.Put(&local): put back the pointer that Get returned;
//   - a variable that a closure assigns and nobody reads afterwards:
//     declare it in the closure;
//   - a parameter of more than 128 bytes that a closure captures: take a
//     pointer;
//   - an unexported function that gc does not inline and whose result, a
//     pointer to a small struct, no caller keeps: return the struct;
//   - a struct boxed for sort.Sort, Stable or Reverse: slices.SortFunc;
//   - a range over a function whose body escapes: an index loop;
//   - a concatenation that is the same in every iteration, or for every
//     request: build it before the loop, or where the handler is made;
//   - a value of constant size that is too large for the stack: a pool, or
//     a smaller start;
//   - closures appended to a slice of options: an array, or fields;
//   - a parameter that escapes on a failure path only, for which every
//     caller pays: pass a copy there;
//   - a parameter that is replaced by a copy of itself, which escapes, so that
//     every caller pays twice: a variable of its own for the copy.
//
// A shape is reported only if all ways of the value to the heap are cured
// by the edit; gc explains just one.
//
// With tier advice the analyzer also reports tables of template functions
// and constant header values that are built on every call, slices boxed for
// sorting, options handed to other packages, small structs that a loop
// appends by pointer, structs that a field points to and that are always made
// together with the one that has the field, range variables whose address is
// kept, method values of things that outlive the request, parameters of
// exported functions that are replaced by a copy, if only other packages
// might pay for it, and what only background loops run.
//
// The analyzer is silent about errors and what goes into them, failure
// paths, statements behind the guard of a log level, set-up code and
// generated files.
//
// To silence one line: //heapvet:ignore hotescape reason.
package hotescape
