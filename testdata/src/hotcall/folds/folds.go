// Package folds has texts that are kept in one case to be compared, each
// beside a near miss.
package folds

import (
	"bytes"
	"strings"
)

//heapvet:hot
func kept(s string, b []byte) (n int) {
	val := strings.ToLower(s) // want `strings.ToLower copies a text to compare it: use strings.EqualFold \(measured: 1 allocation; hot: //heapvet:hot kept\) \[advice\]$`
	if val == "text/html" || val == "a/b" {
		n++
	}
	upper := strings.ToLower(s) // not reported: never equal
	if upper == "Text" {
		n++
	}
	used := strings.ToLower(s) // not reported: its length, too
	if used == "text/html" {
		n += len(used)
	}
	scheme := bytes.ToLower(b) // want `bytes.ToLower copies a text to compare it: use bytes.EqualFold \(measured: 1 allocation; hot: //heapvet:hot kept\)$`
	if string(scheme) == "urn" || bytes.Equal(scheme, []byte("uri")) {
		n++
	}
	text := string(bytes.ToLower(b)) // want `bytes.ToLower copies a text to compare it`
	if text != "" && text == "urn" {
		n++
	}
	if string(bytes.ToLower(b)) == "uuid" { // want `bytes.ToLower copies a text to compare it`
		n++
	}
	return n
}

//heapvet:hot
func chosen(s string) int {
	switch strings.ToUpper(s) { // want `strings.ToUpper copies a text to compare it: use strings.EqualFold .*\[advice\]$`
	case "GET", "HEAD":
		return 1
	case "PUT":
		return 2
	}
	switch strings.ToUpper(s) { // not reported: as many comparisons take longer
	case "A", "B", "C", "D", "E":
		return 3
	}
	return 0
}

//heapvet:hot
func find(data map[string]int, name string) int {
	name = strings.ToLower(name)
	for k, n := range data {
		if strings.ToLower(k) == name { // want `strings.ToLower copies a text to compare it: use strings.EqualFold \(measured: 1 allocation, in a loop; hot: //heapvet:hot find\) \[advice\]$`
			return n
		}
	}
	for k, n := range data {
		if strings.ToUpper(k) == name { // not reported: in the other case
			return n
		}
	}
	return 0
}

//heapvet:hot
func findLater(data map[string]int, name, other string) int {
	name = strings.ToLower(name)
	for k, n := range data {
		if strings.ToLower(k) == name { // not reported: it gets another value
			return n
		}
		name = other
	}
	return 0
}

//heapvet:hot
func each(names []string, name string) (n int) {
	want := strings.ToLower(name) // not reported: made once for many comparisons
	for _, have := range names {
		if want == strings.ToLower(have) { // want `strings.ToLower copies a text to compare it`
			n++
		}
	}
	return n
}

func cold(s string) bool {
	val := strings.ToLower(s)
	return val == "a"
}
