// Package texts has texts that are made only to become something else, each
// beside a near miss.
package texts

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"fmt"
	"hash"
	"io"
	"strconv"
	"strings"
	"time"
)

//heapvet:hot
func written(w io.Writer, buf *bytes.Buffer, out *bufio.Writer, src *bytes.Buffer, n int, at time.Time, s string) {
	buf.WriteString(fmt.Sprintf("%s=%d", s, n))     // want `fmt.Sprintf makes a string only to write it: use fmt.Fprintf \(measured: 1 allocation; hot: //heapvet:hot written\)`
	io.WriteString(w, fmt.Sprint(n, n))             // want `fmt.Sprint makes a string only to write it: use fmt.Fprint `
	buf.WriteString(strconv.Itoa(n))                // want `strconv.Itoa makes a string only to write it: use strconv.AppendInt on its AvailableBuffer`
	out.WriteString(strconv.Quote(s))               // want `strconv.Quote makes a string only to write it: use strconv.AppendQuote on its AvailableBuffer`
	buf.WriteString(at.Format(time.RFC3339))        // want `time.Time.Format makes a string only to write it: use AppendFormat on its AvailableBuffer`
	io.WriteString(w, strconv.Itoa(n))              // not reported: it may have no AvailableBuffer
	io.WriteString(w, src.String())                 // want `\(\*bytes.Buffer\).String makes a string only to write it: use Write and its Bytes`
	out.WriteString(s)                              // not reported: it is a string
	w.Write([]byte(src.String()))                   // want `\[\]byte\(src.String\(\)\) copies the string for io.Writer.Write: write its Bytes`
	keep = append(keep, []byte(src.String()))       // want `\[\]byte of src.String\(\) copies the text twice: use bytes.Clone of its Bytes \(measured: 2 allocations; hot: `
	keep = append(keep, []byte(strings.ToUpper(s))) // not reported: it has no twin for bytes
}

//heapvet:hot
func formatted(w io.Writer, n int, s string) {
	w.Write([]byte(fmt.Sprintf("%s=%d", s, n))) // want `\[\]byte\(fmt.Sprintf\("%s=%d", s, n\)\) copies the string for io.Writer.Write: use fmt.Fprintf`
}

//heapvet:hot
func formattedBytes(n int, s string) []byte {
	return []byte(fmt.Sprint(n, s)) // want `\[\]byte of fmt.Sprint copies the text: use fmt.Append \(measured: 1 allocation; hot: `
}

//heapvet:hot
func local(n int) string {
	var b strings.Builder
	b.WriteString(fmt.Sprintf("%05d", n)) // not reported: fmt would move the buffer to the heap
	return b.String()
}

var keep [][]byte

//heapvet:hot
func characters(b []byte, s string) (n rune) {
	for _, r := range string(b) { // want `string\(b\) copies the bytes to range over their characters: use utf8.DecodeRune \(compiler: heap when larger than 32 B; hot: .*\) \[advice\]`
		n += r
	}
	for _, r := range s { // not reported: a string
		n += r
	}
	n += []rune(s)[0] // want `\[\]rune\(s\) makes a slice of all characters for the first: use utf8.DecodeRuneInString \(compiler: heap when larger than 32 B; hot: `
	n += []rune(s)[1] // not reported: the second
	return n
}

//heapvet:hot
func searches(b, sep []byte, s string) bool {
	return strings.Contains(string(b), "lazy") || // want `string\(b\) copies the text for strings.Contains: use bytes.Contains \(compiler: heap when larger than 32 B; hot: `
		bytes.IndexByte([]byte(s), ':') > 0 || // want `\[\]byte\(s\) copies the text for bytes.IndexByte: use strings.IndexByte`
		strings.Contains(string(b), s) || // not reported: the other text would have to be converted
		bytes.Contains(b, sep) // not reported: no conversion
}

//heapvet:hot
func readers(s string, b []byte) {
	io.Copy(io.Discard, bytes.NewReader([]byte(s)))       // want `\[\]byte\(s\) copies a string to read it: use strings.NewReader \(compiler: heap; hot: `
	io.Copy(io.Discard, strings.NewReader(string(b)))     // want `string\(b\) copies bytes to read them: use bytes.NewReader`
	io.Copy(io.Discard, bytes.NewBufferString(s))         // want `bytes.NewBufferString copies a string to read it: use strings.NewReader \(measured: 1 allocation; hot: `
	io.Copy(bytes.NewBufferString(s), bytes.NewReader(b)) // not reported: it is written to
}

//heapvet:hot
func scan(s string) int { return parse([]byte(s)) } // want `\[\]byte\(s\) is converted back by parse, which copies the text: pass it as it is \(measured: 1 allocation; hot: `

//heapvet:hot
func count(s string) int { return length([]byte(s)) } // not reported: it works on bytes

//go:noinline
func parse(b []byte) int {
	if b == nil {
		return 0
	}
	n, _ := strconv.Atoi(string(b))
	return n
}

//go:noinline
func length(b []byte) (n int) {
	for _, c := range b {
		n += int(c)
	}
	return n
}

//heapvet:hot
func key(dst []byte, path string) []byte {
	dst = append(dst, escape(path)...) // want `escape makes a string only to append it: let it append to the bytes \(measured: 1 allocation; hot: .*\) \[advice\]`
	return append(dst, name(path)...)  // not reported: it makes none
}

func escape(s string) string { return "<" + s + ">" }

func name(s string) string { return s[1:] }

type table struct{ rows map[string]int }

//heapvet:hot
func (t *table) find(a, b string) int {
	return t.rows[a+":"+b] + // want `key a \+ ":" \+ b is a text made for a look-up: use a struct of its parts \(compiler: heap when larger than 32 B; hot: .*\) \[advice\]`
		t.rows["x:"+a] // not reported: one part
}

func cold(w io.Writer, n int) {
	io.WriteString(w, fmt.Sprint(n, n)) // not reported: not hot
}

//heapvet:hot
func signed(mac hash.Hash, w io.Writer, user, password string) string {
	text := user + ":" + password
	mac.Write([]byte(text)) // want `text text is joined only to become bytes, which copies it: append its parts to a \[\]byte \(compiler: heap; hot: //heapvet:hot signed\)`
	both := user + "/" + password
	mac.Write([]byte(both)) // not reported: it is wanted as a text, too
	base := user + "@" + password
	sum := base64.StdEncoding.EncodeToString([]byte(base)) // not reported: the bytes share the string's memory
	mac.Write([]byte(user))                                // not reported: nothing is joined
	line := named(user) + "\n"
	w.Write([]byte(line)) // want `\[\]byte\(line\) copies the string for io.Writer.Write: use io.WriteString`
	return sum + both
}

type named string

//heapvet:hot
func signedThrice(mac hash.Hash, user, password string) {
	text := user + ":" + password
	for range 3 {
		mac.Write([]byte(text)) // not reported: it is joined once
	}
}
