// Package fits is what it was when the heat file was written, but for the
// lines, and a function that is new.
package fits

func added() {}

// Kept has another comment.
func kept() []int { return make([]int, 2) }

func changed() []int { return make([]int, 2) }
