// Package once has slices, maps and structs that are made although one
// allocation less would do, each beside a near miss.
package once

import "errors"

type row struct {
	id    int
	parts []string
}

func (r *row) read(b []byte) error {
	if len(b) == 0 {
		return errors.New("empty")
	}
	r.id = int(b[0])
	return nil
}

//go:noinline
func query(args ...any) int { kept = args; return len(args) }

var kept []any

//heapvet:hot
func args(first any, values []any) int {
	args := []any{first}
	args = append(args, values...) // want `slice "args" is made for 1 and grows at once: make it with capacity 1\+len\(values\) \(compiler: heap, 16 B; hot: //heapvet:hot args\)`
	return query(args...)
}

//heapvet:hot
func apart(first any, values []any) int {
	args := []any{first, first}
	if len(values) == 0 {
		return 0
	}
	args = append(args, values...) // want `slice "args" is made for 2 and grows at once: make it with capacity 2\+len\(values\) \(compiler: heap, 32 B; hot: `
	return query(args...)
}

//heapvet:hot
func looked(first any, values []any) int {
	args := []any{first}
	query(args...)
	args = append(args, values...) // not reported: it was used before
	return query(args...)
}

//heapvet:hot
func sometimes(first any, values []any) int {
	args := []any{first}
	if len(values) > 3 {
		args = append(args, values...) // not reported: perhaps it stays small
	}
	return query(args...)
}

//heapvet:hot
func one(first any, value any) int {
	args := []any{first}
	args = append(args, value) // not reported: it is another shape
	return query(args...)
}

//heapvet:hot
func local(first int, values []int) (n int) {
	all := []int{first}
	all = append(all, values...) // not reported: the small one is on the stack
	for _, v := range all {
		n += v
	}
	return n
}

type records []*row

//heapvet:hot
func (r records) read(b []byte) error {
	for i := range r {
		rec := &row{} // want `each row in "r" is an allocation of its own: point into one slice of len\(r\) \(compiler: heap, 32 B, in a loop; hot: .*\) \[advice\]`
		if err := rec.read(b); err != nil {
			return err
		}
		r[i] = rec
	}
	return nil
}

//heapvet:hot
func (r records) fill() {
	for i := range r {
		r[i] = new(row) // want `each row in "r" is an allocation of its own`
	}
}

//heapvet:hot
func (r records) missing() {
	for i := range r {
		if r[i] == nil {
			r[i] = &row{} // not reported: perhaps few
		}
	}
}

//heapvet:hot
func (r records) same() {
	for i := range r {
		r[0] = &row{id: i} // not reported: one of them stays
	}
}

//heapvet:hot
func boxes(n int) []any {
	out := make([]any, n)
	for i := range out {
		out[i] = &row{} // not reported: any value may be there
	}
	return out
}

type message struct {
	answer, extra []string
	names         map[string]int
}

//go:noinline
func filter(s []string) []string { return s[:1] }

//go:noinline
func (m *message) reply(to *message) { m.answer = to.extra }

//heapvet:hot
func (m *message) copyOf() *message {
	out := new(message)
	out.answer = make([]string, len(m.answer)) // want `slice "out.answer" is replaced before anything reads it: do not make it \(compiler: heap; hot: //heapvet:hot \(\*message\).copyOf\)$`
	out.extra = make([]string, len(m.extra))   // not reported: its length is read
	out.answer = filter(m.answer)
	out.extra = filter(out.extra)
	return out
}

//heapvet:hot
func (m *message) answered() *message {
	out := new(message)
	out.reply(m)
	out.answer = make([]string, len(m.answer)) // want `slice "out.answer" is replaced before anything reads it: do not make it .*\[advice\]`
	out.extra = m.extra
	out.answer = filter(m.answer)
	return out
}

//heapvet:hot
func (m *message) given(to *message) {
	to.answer = make([]string, len(m.answer)) // not reported: others have it, too
	to.answer = filter(m.answer)
}

//heapvet:hot
func (m *message) seen() *message {
	out := new(message)
	out.answer = make([]string, len(m.answer)) // not reported: reply may read it
	out.reply(m)
	out.answer = filter(m.answer)
	return out
}

//heapvet:hot
func (m *message) tables(n int) (map[string]int, []string, error) {
	names := make(map[string]int, n) // want `map "names" is replaced before anything reads it`
	list := make([]string, n)        // not reported: it may be returned
	if n == 0 {
		return nil, list, nil
	}
	names = m.names
	list = filter(m.extra)
	return names, list, nil
}

func cold(first any, values []any) int {
	args := []any{first}
	args = append(args, values...) // not reported: not hot
	return query(args...)
}
