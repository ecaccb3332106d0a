package gcfacts

import (
	"bytes"
	"strconv"
)

// linePos is the position in front of a line, "file:line:col[file:line:col]".
type linePos struct {
	name              []byte
	line, col         int32
	physName          []byte // what -L appends
	physLine, physCol int32
}

// cutPosition splits a line after its position. Expressions in the rest are
// arbitrary text, so only the first ": " can end the position.
func cutPosition(b []byte) (pos linePos, rest []byte, ok bool) {
	i := bytes.Index(b, []byte(": "))
	if i < 0 {
		return pos, nil, false
	}
	pos, ok = parsePosition(b[:i])
	return pos, b[i+2:], ok
}

func parsePosition(b []byte) (pos linePos, ok bool) {
	if n := len(b); n > 0 && b[n-1] == ']' {
		if i := bytes.LastIndexByte(b, '['); i >= 0 {
			pos.physName, pos.physLine, pos.physCol = cutNumbers(b[i+1 : n-1])
			b = b[:i]
		}
	}
	pos.name, pos.line, pos.col = cutNumbers(b)
	return pos, pos.line > 0 && len(pos.name) > 0
}

// cutNumbers splits "name:line:col" or "name:line" from the right.
func cutNumbers(b []byte) (name []byte, line, col int32) {
	name, last := cutNumber(b)
	if last == 0 {
		return name, 0, 0
	}
	if before, line := cutNumber(name); line > 0 {
		return before, line, last
	}
	return name, last, 0
}

// cutNumber cuts ":n" off the end of b; n is 0 if b has no such end.
func cutNumber(b []byte) ([]byte, int32) {
	n, unit := int32(0), int32(1)
	i := len(b) - 1
	for ; i >= 0 && '0' <= b[i] && b[i] <= '9' && unit <= 1e8; i-- {
		n += int32(b[i]-'0') * unit
		unit *= 10
	}
	if i < 0 || i == len(b)-1 || b[i] != ':' {
		return b, 0
	}
	return b[:i], n
}

var (
	sepEscapes   = []byte(" escapes to heap")
	sepEscapesIn = []byte(" escapes to heap in ")
	sepStays     = []byte(" does not escape")
	arrow        = []byte(" ← ") // since Go 1.25
	equals       = []byte(" = ") // before
)

// header reads "X escapes to heap in F:" and "parameter p leaks to ...:".
func (p *textParser) header(at, physical place, rest []byte) bool {
	rest, ok := bytes.CutSuffix(rest, []byte(":"))
	if !ok {
		return false
	}
	e := explanation{at: at, physical: physical}
	t := p.cur
	if param, ok := bytes.CutPrefix(rest, []byte("parameter ")); ok {
		name, to, ok := bytes.Cut(param, []byte(" leaks to "))
		if !ok {
			return false
		}
		e.param, e.text = true, t.intern(name)
		if i := bytes.LastIndex(to, []byte(" with derefs=")); i >= 0 {
			to = to[:i]
		}
		if i := bytes.LastIndex(to, []byte(" for ")); i >= 0 && !bytes.HasSuffix(to, []byte("}")) {
			e.fn = t.intern(to[i+len(" for "):])
		}
	} else if text, ok := bytes.CutSuffix(rest, sepEscapes); ok {
		e.text = t.intern(text)
	} else if i := bytes.LastIndex(rest, sepEscapesIn); i >= 0 {
		t.modern = true
		e.text, e.fn = t.intern(rest[:i]), t.intern(rest[i+len(sepEscapesIn):])
	} else {
		return false
	}
	t.pending = len(t.explanations)
	t.explanations = append(t.explanations, e)
	return true
}

// detail reads the lines under a header.
func (p *textParser) detail(rest []byte) {
	t := p.cur
	if t.pending < 0 {
		p.counts.Skipped++
		return
	}
	e := &t.explanations[t.pending]
	rest = rest[2:]
	if flow, ok := bytes.CutPrefix(rest, []byte("flow: ")); ok {
		if f, ok := t.flow(bytes.TrimSuffix(flow, []byte(":"))); ok {
			e.flows = append(e.flows, f)
			return
		}
	} else if from, ok := bytes.CutPrefix(rest, []byte("  from ")); ok && len(e.flows) > 0 {
		if step, ok := p.step(from); ok {
			last := &e.flows[len(e.flows)-1]
			last.steps = append(last.steps, step)
			return
		}
	} else if bytes.HasPrefix(rest, []byte("warning: truncated")) {
		e.truncated = true
		return
	}
	p.counts.Skipped++
}

// flow reads "DST ← &SRC" or "DST = **SRC".
func (t *Text) flow(b []byte) (rawFlow, bool) {
	skip := 0
	if bytes.HasPrefix(b, []byte("{storage for ")) {
		// the expression may hold " = ": it ends at a brace
		if skip = bytes.Index(b, []byte("} ← ")); skip < 0 {
			skip = bytes.Index(b, []byte("} = "))
		}
		if skip++; skip == 0 {
			return rawFlow{}, false
		}
	}
	dst, src, ok := bytes.Cut(b[skip:], arrow)
	if !ok {
		if dst, src, ok = bytes.Cut(b[skip:], equals); !ok {
			return rawFlow{}, false
		}
	}
	f := rawFlow{dst: t.intern(b[:skip+len(dst)])}
	if len(src) > 0 && src[0] == '&' {
		f.derefs, src = -1, src[1:]
	}
	for len(src) > 0 && src[0] == '*' {
		f.derefs++
		src = src[1:]
	}
	f.src = t.intern(src)
	return f, true
}

// step reads "EXPR (why) at POS".
func (p *textParser) step(b []byte) (rawStep, bool) {
	i := bytes.LastIndex(b, []byte(") at "))
	if i < 0 {
		return rawStep{}, false
	}
	open := bytes.LastIndex(b[:i], []byte(" ("))
	if open < 0 {
		return rawStep{}, false
	}
	s := rawStep{expr: p.cur.intern(b[:open]), why: p.cur.intern(b[open+2 : i]), at: place{file: -1}}
	pos, ok := parsePosition(b[i+len(") at "):])
	if !ok || pos.name[0] == '<' {
		return s, true
	}
	if pos.physName != nil {
		pos.name, pos.line, pos.col = pos.physName, pos.physLine, pos.physCol
	}
	s.at = place{p.file(pos.name), pos.line, pos.col}
	return s, true
}

// final reads the lines that stand for themselves.
func (p *textParser) final(at, physical place, rest []byte) bool {
	t := p.cur
	m := message{at: at, physical: physical}
	if name, ok := bytes.CutPrefix(rest, []byte("can inline ")); ok {
		m.op, m.text = opCanInline, t.intern(untilSpace(name))
	} else if name, ok := bytes.CutPrefix(rest, []byte("cannot inline ")); ok {
		m.op, m.text = opCannotInline, t.intern(untilColon(name))
	} else if name, ok := bytes.CutPrefix(rest, []byte("inlining call to ")); ok {
		m.op, m.text = opInlined, t.intern(name)
	} else if name, ok := bytes.CutPrefix(rest, []byte("moved to heap: ")); ok {
		m.op, m.text = opMoved, t.intern(name)
	} else if name, ok := bytes.CutPrefix(rest, []byte("leaking param: ")); ok {
		m.op = opLeaks
		if param, to, ok := bytes.Cut(name, []byte(" to result ")); ok {
			result, level, _ := bytes.Cut(to, []byte(" level="))
			m.op, m.result = opLeaksResult, t.intern(result)
			m.level, _ = strconv.Atoi(string(level))
			name = param
		}
		m.text = t.intern(name)
	} else if name, ok := bytes.CutPrefix(rest, []byte("leaking param content: ")); ok {
		m.op, m.text = opLeaksContent, t.intern(name)
	} else if text, ok := bytes.CutSuffix(rest, sepEscapes); ok {
		m.op, m.text = opEscapes, t.intern(text)
	} else if text, ok := bytes.CutSuffix(rest, sepStays); ok {
		m.op, m.text = opStays, t.intern(text)
	} else if bytes.HasPrefix(rest, []byte("zero-copy ")) {
		m.op = opZeroCopy
	} else {
		return false
	}
	t.pending = -1
	t.messages = append(t.messages, m)
	return true
}

func untilSpace(b []byte) []byte {
	name, _, _ := bytes.Cut(b, []byte(" "))
	return name
}

func untilColon(b []byte) []byte {
	name, _, _ := bytes.Cut(b, []byte(":"))
	return name
}
