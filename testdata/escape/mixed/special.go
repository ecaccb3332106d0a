//go:build special

package mixed

// Special exists with -tags=special only.
func Special(n int) any { return n }
