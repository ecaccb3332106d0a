// Package texts has strings and buffers that grow, each beside a near miss.
package texts

import (
	"bytes"
	"strings"
)

//heapvet:hot
func list(parts []string) string {
	s := ""
	for _, p := range parts {
		s += p + "," // want `string "s" is copied in each iteration to add to it: use a strings.Builder \(measured: 1 allocation, in a loop; hot: //heapvet:hot list\)`
	}
	return s
}

//heapvet:hot
func sum(parts []string) (s string) {
	for _, p := range parts {
		s = s + p // want `string "s" is copied in each iteration`
	}
	return s
}

//heapvet:hot
func once(parts []string) string {
	s := ""
	for _, p := range parts {
		if p != "" {
			s += p // not reported: once
			break
		}
	}
	return s
}

//heapvet:hot
func anew(parts []string) (n int) {
	for _, p := range parts {
		s := "<"
		s += p // not reported: begins anew
		n += len(s)
	}
	return n
}

//heapvet:hot
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r == '<' {
			continue
		}
		b.WriteRune(r) // want `buffer "b" grows in a loop over a text whose length is known: call its Grow with len\(s\) before it \(measured: 3 allocations, 56 B, in a loop; hot: `
	}
	return b.String()
}

//heapvet:hot
func escapeGrown(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		b.WriteRune(r) // not reported: grown
	}
	return b.String()
}

//heapvet:hot
func escapeAll(s string) []byte {
	var b bytes.Buffer
	for i := range s {
		b.WriteString(entities[s[i]]) // not reported: of any length
	}
	return b.Bytes()
}

var entities [256]string

//heapvet:hot
func joined(parts []string) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(p) // want `buffer "b" grows in a loop whose length is known: estimate its size from len\(parts\) and call its Grow .*\[advice\]`
	}
	return b.String()
}

func cold(parts []string) string {
	s := ""
	for _, p := range parts {
		s += p // not reported: not hot
	}
	return s
}
