// Package mixed uses the packages below it.
package mixed

import "example.com/mixed/gen"

// Use instantiates a generic function of another package.
func Use(s string) (*string, func() string) {
	p := gen.Ptr(s)
	return p, func() string { return *p }
}
