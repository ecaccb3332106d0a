// Package tables has maps that grow in loops, each beside a near miss.
package tables

import (
	"maps"
	"slices"
)

type user struct{ id, name string }

//heapvet:hot
func byPlace(users []user) map[int]string {
	m := make(map[int]string) // want `map "m" grows in a loop whose length is known: make it for len\(users\) keys \(compiler: heap, in a loop; hot: //heapvet:hot byPlace\) \[advice\]`
	for i, u := range users {
		m[i] = u.name
	}
	return m
}

//heapvet:hot
func renamed(old map[string]int) map[string]int {
	m := map[string]int{} // want `map "m" grows in a loop whose length is known: make it for len\(old\) keys`
	for k, v := range old {
		m[k] = v + 1
	}
	return m
}

//heapvet:hot
func byID(users []user) map[string]user {
	m := make(map[string]user) // want `map "m" grows in a loop whose length is known: make it for len\(users\) keys .*\[advice\]`
	for _, u := range users {
		m[u.id] = u
	}
	return m
}

//heapvet:hot
func set(names []string) map[string]bool {
	m := make(map[string]bool) // not reported: names may repeat
	for _, n := range names {
		m[n] = true
	}
	return m
}

//heapvet:hot
func sized(users []user) map[int]string {
	m := make(map[int]string, len(users)) // not reported: it has a size
	for i, u := range users {
		m[i] = u.name
	}
	return m
}

//heapvet:hot
func squares() map[int]int {
	m := make(map[int]int) // want `map "m" grows in a loop whose length is known: make it for 100 keys \(compiler: heap, in a loop; hot: //heapvet:hot squares\)`
	for i := range 100 {
		m[i] = i * i
	}
	return m
}

//heapvet:hot
func few() map[int]bool {
	m := make(map[int]bool) // not reported: few
	for i := range 8 {
		m[i] = true
	}
	return m
}

//heapvet:hot
func keys(m map[string]int) ([]string, []string, []int) {
	return slices.Collect(maps.Keys(m)), // want `slices.Collect cannot know the length of maps.Keys: append to a slice with capacity len\(m\) \(measured: 2 allocations, 304 B; hot: `
		slices.Sorted(maps.Keys(m)), // want `slices.Sorted cannot know the length of maps.Keys: append to a slice with capacity len\(m\) and sort it \(measured: 7 allocations, 416 B`
		slices.Collect(slices.Values([]int{1})) // not reported: no map
}

//heapvet:hot
func with(m map[string]int, key string, value int) map[string]int {
	n := make(map[string]int, len(m)+1) // want `map m is copied on every call to add a key: keep additions in a chain, or change it in place .*\[advice\]`
	for k, v := range m {
		n[k] = v
	}
	n[key] = value
	return n
}

//heapvet:hot
func clonedWith(m map[string]int, key string, value int) map[string]int {
	n := maps.Clone(m) // want `map m is copied on every call to add a key: .*\[advice\]`
	n[key] = value
	return n
}

//heapvet:hot
func clone(m map[string]int) map[string]int {
	n := maps.Clone(m) // not reported: nothing is added
	return n
}

func cold(users []user) map[int]string {
	m := make(map[int]string) // not reported: not hot
	for i, u := range users {
		m[i] = u.name
	}
	return m
}

//go:noinline
func load(m map[string]user) []user { return make([]user, len(m)) }

//heapvet:hot
func updated(users []user) map[string]user {
	m := make(map[string]user) // want `map "m" grows in a loop whose length is known: make it for len\(users\) keys`
	for _, u := range users {
		m[u.id] = u
	}
	more := load(m)
	for _, u := range more {
		m[u.id] = u // not reported: how many there are is known too late
	}
	return m
}

//heapvet:hot
func later(n map[string]user) map[string]user {
	m := make(map[string]user) // want `map "m" grows in a loop whose length is known: make it for len\(users\) keys`
	users := load(n)
	for _, u := range users {
		m[u.id] = u
	}
	return m
}
