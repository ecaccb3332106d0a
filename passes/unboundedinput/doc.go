// Package unboundedinput finds input that a client can make as large as it
// likes.
//
// # Analyzer unboundedinput
//
// unboundedinput: find input that is read, unpacked or allocated for without a limit
//
// What a server keeps of one request must have a limit, or a few requests
// use up all memory:
//
//	func upload(w http.ResponseWriter, r *http.Request) {
//		data, err := io.ReadAll(r.Body) // io.ReadAll reads the request's Body without a limit: ...
//
//		n, _ := strconv.Atoi(r.FormValue("n"))
//		items := make([]item, n) // make of a size that the client chooses (strconv.Atoi) ...
//
//		parts := strings.Split(token, ".") // strings.Split makes as many parts as the client sends separators ...
//		if len(parts) != 3 {
//
// Reported are, in code that runs per request:
//
//   - io.ReadAll, ReadFrom, io.Copy into a buffer and the decoders of JSON,
//     XML, gob, YAML and others on the Body of a request that nothing
//     limits. Limits are http.MaxBytesReader, io.LimitReader, a reader of the
//     program that counts, a comparison of ContentLength, also in all
//     callers, in a function that is handed the request, or anywhere in a
//     wrapper of handlers that the module has (http.MaxBytesHandler and
//     the like of chi, echo and gin included).
//   - The same on unpacked data (gzip, deflate, zlib, zstd, snappy, s2,
//     brotli, lz4, xz) without a limit on what comes out: a limit on the
//     body does not help there. Also a Body that is replaced by such a
//     reader, for others to read.
//   - make, Grow, reflect.MakeSlice and Repeat by a number that a client
//     chooses (encoding/binary, varints, strconv, Content-Length, numbers
//     in decoded messages) without a comparison that limits it from
//     above on every way, min, or a function that checks it.
//   - strings.Split of request data whose number of parts is looked at
//     only afterwards: SplitN needs no more memory than the answer.
//
// Data of the response to a call that the program makes, of connections
// whose other end is not known, and code that is hot only because a
// library exports it, are tier advice; so are unpacked data in memory that was
// decrypted, authenticated (hmac.Equal) or stored before, lines read by
// bufio.Reader.ReadString and ReadBytes, ParseMultipartForm (its files go
// to disk), and a Split that is only ranged over.
//
// The option max-body gives a number of bytes; then fixes wrap r.Body in
// http.MaxBytesReader where the function has the ResponseWriter at hand.
// The fix for Split is offered where no use of the parts can tell.
//
// "//heapvet:bounded reason" on the line, the line before or the function's
// doc comment says that a limit stands elsewhere, such as in a proxy.
//
// Limits: with one package at a time, a wrapper is seen in this package
// and in what it imports. A wrapper counts for all handlers of the
// module, even if it is set before some only. A reader that goes through a
// function whose body is not at hand is not told. Generated code is not
// reported.
package unboundedinput
