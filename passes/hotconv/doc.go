// Package hotconv finds formatting and conversions in per-request code
// that have a form which allocates less.
//
// # Analyzer hotconv
//
// hotconv: find formatting and conversions with a cheaper form in hot code
//
// fmt takes its arguments as interfaces, so every string or number that is
// formatted is first copied to the heap; a conversion from string to []byte
// for an io.Writer copies the whole text. In code that runs per request
// that is most of what some lines cost:
//
//	func serve(w http.ResponseWriter, r *http.Request) {
//		key := fmt.Sprintf("%s:%s", r.Host, r.URL.Path) // fmt.Sprintf of plain strings boxes its arguments: concatenate them (compiler: heap, 32 B; hot: net/http handler serve)
//		w.Write([]byte(lookup(key)))                    // []byte(lookup(key)) copies the string for http.ResponseWriter.Write: use io.WriteString (compiler: heap; hot: net/http handler serve)
//	}
//
// The repair keeps what is written:
//
//	func serve(w http.ResponseWriter, r *http.Request) {
//		key := r.Host + ":" + r.URL.Path
//		io.WriteString(w, lookup(key))
//	}
//
// Reported are only forms whose gain was measured:
//
//   - Sprintf and Fprintf with a constant format of only %s and %v on
//     strings, or %s on []byte (from 2 or 3 allocations to 1);
//   - Sprintf and Sprint of one integer, a float with the format "%f" (from 2
//     to 1), a bool (from 1 to none), or a value with a String method (from 3
//     to 1);
//   - Sprintf with a format of only %x on bytes;
//   - Sprint and Fprint of one string;
//   - Write([]byte(s)) on an interface (from 1 to 0 where the writer has a
//     WriteString method, as the writers of net/http, bufio, bytes and os
//     have; a constant text may be kept as a package-level []byte);
//   - (*regexp.Regexp).Match of a converted string, MatchString of converted
//     bytes, and functions of the packages strings and bytes that get the
//     other's type;
//   - texts that are made only to be written or to become bytes: by Sprintf,
//     strconv, time.Format or a buffer's String (from 1 to 0), or by
//     concatenation, if they become bytes (from 2 to 1);
//   - a bytes.Reader of a converted string where an io.Reader is wanted, and
//     []rune(s)[0];
//   - a conversion for a function of the same package which converts back,
//     or of the bytes that such a function converts from a string (from 2 to
//     none);
//   - a concatenation that is only appended to bytes, or measured with len
//     (from 1 to none);
//   - a concatenation of two or more numbers or quoted texts of package
//     strconv, which makes a text of each (from 5 to 1 for four numbers);
//   - a base64 text that is copied to pad it for a decoder (from 2 to 1);
//   - a text that is made before the one block that uses it, if that is a
//     failure path.
//
// With tier advice also: the text of an error, bytes converted to a string
// to range over it, strings that a function makes only to be appended to
// bytes, concatenations that are made to look something up, texts made
// before any other block that may not run, concatenations of numbers of type
// int, of which package strconv has the texts below 100, and Sprintf of plain strings and
// one %d of an integer (from 3 to 2; for numbers between 100 and 255 nothing
// is gained).
//
// The analyzer is silent about formats without a gain (%d beside constants
// alone or more than once, %q, %#v, width and flags), about a concatenation
// that is appended to a slice without room, which might grow more than once,
// about a local buffer that fmt moves to the heap,
// which check hotescape tells, about constants, which are boxed for nothing,
// about texts of errors and panics, failure paths, and statements behind
// the guard of a log level, and about writers whose usual implementations
// have no WriteString (hash.Hash, net.Conn). Where the compiler says that
// nothing goes to the heap, there is no finding.
//
// To silence one line: //heapvet:ignore hotconv reason.
package hotconv
