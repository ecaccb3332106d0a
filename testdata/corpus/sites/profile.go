package main

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A profile maps the stacks of an allocation profile, as they are printed,
// to what was allocated there since the program began.
type profile map[string]amount

type amount struct{ objects, bytes int64 }

// A site is a place in a module's own code where memory is allocated, by
// the line itself or by what it calls outside of the module.
type site struct {
	function string // as the runtime names it
	file     string // relative to the module's root
	line     int
	self     bool          // the line itself allocates, at least once
	grade    string        // of the function, "" if not known
	callers  map[spot]bool // this place and, in each stack, the next of the module above it
	amount
}

// header matches the first line of a stack: what lives, what was
// allocated, and the addresses.
var header = regexp.MustCompile(`^\d+: \d+ \[(\d+): (\d+)\] @`)

// readProfile reads a profile in readable form, as debug level 1 prints it.
// With a profile rate of 1 its figures are exact.
func readProfile(name string) (profile, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	p := make(profile)
	for block := range bytes.SplitSeq(data, []byte("\n\n")) {
		first, stack, _ := strings.Cut(strings.TrimSpace(string(block)), "\n")
		if strings.HasPrefix(first, "heap profile:") {
			first, stack, _ = strings.Cut(stack, "\n")
		}
		m := header.FindStringSubmatch(first)
		if m == nil {
			continue // statistics at the end
		}
		objects, _ := strconv.ParseInt(m[1], 10, 64)
		size, _ := strconv.ParseInt(m[2], 10, 64)
		a := p[stack]
		p[stack] = amount{a.objects + objects, a.bytes + size}
	}
	if len(p) == 0 {
		return nil, fmt.Errorf("%s holds no allocations", name)
	}
	return p, nil
}

// perRequest returns what as many requests allocate as were sent between
// none and once; twice as many were sent between once and thrice. What the
// second step allocates beyond the first is due to requests alone: a pool
// that the garbage collector emptied is filled anew in both.
func perRequest(none, once, thrice profile) profile {
	p := make(profile)
	for stack, a := range thrice {
		first, second := once[stack], a
		first.sub(none[stack])
		second.sub(once[stack])
		second.sub(first)
		p[stack] = second
	}
	return p
}

func (a *amount) sub(b amount) {
	a.objects -= b.objects
	a.bytes -= b.bytes
}

// ownSites returns where p has allocations, by the innermost frame of each
// stack that belongs to module: the largest first.
func ownSites(p profile, module string) []site {
	type place struct {
		function, file string
		line           int
	}
	sums := make(map[place]site)
	for stack, a := range p {
		frames := ownFrames(stack, module)
		if len(frames) == 0 {
			continue // no code of the module
		}
		s := frames[0]
		at := place{s.function, s.file, s.line}
		if s.callers = sums[at].callers; s.callers == nil {
			s.callers = make(map[spot]bool)
		}
		for _, f := range frames[:min(2, len(frames))] {
			s.callers[spot{f.file, f.line}] = true
		}
		s.self = s.self || sums[at].self
		s.amount = amount{sums[at].objects + a.objects, sums[at].bytes + a.bytes}
		sums[at] = s
	}
	maps.DeleteFunc(sums, func(_ place, s site) bool { return s.objects <= 0 || s.bytes <= 0 })
	sites := slices.Collect(maps.Values(sums))
	slices.SortFunc(sites, func(a, b site) int {
		return cmp.Or(cmp.Compare(b.bytes, a.bytes), cmp.Compare(a.file, b.file),
			cmp.Compare(a.line, b.line), cmp.Compare(a.function, b.function))
	})
	return sites
}

// ownFrames returns the frames of module in stack, as sites, the innermost
// first.
func ownFrames(stack, module string) []site {
	var own []site
	frames := 0
	for text := range strings.Lines(stack) {
		// Have: "#	0x1234	path/of/pkg.(*T).M+0x5f		/dir/file.go:12"
		fields := strings.FieldsFunc(strings.TrimSpace(text), func(r rune) bool { return r == '\t' })
		if len(fields) != 4 {
			continue // no frame
		}
		frames++
		// A literal that was inlined into another module's function is named
		// after that, so that the file has to tell whose it is.
		function := fields[2][:max(0, strings.LastIndex(fields[2], "+0x"))]
		name, number, _ := cutLast(fields[3], ':')
		line, err := strconv.Atoi(number)
		if err != nil {
			continue // not of this world
		}
		// The module cache puts "module@version/" before the name.
		_, name, cached := strings.Cut(name, "/"+module+"@")
		_, name, _ = strings.Cut(name, "/")
		if !cached {
			continue // code of others, whose path may begin alike
		}
		own = append(own, site{function: function, file: name, line: line, self: frames == 1})
	}
	return own
}

// cutLast is strings.Cut at the last sep.
func cutLast(s string, sep byte) (before, after string, found bool) {
	i := strings.LastIndexByte(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}
