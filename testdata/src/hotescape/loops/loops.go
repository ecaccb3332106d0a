// Package loops has what is made anew in every iteration, or for every
// request, without need.
package loops

import (
	"iter"
	"strings"
)

type list struct{ items []string }

//go:noinline
func (l *list) all() iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for i, s := range l.items {
			if !yield(i, s) {
				return
			}
		}
	}
}

func (l *list) inlined() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, s := range l.items {
			if !yield(s) {
				return
			}
		}
	}
}

//heapvet:hot
func total(l *list) (n int) {
	for _, s := range l.all() { // want `range over function l.all\(\) makes the loop's body and state and 1 of its variables escape: use a plain loop \(compiler: heap; hot: `
		n += len(s)
	}
	return n
}

//heapvet:hot
func totalOf(seq iter.Seq[string]) (n int) {
	for s := range seq { // want `range over function seq makes the loop's body and state and 1 of its variables escape: use a plain loop .*\[advice\]`
		n += len(s)
	}
	return n
}

//heapvet:hot
func totalInlined(l *list) (n int) {
	for s := range l.inlined() { // not reported: on the stack
		n += len(s)
	}
	return n
}

// parts is inlined with its literal, so that nothing of it escapes.
//
//heapvet:hot
func (l *list) parts() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, s := range l.items {
			for part := range strings.SplitSeq(s, ",") { // not reported: on the stack where it is inlined
				if !yield(part) {
					return
				}
			}
		}
	}
}

//heapvet:hot
func totalParts(l *list) (n int) {
	for part := range l.parts() { // not reported: on the stack
		n += len(part)
	}
	return n
}

var sink []string

//heapvet:hot
func prefix(user, group string, names []string) {
	for _, name := range names {
		sink = append(sink, user+":"+group) // want `concatenation user \+ ":" \+ group is the same in every iteration: build it before the loop \(compiler: heap, in a loop; hot: `
		sink = append(sink, user+":"+name)  // not reported: name differs
	}
}

//heapvet:hot
func changing(user, group string, names []string) {
	for _, name := range names {
		sink = append(sink, user+":"+group) // not reported: user changes below
		user = name
	}
}

//heapvet:hot
func once(user, group string, names []string) string {
	for _, name := range names {
		if name == group {
			return user + ":" + group // not reported: made once
		}
	}
	return ""
}
