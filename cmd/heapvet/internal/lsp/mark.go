package lsp

// A mark is a part of a text, in byte offsets, that moves with it.
type mark struct{ start, end int }

// A note is a text about a part of a document.
type note struct {
	mark
	text string
}

// moved returns m after the text from start to end has been replaced by
// one of size bytes, or false if that touches m.
func (m mark) moved(start, end, size int) (mark, bool) {
	switch by := size - (end - start); {
	case m.end <= start:
		return m, true
	case end <= m.start:
		return mark{m.start + by, m.end + by}, true
	}
	return m, false
}

// grown is moved for a mark that may change within, such as a function.
func (m mark) grown(start, end, size int) (mark, bool) {
	if m.start < start && end < m.end {
		return mark{m.start, m.end + size - (end - start)}, true
	}
	return m.moved(start, end, size)
}
