// Package parts has texts that are split into variables, each beside a near
// miss.
package parts

import (
	"errors"
	"strings"
)

var errMany = errors.New("too many")

//heapvet:hot
func first(s string) (x string) {
	p := strings.Split(s, ";") // want `strings.Split makes a slice of all parts for the first: use strings.Cut \(measured: 1 allocation, 128 B; hot: //heapvet:hot first\)$`
	if len(p) > 0 {
		x = p[0]
	}
	q := strings.Split(s, ";") // want `strings.Split makes a slice of all parts for the first`
	if 1 < len(q) && len(q) != 0 {
		x += q[0]
	}
	r := strings.Split(s, ";") // not reported: are there two?
	if len(r) > 2 {
		x += r[0]
	}
	t := strings.SplitN(s, ";", 3) // not reported: of three
	if len(t) > 0 {
		x += t[0]
	}
	return x
}

//heapvet:hot
func pair(s string) (a, b string, err error) {
	p := strings.Split(s, ".") // want `strings.Split makes a slice of two parts: use strings.Cut, and strings.Contains on the rest to still refuse more \(measured: 1 allocation, 32 B; hot: //heapvet:hot pair\) \[advice\]$`
	switch len(p) {
	case 1:
		return p[0], "", nil
	case 2:
		p[1] = p[1][1:]
		return p[0], p[1], nil
	default:
		return "", "", errMany
	}
}

//heapvet:hot
func triple(s string) (a, b string, err error) {
	p := strings.Split(s, ".") // not reported: it tells three from four
	switch len(p) {
	case 2:
		return p[0], p[1], nil
	case 3:
		return p[0], "", nil
	default:
		return "", "", errMany
	}
}

//heapvet:hot
func both(s string) (string, error) {
	p := strings.SplitN(s, ".", 3) // want `strings.SplitN makes a slice of two parts: use strings.Cut, and strings.Contains on the rest to still refuse more`
	if len(p) != 2 {
		return "", errMany
	}
	return p[0] + p[1], nil
}

//heapvet:hot
func second(s string) (string, error) {
	p := strings.Split(s, ".") // not reported: two of any number
	if len(p) < 2 {
		return "", errMany
	}
	return p[0] + p[1], nil
}

//heapvet:hot
func options(tag string) (name string, n int) {
	p := strings.Split(tag, ",") // want `strings.Split makes a slice of all parts to range over those after the first: use strings.Cut, and strings.SplitSeq on the rest if there is one \(measured: 1 allocation, 128 B; hot: //heapvet:hot options\)$`
	for _, opt := range p[1:] {
		if opt == "omitempty" {
			n++
		}
	}
	return p[0], n
}

//heapvet:hot
func kept(tag string) (name string, opts []string) {
	p := strings.Split(tag, ",") // not reported: they are kept
	opts = p[1:]
	return p[0], opts
}

//heapvet:hot
func places(tag string) (name string, n int) {
	p := strings.Split(tag, ",") // not reported: the index
	for i := range p[1:] {
		n += i
	}
	return p[0], n
}

func cold(s string) string { return strings.Split(s, ";")[0] }
