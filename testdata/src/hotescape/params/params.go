// Package params has parameters that are replaced by a copy of themselves.
package params

import (
	"bytes"
	"errors"
)

type Tree struct {
	keys [][]byte
	last []byte
}

var errEmpty = errors.New("empty key")

//go:noinline
func cloneBytes(b []byte) []byte {
	c := make([]byte, len(b))
	copy(c, b)
	return c
}

// same gives back what it gets.
func same(b []byte) []byte { return b }

//go:noinline
func (t *Tree) put(key []byte, n int) error {
	if len(key) == 0 {
		return errEmpty
	}
	key = cloneBytes(key) // want `parameter "key" of \(\*Tree\).put is replaced by a copy that escapes, and so does every caller's value: give the copy a variable \(compiler: heap; hot: //heapvet:hot \(\*Tree\).add\)`
	for range n {
		t.keys = append(t.keys, key)
	}
	return nil
}

//heapvet:hot
func (t *Tree) add(name string) error { return t.put([]byte(name), 1) }

//go:noinline
func (t *Tree) putNew(key []byte) {
	k := cloneBytes(key) // not reported: as proposed
	t.keys = append(t.keys, k)
}

//heapvet:hot
func (t *Tree) addNew(name string) { t.putNew([]byte(name)) }

//go:noinline
func (t *Tree) putSame(key []byte) {
	key = same(key) // not reported: no copy
	t.keys = append(t.keys, key)
}

//heapvet:hot
func (t *Tree) addSame(name string) { t.putSame([]byte(name)) }

//go:noinline
func (t *Tree) putLast(key []byte) {
	t.last = key
	key = cloneBytes(key) // not reported: it is kept before, too
	t.keys = append(t.keys, key)
}

//heapvet:hot
func (t *Tree) addLast(name string) { t.putLast([]byte(name)) }

//go:noinline
func (t *Tree) putPerhaps(key []byte, own bool) {
	if !own {
		key = cloneBytes(key) // not reported: else it is kept as it is
	}
	t.keys = append(t.keys, key)
}

//heapvet:hot
func (t *Tree) addPerhaps(name string) { t.putPerhaps([]byte(name), false) }

// Put is for other packages, which may have the key on their stacks.
//
//heapvet:hot
func (t *Tree) Put(key []byte) {
	key = bytes.Clone(key) // want `parameter "key" of \(\*Tree\).Put is replaced by a copy that escapes.*\[advice\]`
	t.keys = append(t.keys, key)
}

//heapvet:hot
func (t *Tree) Join(key []byte) {
	key = append([]byte("k"), key...) // not reported: no copy, though it could be a variable of its own
	t.keys = append(t.keys, key)
}
