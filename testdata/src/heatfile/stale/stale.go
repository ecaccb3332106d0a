// Package stale has lost a function, and changed another.
package stale // want `heat file "test.heat" is stale here: 3 of its 5 entries about this package still fit; run heapvet heat again`

func kept() []int { return make([]int, 2) }

func changed() []int { return make([]int, 3) }
