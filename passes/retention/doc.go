// Package retention finds small values that keep big ones alive, and
// per-request values that are kept after the request.
//
// # Analyzer retention
//
// retention: find what keeps requests and their buffers alive
//
// The garbage collector frees a request's memory when nothing refers to it
// any more. One reference from an object that lives on is enough to keep
// all of it, and is easily overlooked:
//
//	func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
//		body, _ := io.ReadAll(r.Body)
//		id, _, _ := strings.Cut(string(body), "\n")
//		s.seen[id] = true // map "server.seen" keeps a piece of what io.ReadAll read: ...
//	}
//
// Reported are
//
//   - a piece of a buffer that was read whole, put into a long-lived map,
//     slice or field: it keeps the buffer (strings.Clone and bytes.Clone
//     copy the piece);
//   - a context, request, response or response writer stored in a package
//     variable, a long-lived object or an element of one, and never set to
//     nil: it keeps all values of the context and the request's buffers;
//   - time.AfterFunc with a long delay, whose timer nobody stops, and whose
//     function captures a request, a context or a buffer: kept until it
//     fires; context.AfterFunc of a context that outlives the request,
//     whose stop function is dropped: kept as long as that context;
//   - a function stored where the function it calls was, once per request:
//     a chain that gets longer by each;
//   - a listener (a channel or a function) added for each call to a list
//     from which nothing can take that one out again;
//   - a method of a dependency (CreateStream, AddWatch, RegisterHook) called per
//     request on a long-lived object, while nothing calls the method of the
//     same type that takes what it returns away again (RemoveStreams);
//   - a list that an object fills each time it is opened, and goes through
//     when it is closed but does not empty, though it can be opened again.
//
// Tier advice: a queue that is popped by s = s[1:], whose array keeps the
// popped elements until it is next grown; and all of the above where the
// object is only likely to outlive the request, the delay is not known, or
// the only reason to think that code runs per request is that a library
// exports it.
//
// Containers from which nothing is ever removed are the business of
// unboundedcache. Objects made per request may hold their request.
package retention
