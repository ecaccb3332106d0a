// Package gen has a generic function that other packages instantiate.
package gen

// Ptr moves its parameter to the heap in every instance.
func Ptr[T any](v T) *T { return &v }

// Unused has no instance: the compiler says nothing about its body.
func Unused[T any](v T) *T { return &v }
