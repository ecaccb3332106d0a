package prove

import (
	"slices"
	"strings"
)

// A change is a file with edits made.
type change struct {
	edits []Edit // as made: in order, equal ones once
	spans []span // where each edit's new text lies
	text  []byte
}

// A span is a part of a file.
type span struct{ start, end int }

// apply makes edits of one file, which do not overlap, in src. Insertions
// at one place come in their order.
func apply(src []byte, edits []Edit) change {
	var c change
	for _, e := range edits {
		if !slices.Contains(c.edits, e) {
			c.edits = append(c.edits, e)
		}
	}
	slices.SortStableFunc(c.edits, compareEdits)
	var b strings.Builder
	done := 0
	for _, e := range c.edits {
		b.Write(src[done:e.Start])
		start := b.Len()
		b.WriteString(e.New)
		c.spans = append(c.spans, span{start, b.Len()})
		done = e.End
	}
	b.Write(src[done:])
	c.text = []byte(b.String())
	return c
}

// offset returns where the byte at old is in the changed file; ok is false
// if it was deleted. What is inserted at old comes before it.
func (c *change) offset(old int) (offset int, ok bool) {
	shift := 0
	for _, e := range c.edits {
		switch {
		case e.End <= old:
			shift += len(e.New) - (e.End - e.Start)
		case e.Start <= old:
			return 0, false
		}
	}
	return old + shift, true
}
