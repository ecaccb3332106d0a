// Package reqflow decides which values come from a request, and which of
// those take only finitely many values whatever a client sends.
//
// # Analyzer reqflow
//
// reqflow: follow request data through the program (no diagnostics)
//
// Sources are the parameters of request roots (handlers, RPC methods,
// message callbacks), what a receive loop receives, and, in a library
// without any root, the parameters of its exported API (then the flow is
// Assumed). From there data flows through locals, fields, containers,
// conversions, formatting and calls, to any depth.
//
// With a [hotcode.Module] the flow is computed once over all its packages.
// Without, it is computed per package; what imported packages do with
// their parameters is known from facts (result i derives from parameter
// j). Functions whose body is not at hand are taken to pass on what their
// arguments carry.
package reqflow
