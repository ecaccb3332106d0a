// Package goroutineleak finds goroutines that are left behind: blocked for
// ever, or in a loop that nothing ends.
//
// # Analyzer goroutineleak
//
// goroutineleak: find goroutines that block for ever or never end
//
// A goroutine that is never done keeps its stack, at least 2 kB, and all
// that it refers to. One per request is a leak as sure as any:
//
//	func get(w http.ResponseWriter, r *http.Request) {
//		answer := make(chan string)
//		go func() {
//			answer <- ask(r.URL.Path) // send on channel "answer" blocks for ever when get returns in line 18: 1 send, no capacity, and no receive on that way; give it capacity 1 (...)
//		}()
//		select {
//		case text := <-answer:
//			io.WriteString(w, text)
//		case <-time.After(time.Second):
//			http.Error(w, "late", http.StatusGatewayTimeout)
//		}
//	}
//
// Channels are followed through variables, fields, closures, parameters and
// results, and through all functions of the module where the driver shows
// them. Reported are
//
//   - senders that a function leaves behind on some way to a return: more
//     sends than the channel's capacity and the receives on that way. The
//     message names the capacity that would do, and where the number is
//     plain a fix gives it;
//   - operations that can never go on, whatever the schedule: a receive
//     from a channel that nothing sends on or closes, a send that nothing
//     receives, a Wait without Done or Signal, a context whose cancel
//     function is not called before, two goroutines that wait for each
//     other;
//   - goroutines that never end: a loop without a way out, one over a
//     ticker's channel, which Stop does not close, or one whose way out is
//     a channel that nobody closes;
//   - a range over a channel that only the ranging goroutine closes, when
//     it returns;
//   - receives that wait for a goroutine which returns on some way without
//     sending or closing; WaitGroup.Done skipped on some way; Wait inside of
//     the loop that starts what it waits for;
//   - sends without a way out whose receiver may have returned;
//   - goroutines that wait for nothing but a context which a caller says is
//     context.Background;
//   - constructors that start a goroutine and then fail without stopping it
//     or closing what it reads from.
//
// A capacity, a drained channel, a default case, a case for a done channel
// at the sender and a close in a defer are all accepted as ways out. A
// timer or ticker that is dropped is no leak since Go 1.23, and not
// reported; a goroutine that waits for one is.
//
// What happens in code that runs per request is reported by default, what a
// library's API may leave behind is advice. Goroutines that are started
// once per process, by main, package initialisation or sync.Once, are
// meant to stay.
//
// Limits: package variables and whatever code of other modules may send on,
// receive from or close are assumed to be used well. Mutexes are not looked
// at. A channel field is the same channel in all objects of its type.
package goroutineleak
