// Package formats has calls of package fmt with and without a cheaper form.
package formats

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

type level string

type color string

func (c color) String() string { return "color " + string(c) }

type count int

//heapvet:hot
func texts(a, b string, raw []byte, l level, c color, e error) []string {
	return []string{
		fmt.Sprintf("%s:%s", a, b),      // want `fmt.Sprintf of plain strings boxes its arguments: concatenate them \(compiler: heap, 32 B; hot: //heapvet:hot texts\)`
		fmt.Sprintf("%v/%s", a, raw),    // want `fmt.Sprintf of plain strings boxes its arguments`
		fmt.Sprintf("100%% of %s", a),   // want `fmt.Sprintf of plain strings`
		fmt.Sprintf("<%s>", l),          // want `fmt.Sprintf of plain strings`
		fmt.Sprintf("%s", a),            // want `fmt.Sprintf of one string boxes it: use the string itself`
		fmt.Sprint(a),                   // want `fmt.Sprint of one string boxes it: use the string itself`
		fmt.Sprintf("<%s>", c),          // not reported: it has a String method
		fmt.Sprintf("%s", c),            // want `fmt.Sprintf of a value with a String method boxes it and copies the text: call String \(compiler: heap, 16 B; hot: `
		fmt.Sprint(c),                   // want `fmt.Sprint of a value with a String method`
		fmt.Sprint(&c),                  // not reported: may be nil
		fmt.Sprintf("<%v>", raw),        // not reported: prints numbers
		fmt.Sprintf("<%s>", e),          // not reported: an error
		fmt.Sprintf("%10s|%s", a, b),    // not reported: a width
		fmt.Sprintf("%q", a),            // not reported: no gain
		fmt.Sprintf("%s", "a constant"), // not reported: boxed for nothing
		fmt.Sprint(a, b),                // not reported: two operands
		a + ":" + b,
	}
}

//heapvet:hot
func indexed(a string, l level, n, m int, u uint64, c count) []string {
	return []string{
		fmt.Sprintf("%s[%d]", a, n),       // want `fmt.Sprintf of plain strings and one integer boxes them: concatenate them, the integer with strconv \(compiler: heap, 16 B; hot: //heapvet:hot indexed\) \[advice\]`
		fmt.Sprintf("%v:%s/%d", l, a, u),  // want `fmt.Sprintf of plain strings and one integer`
		fmt.Sprintf("%s[%d:%d]", a, n, m), // not reported: two texts of numbers
		fmt.Sprintf("%s[%03d]", a, n),     // not reported: a width
		fmt.Sprintf("%s[%d]", a, c),       // not reported: a type of its own
		fmt.Sprintf("%s[%d]", "a", n),     // not reported: a constant is boxed for nothing
	}
}

//heapvet:hot
func numbers(n int, u uint64, c count, f float64) []string {
	return []string{
		fmt.Sprintf("%d", n),       // want `fmt.Sprintf of one integer boxes it: use strconv \(compiler: heap, 8 B; hot: `
		fmt.Sprintf("%d", u),       // want `fmt.Sprintf of one integer boxes it`
		fmt.Sprintf("%d", c),       // not reported: a type of its own
		fmt.Sprintf("user %d", n),  // not reported: no gain within a text
		fmt.Sprintf("%f", f),       // want `fmt.Sprintf of one number boxes it: use strconv.FormatFloat \(compiler: heap, 8 B; hot: `
		fmt.Sprintf("%v", f),       // not reported: printed in another way
		fmt.Sprintf("%.2f", f),     // not reported: a precision
		fmt.Sprintf("%x", u),       // want `fmt.Sprintf of one integer boxes it`
		fmt.Sprint(n),              // want `fmt.Sprint of one integer boxes it: use strconv \(compiler: heap, 8 B; hot: `
		fmt.Sprint(n, n),           // not reported: two operands
		fmt.Sprintf("%#v", n),      // not reported: only fmt can
		fmt.Sprintf("%d", 123456),  // not reported: a constant
		fmt.Sprintf("%d-%d", n, n), // not reported: no gain
	}
}

//heapvet:hot
func hexes(sum []byte, array [20]byte, words [4]uint32, s string) []string {
	return []string{
		fmt.Sprintf("%x", sum),     // want `fmt.Sprintf of bytes in hex boxes them: use hex.EncodeToString or hex.AppendEncode`
		fmt.Sprintf("%x", s),       // not reported: a string
		fmt.Sprintf("%x", sum[:4]), // want `fmt.Sprintf of bytes in hex`
		fmt.Sprintf("%x", array),   // want `fmt.Sprintf of bytes in hex`
		fmt.Sprintf("%x", words),   // not reported: no bytes
		fmt.Sprintf("%X", sum),     // not reported: capitals
	}
}

//heapvet:hot
func writes(w io.Writer, buf *bufio.Writer, tabs *tabwriter.Writer, a, b string, raw []byte, n int) {
	fmt.Fprint(buf, a)                  // want `fmt.Fprint of one string boxes it: use its WriteString method`
	fmt.Fprintf(buf, "<%s>", a)         // want `fmt.Fprintf of plain strings boxes its arguments: use its WriteString method`
	fmt.Fprintf(tabs, "<%s>", a)        // not reported: it has none
	fmt.Fprintf(w, "data: %s\n\n", raw) // want `fmt.Fprintf of plain bytes boxes its arguments: use Write and io.WriteString`
	fmt.Fprintf(w, "%s", raw)           // want `fmt.Fprintf of one string boxes it: use Write`
	fmt.Fprint(w, a)                    // want `fmt.Fprint of one string boxes it: use io.WriteString`
	fmt.Fprintf(w, "%s", a)             // want `fmt.Fprintf of one string boxes it: use io.WriteString`
	fmt.Fprintf(w, "%s: %s\n", a, b)    // want `fmt.Fprintf of plain strings boxes its arguments: use io.WriteString \(compiler: heap, 32 B`
	fmt.Fprintf(w, "%d", n)             // not reported: no gain
	fmt.Fprintf(w, "hello\n")           // not reported: nothing is boxed
	fmt.Fprint(w, "hello")              // not reported: a constant
}

//heapvet:hot
func fails(a, b string) (string, error) {
	if a == "" {
		return "", errors.New(fmt.Sprintf("no %s", b)) // not reported: an error's text
	}
	if b == "" {
		panic(fmt.Sprintf("no %s", b)) // not reported: a panic's
	}
	if a == b {
		msg := fmt.Sprintf("same %s", b) // not reported: failure path
		return "", errors.New(msg)
	}
	return a, nil
}

// invalid always makes an error, of text.
func invalid(msg string) error { return &failure{msg} }

// send may fail: its argument is no error's text.
func send(msg string) error {
	if len(msg) > 1000 {
		return errors.New("too long")
	}
	last = msg
	return nil
}

var last string

type outcome struct {
	err  error
	text string
}

//heapvet:hot
func values(a string, e error) []outcome {
	_ = send(fmt.Sprintf("got %s", a)) // want `fmt.Sprintf of plain strings`
	return []outcome{
		{invalid(fmt.Sprintf("no %s", a)), a}, // not reported: a helper's text
		{e, fmt.Sprintf("no %s", a)},          // not reported: beside an error
		{nil, fmt.Sprintf("got %s", a)},       // want `fmt.Sprintf of plain strings`
	}
}

//heapvet:hot
func others(ok bool, at time.Time, e error) []string {
	return []string{
		fmt.Sprintf("%v", ok), // want `fmt.Sprintf of a bool copies its text: use strconv.FormatBool \(measured: 1 allocation; hot: `
		fmt.Sprintf("%t", ok), // want `fmt.Sprintf of a bool`
		fmt.Sprintf("%d", ok), // not reported: not how bools are printed
		fmt.Sprint(at),        // want `fmt.Sprint of a value with a String method`
		fmt.Sprintf("%v", e),  // want `fmt.Sprintf of an error copies its text: use its Error method, unless it is nil \(measured: 1 allocation; hot: //heapvet:hot others\) \[advice\]`
		fmt.Sprintf("%+v", e), // not reported: a flag
	}
}

//heapvet:hot
func local(a string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<%s>", a) // not reported: check hotescape tells
	return b.String()
}

func cold(a, b string) string {
	return fmt.Sprintf("%s:%s", a, b) // not reported: not hot
}

type failure struct{ op string }

//heapvet:hot
func (f *failure) Error() string {
	return fmt.Sprintf("%s failed", f.op) // not reported: an error's text
}
