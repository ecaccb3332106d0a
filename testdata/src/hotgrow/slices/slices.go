// Package slices has slices that grow in loops, each beside a near miss.
package slices

import (
	"errors"
	"strings"
)

type user struct {
	name   string
	active bool
	groups []string
}

type reply struct{ names []string }

//heapvet:hot
func names(users []user) string {
	var out []string
	for _, u := range users {
		out = append(out, u.name) // want `slice "out" grows in a loop whose length is known: make it with capacity len\(users\) \(compiler: heap when larger than 32 B, in a loop; hot: //heapvet:hot names\)`
	}
	return strings.Join(out, ",")
}

//heapvet:hot
func returned(users []user) []string {
	var out []string
	for _, u := range users {
		out = append(out, u.name) // want `slice "out" grows in a loop whose length is known: make it with capacity len\(users\) \(compiler: heap`
	}
	return out // which may be nil: no fix
}

//heapvet:hot
func empty(users []user) []string {
	out := []string{}
	for i := range users {
		out = append(out, users[i].name) // want `slice "out" grows in a loop whose length is known`
	}
	return out
}

//heapvet:hot
func pairs(m map[string]string) []string {
	out := make([]string, 0)
	for k, v := range m {
		out = append(out, k, v) // want `slice "out" grows in a loop whose length is known: make it with capacity 2\*len\(m\)`
	}
	return out
}

//heapvet:hot
func counted(n uint) []uint {
	out := []uint{}
	for i := uint(0); i < n; i++ {
		out = append(out, i) // want `slice "out" grows in a loop whose length is known: make it with capacity n .*advice`
	}
	return out
}

//heapvet:hot
func named(n int) (out []int) {
	for i := range n {
		out = append(out, i) // want `slice "out" grows in a loop whose length is known: make it with capacity n .*advice`
	}
	return out
}

//heapvet:hot
func field(users []user) *reply {
	r := &reply{}
	for _, u := range users {
		r.names = append(r.names, u.name) // want `slice "r.names" grows in a loop whose length is known: make it with capacity len\(users\)`
	}
	return r
}

//heapvet:hot
func flat(users [][]user) []user {
	var out []user
	for _, us := range users {
		out = append(out, us...) // want `slice "out" grows by whole slices: use slices.Concat`
	}
	return out
}

//heapvet:hot
func appendTo(out []string, users []user) []string {
	for _, u := range users {
		out = append(out, u.name) // want `slice "out" grows in a loop whose length is known: call slices.Grow with len\(users\) before it .*\[advice\]`
	}
	return out
}

//heapvet:hot
func frames(n int, next func(int) []byte) [][]byte {
	var out [][]byte
	for n > 0 {
		b := next(n)
		n -= len(b)
		out = append(out, b) // want `slice "out" grows in a loop that counts n down: estimate its capacity from n .*\[advice\]`
	}
	return out
}

//heapvet:hot
func failing(users []user) ([]string, error) {
	var out []string
	for _, u := range users {
		if u.name == "" {
			return nil, errors.New("no name")
		}
		out = append(out, u.name) // want `slice "out" grows in a loop whose length is known`
	}
	return out, nil
}

//heapvet:hot
func sized(users []user) []string {
	out := make([]string, 0, len(users))
	for _, u := range users {
		out = append(out, u.name) // not reported: it has capacity
	}
	return out
}

//heapvet:hot
func filter(users []user) []string {
	var out []string
	for _, u := range users {
		if u.active {
			out = append(out, u.name) // not reported: perhaps few
		}
	}
	return out
}

//heapvet:hot
func skip(users []user) []string {
	var out []string
	for _, u := range users {
		if !u.active {
			continue
		}
		out = append(out, u.name) // not reported: perhaps few
	}
	return out
}

//heapvet:hot
func first(users []user) []string {
	var out []string
	for _, u := range users {
		out = append(out, u.name) // not reported: may end early
		if u.active {
			break
		}
	}
	return out
}

//heapvet:hot
func few() []int {
	var out []int
	for i := range 3 {
		out = append(out, i) // not reported: few
	}
	return out
}

//heapvet:hot
func reused(out []string, users []user) []string {
	out = out[:0]
	for _, u := range users {
		out = append(out, u.name) // not reported: it had a capacity
	}
	return out
}

//heapvet:hot
func nested(users []user) []string {
	var out []string
	for _, u := range users {
		for _, g := range u.groups {
			out = append(out, g) // not reported: of how many in all is not known
		}
	}
	return out
}

//heapvet:hot
func unknown(next func() (user, bool)) []string {
	var out []string
	for {
		u, ok := next()
		if !ok {
			return out
		}
		out = append(out, u.name) // not reported: of unknown length
	}
}

//heapvet:hot
func prepend(x string, xs []string) []string {
	return append([]string{x}, xs...) // want `append to \[\]string\{…\} allocates twice: use slices.Concat \(compiler: heap, 16 B; hot: `
}

//heapvet:hot
func clone(xs []string) []string {
	return append([]string(nil), xs...) // not reported: once
}

func cold(users []user) []string {
	var out []string
	for _, u := range users {
		out = append(out, u.name) // not reported: not hot
	}
	return out
}
