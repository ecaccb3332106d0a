// Package hotcall finds calls in per-request code that have a cheaper twin,
// or do the same costly work again.
//
// # Analyzer hotcall
//
// hotcall: find calls with a cheaper twin, and repeated ones, in hot code
//
// Some calls of the standard library and of well-known modules allocate
// although another call of the same package would do. What they allocate
// happens in the callee, where the compiler's output about the caller is
// silent; the figures were measured with Go 1.26:
//
//	func serve(w http.ResponseWriter, r *http.Request) {
//		from := r.URL.Query().Get("from")
//		to := r.URL.Query().Get("to") // r.URL.Query() does the work of line 2 again: keep the result (measured: 6 allocations, 464 B; hot: net/http handler serve)
//		...
//	}
//
// The repair:
//
//	q := r.URL.Query()
//	from, to := q.Get("from"), q.Get("to")
//
// Reported are:
//
//   - URL.Query, ParseQuery, Cookies, BasicAuth, ParseMediaType and
//     FromIncomingContext, repeated for the same operands, or in a loop;
//   - strings.Split for the first part, the last one, or two, for their
//     number, or to range over, perhaps without the first (Cut, LastIndex,
//     Count, SplitSeq);
//   - regexp's Find methods compared to nil (MatchString); bytes.ToLower and
//     ToUpper to compare, also in a variable or a switch (EqualFold);
//   - constant header keys that are not canonical;
//   - io.ReadAll of what nobody looks at; a bufio.Scanner or a json.Decoder
//     over a text in memory; json.Marshal of a copied struct, or for a line
//     that is written;
//   - sort.Slice, reflect.DeepEqual of slices and maps, errors.As (since Go
//     1.26), the Sum of a hash of one text, one that is copied to an array
//     which is on the heap anyhow, or one of 32 or 64 bits that is compared,
//     binary.Read and Write of a number;
//   - values boxed for a function that looks at them only when it fails, as
//     assertions do: func assert(cond bool, format string, args ...any);
//   - a request that gets its context in a copy (NewRequestWithContext), and
//     bytes that a function makes of a text and that become a text again;
//   - texts and fields made for a log call of level Debug or Trace that is
//     usually off; messages that repeat the call's attributes; zap.Any and
//     zerolog's Interface of a predeclared type; metadata.FromIncomingContext
//     for one or two keys;
//   - time.After and time.NewTimer in a loop; sync.OnceValue that is made
//     to be called.
//
// With tier advice also: strings.Split for two parts where more are refused,
// strings.ToLower and ToUpper to compare, values boxed for a logger of the
// program's own that is off, as the name of what it asks tells (debug, trace,
// verbose), slog's and zap's arguments that LogAttrs and typed fields would
// not box, JSON that is marshalled only to be written, io.ReadAll of a body,
// time.After outside of loops (check hotinit tells of time.NewTimer),
// contexts made for pooled objects, addresses printed to be looked up,
// options for an instrument that may be off, reflection with a type that is
// known, handlers wrapped on every request, and values boxed for an
// atomic.Value.
//
// What functions of other packages do with their arguments is known for those
// of the module.
//
// The analyzer is silent about failure paths, and about log calls behind the
// guard of a level.
//
// To silence one line: //heapvet:ignore hotcall reason.
package hotcall
