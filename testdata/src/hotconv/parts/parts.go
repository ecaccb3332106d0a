// Package parts has texts that are joined, padded or converted for nothing,
// each beside a near miss.
package parts

import (
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"
)

type buffer struct{ buf []byte }

//heapvet:hot
func (b *buffer) text(s string, n int) {
	b.buf = append(b.buf, (s + "\x00")...)      // want `s \+ "\\x00" is joined only to be appended: append its parts \(compiler: heap when larger than 32 B; hot: //heapvet:hot \(\*buffer\).text\)`
	b.buf = append(b.buf, ("text" + "\x00")...) // not reported: a constant
	b.buf = append(b.buf, s...)                 // not reported: nothing is joined
}

//heapvet:hot
func fresh(s string) (a, b, c []byte) {
	a = append([]byte(nil), (s + "\x00")...) // not reported: the parts might make it grow twice
	var d []byte
	d = append(d, (s + "\x00")...) // not reported: as above
	e := make([]byte, 0, 100)
	e = append(e, (s + "\x00")...) // want `s \+ "\\x00" is joined only to be appended`
	return a, d, e
}

type wildcard struct{ prefix, suffix string }

//heapvet:hot
func (w wildcard) matches(s string) bool { return w.match(s) }

// match is inlined in matches.
func (w wildcard) match(s string) bool {
	return len(s) >= len(w.prefix+w.suffix) && // want `w.prefix \+ w.suffix is joined only for its length: add the lengths of its parts \(compiler: heap when larger than 32 B; hot: `
		strings.HasPrefix(s, w.prefix) && strings.HasSuffix(s, w.suffix)
}

//heapvet:hot
func room(a, b string, n int) int {
	n *= len(a + ": " + b)             // want `a \+ ": " \+ b is joined only for its length`
	n += 2 * len(a+"a"+"b")            // want `a \+ "a" \+ "b" is joined only for its length`
	return n + len("a"+"b") + 2*len(a) // not reported: a constant, and no sum
}

//heapvet:hot
func reverse(ip [4]byte) string {
	return strconv.Itoa(int(ip[3])) + "." + strconv.Itoa(int(ip[2])) + "." + // want `strconv.Itoa\(int\(ip\[3\]\)\) \+ "." \+ strc... makes a text of each of 4 values to join them: use strconv.Append on one \[\]byte \(measured: 4 allocations; hot: //heapvet:hot reverse\)`
		strconv.Itoa(int(ip[1])) + "." + strconv.Itoa(int(ip[0])) + ".in-addr.arpa."
}

//heapvet:hot
func numbers(n, m int, id int64, f float64, at time.Time) []string {
	return []string{
		strconv.FormatInt(id, 10) + "=" + strconv.FormatFloat(f, 'f', 6, 64), // want `strconv.FormatInt\(id, 10\) \+ "=" \+ str... makes a text of each of 2 values to join them: .*numbers\)$`
		strconv.Quote("a") + strconv.Quote(at.Format("2006")),                // want `makes a text of each of 2 values to join them: .*numbers\)$`
		"n=" + strconv.Itoa(n) + " m=" + strconv.Itoa(m),                     // want `makes a text of each of 2 values to join them: .*\[advice\]$`
		"n=" + strconv.Itoa(n) + " m=",                                       // not reported: one
		strconv.Itoa(at.Hour()) + ":" + strconv.Itoa(at.Minute()),            // not reported: they are small
		strconv.Itoa(n%100) + ":" + strconv.Itoa(m),                          // not reported: one of them is
		strconv.Itoa(n%1000) + ":" + strconv.Itoa(m),                         // want `makes a text of each of 2 values`
		strconv.FormatInt(id, 10) + strconv.FormatBool(n > m),                // not reported: a bool has its text
	}
}

//heapvet:hot
func decode(seg string) ([]byte, error) {
	if l := len(seg) % 4; l > 0 {
		seg += strings.Repeat("=", 4-l) // want `text "seg" is copied to pad it for base64.URLEncoding: decode it with base64.RawURLEncoding \(measured: 1 allocation; hot: //heapvet:hot decode\)`
	}
	return base64.URLEncoding.DecodeString(seg)
}

//heapvet:hot
func decodeStd(seg string) ([]byte, error) {
	switch len(seg) % 4 {
	case 2:
		seg += "==" // want `text "seg" is copied to pad it for base64.StdEncoding: decode it with base64.RawStdEncoding`
	case 3:
		seg += "="
	}
	return base64.StdEncoding.DecodeString(seg)
}

//heapvet:hot
func decodeAndKeep(seg string) ([]byte, string, error) {
	if l := len(seg) % 4; l > 0 {
		seg += strings.Repeat("=", 4-l) // not reported: it is wanted with its padding
	}
	b, err := base64.URLEncoding.DecodeString(seg)
	return b, seg, err
}

//heapvet:hot
func decodeAlways(seg string) ([]byte, error) {
	seg += "=" // not reported: nothing says that it has none
	return base64.URLEncoding.DecodeString(seg)
}

//heapvet:hot
func decodeDotted(seg string) ([]byte, error) {
	if l := len(seg) % 4; l > 0 {
		seg += strings.Repeat(".", 4-l) // not reported: no padding
	}
	return base64.URLEncoding.DecodeString(seg)
}

type level int

func (l level) MarshalText() ([]byte, error) {
	switch l {
	case 0:
		return []byte("warning"), nil
	case 1:
		return []byte("error"), nil
	}
	return nil, errors.New("no level")
}

//heapvet:hot
func (l level) String() string {
	b, err := l.MarshalText()
	if err != nil {
		return "unknown"
	}
	return string(b) // want `string\(b\) converts back what level.MarshalText converts from a string: take the string from a function of its own \(measured: 2 allocations; hot: //heapvet:hot level.String\)`
}

//go:noinline
func encode(s string) []byte { return []byte(s) }

//go:noinline
func encodeLine(s string) []byte { return append([]byte(s), '\n') }

//heapvet:hot
func again(s string) (string, string, []byte) {
	kept := encode(s)
	return string(encode(s)), // want `string\(encode\(s\)\) converts back what encode converts from a string`
		string(encodeLine(s)) + // not reported: it makes other bytes
			string(kept), // not reported: the bytes are used, too
		kept
}

func cold(a, b string) int {
	return len(a + b) // not reported: not hot
}
