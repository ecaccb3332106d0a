// Package writes has conversions for interfaces that write bytes.
package writes

import (
	"bytes"
	"hash"
	"io"
	"regexp"
)

// A response is an interface like http.ResponseWriter, with WriteString.
type response interface {
	io.Writer
	WriteString(s string) (int, error)
}

//heapvet:hot
func texts(w io.Writer, r response, c io.WriteCloser, h hash.Hash, b *bytes.Buffer, s string) {
	w.Write([]byte(s)) // want `\[\]byte\(s\) copies the string for io.Writer.Write: use io.WriteString \(compiler: heap; hot: //heapvet:hot texts\)`
	r.Write([]byte(s)) // want `\[\]byte\(s\) copies the string for response.Write: use io.WriteString`
	c.Write([]byte(s)) // not reported: few closers write strings
	h.Write([]byte(s)) // not reported: hashes do not write strings
	b.Write([]byte(s)) // not reported: the compiler knows what a bytes.Buffer does
	io.WriteString(w, s)
}

//heapvet:hot
func constants(w io.Writer, c io.WriteCloser) {
	w.Write([]byte("not found\n")) // want `\[\]byte\("not found\\n"\) copies the string for io.Writer.Write: use io.WriteString, or a package-level \[\]byte \(compiler: heap, 10 B`
	c.Write([]byte("bye\n"))       // want `copies the string for io.WriteCloser.Write: keep it as a package-level \[\]byte`
	w.Write(newline)               // not reported: as proposed
}

var newline = []byte("\n")

//heapvet:hot
func free(b []byte, m map[string]int, s string, dst []byte) (n int) {
	if string(b) == s { // not reported, as all here: the compiler removes the conversion
		n++
	}
	switch string(b) {
	case "GET":
		n++
	}
	n += m[string(b)]
	for range []byte(s) {
		n++
	}
	dst = append(dst, []byte(s)...)
	return n + copy(dst, []byte(s)) + len([]rune(s))
}

var word = regexp.MustCompile(`^\w+$`)

//heapvet:hot
func matches(s string, b []byte) bool {
	return word.Match([]byte(s)) || // want `\[\]byte\(s\) copies the text for \(\*regexp.Regexp\).Match: use MatchString \(compiler: heap; hot: `
		word.MatchString(string(b)) || // want `string\(b\) copies the text for \(\*regexp.Regexp\).MatchString: use Match`
		word.MatchString(s) || word.Match(b) // not reported: as they are
}

func cold(w io.Writer, s string) {
	w.Write([]byte(s)) // not reported: not hot
}
