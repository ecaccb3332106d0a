// Package native calls C.
package native

// static int twice(int n) { return 2 * n; }
import "C"

// Twice moves a result of C to the heap.
func Twice(n int) *int {
	m := int(C.twice(C.int(n)))
	return &m
}

// Box boxes one.
func Box(n int) any { return C.twice(C.int(n)) }
