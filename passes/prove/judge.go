package prove

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// A judge compares what a package allocated before with what it allocates
// with fixes made.
type judge struct {
	fixes   []Fix
	given   []Fix // made as well, and proved elsewhere
	changes map[string]*change
	before  []site
	after   []site
}

// A verdict is the judge's word on one fix, "" if it is proved.
type verdict = string

// judge returns a verdict on each fix, and an objection to all of them where
// something new is allocated that no single one of them can be blamed for.
func (j *judge) judge() ([]verdict, error) {
	may := make(map[place]bool) // places that may allocate, with the fixes
	heap := make(map[place]bool)
	for _, s := range j.after {
		may[s.place()] = true
		heap[s.place()] = heap[s.place()] || s.heap
	}
	kept := make(map[place]bool) // places that may have before: whether they always did
	bills := make([]bill, len(j.fixes))
	for _, s := range j.before {
		p, there := s.moved(j.changes)
		if there {
			kept[p] = kept[p] || s.heap
		}
		own := slices.IndexFunc(j.fixes, func(f Fix) bool { return f.site != nil && f.site.place() == s.place() })
		if gone := !there || !heap[p] && (s.heap || !may[p]); !gone || s.once {
			continue
		}
		if i := j.savedBy(s, own); i >= 0 {
			bills[i].save(s, own >= 0)
		}
	}
	for _, s := range j.after {
		if always, was := kept[s.place()]; s.once || always || was && !s.heap {
			continue
		}
		switch i := j.madeBy(s); {
		case i >= 0:
			bills[i].make(s)
		case i == nobody && s.heap:
			return nil, fmt.Errorf("it puts something else on the heap: %s in %s", s.expr, filepath.Base(s.file))
		}
	}
	var verdicts []verdict
	for i := range j.fixes {
		verdicts = append(verdicts, j.verdict(&j.fixes[i], bills[i], heap, may))
	}
	return verdicts, nil
}

// A bill counts the allocations that went and came with one fix.
type bill struct {
	saved, maySaved int // always, and if the values are large
	made            []string
	mayMade         int
}

// save counts a site that is gone; what the finding is about counts in full.
func (b *bill) save(s site, own bool) {
	if s.heap || own {
		b.saved++
	} else {
		b.maySaved++
	}
}

func (b *bill) make(s site) {
	if s.heap {
		b.made = append(b.made, s.expr)
	} else {
		b.mayMade++
	}
}

// verdict judges one fix by its bill.
func (j *judge) verdict(f *Fix, b bill, heap, may map[place]bool) verdict {
	if !f.alloc {
		return "" // it is no matter of allocations
	}
	if f.site != nil && !f.site.grows() {
		if p, there := f.site.moved(j.changes); there && (heap[p] || !f.site.heap && may[p]) {
			return "the allocation is still there"
		}
	}
	saved := b.saved + int(f.measured)
	switch {
	case len(b.made) < saved, len(b.made) == saved && b.mayMade < b.maySaved:
		return ""
	case len(b.made) == 0:
		return "it saves no allocation"
	}
	return fmt.Sprintf("it saves %d %s and makes %d: %s", saved, plural(saved, "allocation"), len(b.made), strings.Join(b.made, ", "))
}

// savedBy returns the fix that took s away: own, whose finding is about it,
// or else the narrowest that edits around it, -1 if there is none.
func (j *judge) savedBy(s site, own int) int {
	if own >= 0 {
		return own
	}
	best, width := -1, 0
	for i := range j.fixes {
		for _, e := range j.fixes[i].Edits {
			if e.File == s.file && s.start < e.End && e.Start < s.end {
				return i
			}
		}
		for _, h := range j.fixes[i].hulls {
			if h.File == s.file && h.Start <= s.start && s.end <= h.End && (best < 0 || h.End-h.Start < width) {
				best, width = i, h.End-h.Start
			}
		}
	}
	return best
}

// What madeBy returns for a site that is no fix's.
const (
	nobody    = -1
	elsewhere = -2 // a given one's
)

// madeBy returns the fix whose new text is part of s: the one with the
// shortest, if s is a function literal around several.
func (j *judge) madeBy(s site) int {
	c := j.changes[s.file]
	if c == nil {
		return nobody
	}
	best, width := nobody, 0
	for k, sp := range c.spans {
		if sp.start >= s.end || s.start >= sp.end || best != nobody && sp.end-sp.start >= width {
			continue
		}
		makes := func(f Fix) bool { return slices.Contains(f.Edits, c.edits[k]) }
		if i := slices.IndexFunc(j.fixes, makes); i >= 0 {
			best, width = i, sp.end-sp.start
		} else if slices.ContainsFunc(j.given, makes) {
			best, width = elsewhere, sp.end-sp.start
		}
	}
	return best
}

func plural(n int, thing string) string {
	if n == 1 {
		return thing
	}
	return thing + "s"
}
