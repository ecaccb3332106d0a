// Package resourceleak finds what must be closed, stopped or cancelled and
// is not on some way through a function.
//
// # Analyzer resourceleak
//
// resourceleak: find what is not closed, stopped or cancelled on some way
//
// A response body, rows, a transaction or a connection that is not released
// holds a connection, goroutines or a place in a pool until the process ends.
// Mostly a release is there, but a return comes before it:
//
//	resp, err := http.Get(url) // resp.Body is not closed when resp.StatusCode != 200 (line 64 returns first): it holds a connection and two goroutines; defer resp.Body.Close() right after the error check
//	if err != nil {
//		return err
//	}
//	if resp.StatusCode != 200 {
//		return errors.New(resp.Status)
//	}
//	defer resp.Body.Close()
//
// Every way from the call that acquires to the ends of the function is
// walked, with what its branches tell: where the error of that call is not
// nil, or its ok is false, nothing was acquired; conditions that are tested
// twice have one outcome; a value that differs from all constants declared
// with its type does not occur. What is returned, stored where it outlives the function, sent, or
// handed to a function that keeps or closes it, is somebody else's. What a
// function of the module does with its parameters, and what its results
// need, is worked out from its body, also across packages: a constructor
// that takes a connection over only if it succeeds leaves it to its caller
// when it fails.
//
// Known by type are the standard library's resources (bodies, rows,
// statements, transactions, connections, listeners, files, processes,
// iter.Pull) and those of common libraries (gRPC, pgx, Redis, MongoDB, Kafka,
// AMQP, etcd, WebSocket, zstd and others). Anything else counts if the
// function itself closes it on another way.
//
// Also reported:
//
//   - A deferred release or cancel in a loop, unless the loop is short or
//     what it acquires is used after it: all rounds' resources stay open
//     until the function returns.
//   - A cancel function that is kept in a field of an object which an early
//     return drops. (Other lost cancel functions are told by go vet.)
//   - A client or connection pool that each request opens and closes.
//   - A finalizer or cleanup that cannot run, because a goroutine that the
//     function starts, a package variable or the cleanup itself keeps the
//     object reachable.
//
// Tier default needs code that requests run. Tier advice: code that is hot
// only because a library exports it, warm and set-up code; files, which the
// collector closes in the end; what no table lists; bodies, rows and
// statements that no way closes, for which bodyclose and sqlclosecheck are
// there; rows and transactions that are not closed if a function that gets
// them panics; clients per request.
//
// The analyzer is silent about main, package initialisation and tests, and
// about timers and tickers, which need no Stop since Go 1.23; for a main
// module with an older go line, a ticker that is not stopped is advice.
//
// Limits: what is put into a slice or map is not followed. Functions
// without a body at hand are taken to release only what their parameter's
// type lets them release, unless the caller releases it afterwards. Very
// winding functions are not judged.
package resourceleak
