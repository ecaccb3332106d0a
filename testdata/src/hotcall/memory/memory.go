// Package memory reads and writes texts that are in memory, or need not be,
// each beside a near miss.
package memory

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

type user struct {
	Name string
	Age  int
}

//heapvet:hot
func drop(r io.Reader, resp *http.Response) ([]byte, error) {
	_, _ = io.ReadAll(r)                              // want `io.ReadAll keeps what nobody looks at: copy it to io.Discard \(measured: 13 allocations, 35712 B; hot: //heapvet:hot drop\)`
	if _, err := io.Copy(io.Discard, r); err != nil { // not reported: as proposed
		return nil, err
	}
	return io.ReadAll(resp.Body) // want `io.ReadAll grows with what it reads: read into a buffer of ContentLength bytes, up to a limit, or one from a pool \(measured: 13 allocations, 35712 B; hot: .*\) \[advice\]`
}

//heapvet:hot
func readSome(r io.Reader) ([]byte, error) { return io.ReadAll(r) } // not reported: of unknown length

//heapvet:hot
func lines(text string, r io.Reader) (n int) {
	sc := bufio.NewScanner(strings.NewReader(text)) // want `bufio.Scanner copies a text that is in memory: range over strings.Lines \(measured: 2 allocations, 4128 B; hot: `
	for sc.Scan() {
		n += len(sc.Text())
	}
	words := bufio.NewScanner(strings.NewReader(text)) // want `bufio.Scanner copies a text that is in memory: range over strings.FieldsSeq`
	words.Split(bufio.ScanWords)
	for words.Scan() {
		n++
	}
	stream := bufio.NewScanner(r) // not reported: not in memory
	for stream.Scan() {
		n++
	}
	return n
}

//heapvet:hot
func decode(b []byte, r io.Reader) (u user, err error) {
	if err := json.NewDecoder(bytes.NewReader(b)).Decode(&u); err != nil { // want `json.Decoder copies bytes that are in memory: use json.Unmarshal, which also refuses what follows the value \(measured: 4 allocations, 760 B; hot: `
		return u, err
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields() // not reported: Unmarshal cannot
	if err := dec.Decode(&u); err != nil {
		return u, err
	}
	return u, json.NewDecoder(r).Decode(&u) // not reported: not in memory
}

//heapvet:hot
func encode(w io.Writer, u *user) error {
	b, err := json.Marshal(u) // want `json.Marshal makes a slice only to write it: use json.NewEncoder, which adds a newline \(measured: 1 allocation, 80 B; hot: .*\) \[advice\]`
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}

//heapvet:hot
func forward(w io.Writer, u *user) error {
	b, err := json.Marshal(u) // want `json.Marshal makes a slice only to write it`
	if err != nil {
		return err
	}
	return send(w, b)
}

func send(w io.Writer, b []byte) error {
	_, err := w.Write(b)
	return err
}

//heapvet:hot
func measured(w http.ResponseWriter, u *user) error {
	b, err := json.Marshal(u) // not reported: its length is used
	if err != nil {
		return err
	}
	w.Header().Set("X-Length", string(rune(len(b))))
	_, err = w.Write(b)
	return err
}

//heapvet:hot
func copied(u *user) ([]byte, error) {
	if _, err := json.Marshal(u); err != nil { // not reported: the pointer
		return nil, err
	}
	return json.Marshal(*u) // want `\*u is copied to the heap for json.Marshal: pass the pointer \(compiler: heap, 24 B; hot: `
}

//heapvet:hot
func lineByLine(w io.Writer, u user, n int) {
	for i := range n {
		u.Age = i
		line, _ := json.Marshal(u) // want `json.Marshal makes a slice only to write it and a newline: use json.NewEncoder, which adds one \(measured: 1 allocation, 80 B, in a loop; hot: //heapvet:hot lineByLine\)`
		w.Write(append(line, '\n'))
	}
	for range n {
		v := u
		line, _ := json.Marshal(v) // want `json.Marshal makes a slice only to write it and a newline`
		line = append(line, "\n"...)
		w.Write(line)
	}
	list, _ := json.Marshal(&u) // not reported: more than a newline is added
	w.Write(append(list, ';'))
}

//heapvet:hot
func stream(w io.Writer, u user, n int) {
	enc := json.NewEncoder(w)
	for i := range n {
		u.Age = i
		enc.Encode(u) // want `u is copied to the heap by each iteration for \(\*json.Encoder\).Encode: pass its address \(compiler: heap, 24 B, in a loop; hot: `
	}
	for i := range n {
		v := user{Age: i}
		enc.Encode(v) // not reported: there is one in each iteration
	}
	enc.Encode(u) // not reported: once
}

func cold(r io.Reader) { _, _ = io.ReadAll(r) }
