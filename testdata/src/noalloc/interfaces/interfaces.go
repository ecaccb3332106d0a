// Package interfaces calls methods of its own interfaces. // want package:"judged"
package interfaces

type store interface{ get(n int) *int }

type cells struct{ all [10]int }

func (c *cells) get(n int) *int { return &c.all[n] }

//heapvet:noalloc
func one(s store) int {
	return *s.get(1) // want `^noalloc function "one" is not proved: it calls get of store, an interface$`
}

//heapvet:noalloc
func concrete(c *cells) int {
	var s store = c
	return *s.get(1) // not reported: the type is known
}
