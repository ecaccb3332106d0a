// Package back has texts that become bytes and texts again, each beside a
// near miss.
package back

import (
	"fmt"
	"strconv"
)

type level int

func (l level) MarshalText() ([]byte, error) {
	switch l {
	case 0:
		return []byte("info"), nil
	case 1:
		return []byte("debug"), nil
	}
	return nil, fmt.Errorf("no level %d", l)
}

type number int

func (n number) MarshalText() ([]byte, error) {
	if n < 0 {
		return nil, fmt.Errorf("no number %d", n)
	}
	return strconv.AppendInt(nil, int64(n), 10), nil
}

//go:noinline
func body(s string) []byte { return []byte(s) }

//heapvet:hot
func levelText(l level) string {
	b, err := l.MarshalText()
	if err != nil {
		return "unknown"
	}
	return string(b) // want `^string\(b\) copies the bytes that level.MarshalText copies from a text: have both call a function that returns the text \(measured: 2 allocations; hot: //heapvet:hot levelText\)$`
}

//heapvet:hot
func numberText(n number) string {
	b, err := n.MarshalText()
	if err != nil {
		return "unknown"
	}
	return string(b) // not reported: made of a number
}

//heapvet:hot
func both(s string, out []string) (n int) {
	out[0] = string(body(s))      // want `string\(body\(s\)\) copies the bytes that body copies from a text: .*measured: 2 allocations`
	if string(body(s)) == "get" { // want `string\(body\(s\)\) copies the bytes that body copies from a text: .*measured: 1 allocation;`
		n++
	}
	b := body(s)
	out[1] = string(b) // not reported: the bytes are used as well
	return n + len(b)
}

func cold(s string) string { return string(body(s)) }
