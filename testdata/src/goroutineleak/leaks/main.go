// Package main has goroutines that are left behind, in functions whose
// names begin with leak, and beside them such that are not, in functions
// whose names begin with ok. The check's tests run each: a file with
// another main takes the place of this one.
package main

func main() {}
