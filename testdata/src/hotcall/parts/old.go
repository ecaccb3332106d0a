//go:build go1.22

package parts

import "strings"

//heapvet:hot
func oldOptions(tag string) (n int) {
	p := strings.Split(tag, ",") // want `strings.Split makes a slice of all parts to range over those after the first: use strings.Cut, and again on the rest while there is one .*\[advice\]$`
	for _, opt := range p[1:] {
		if opt == "omitempty" {
			n++
		}
	}
	return n
}
