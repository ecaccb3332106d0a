// Package lib passes some of its parameters on.
package lib

// First returns its first argument.
func First(a, b string) string { return a }

// Both returns both.
func Both(a, b string) (string, string) { return b, a }

// None returns neither.
func None(a string) string { return "x" }
