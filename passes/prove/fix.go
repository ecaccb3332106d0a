package prove

import (
	"cmp"
	"errors"
	"fmt"
	"go/token"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/passes/gcfacts"
)

// A Fix is what a finding suggests.
type Fix struct {
	Check   string
	Pos     token.Position // of the finding, as the file is on disk
	Message string         // what the fix does: "Use strings.Cut"
	Edits   []Edit         // by file and offset

	site     *site  // what must be gone; nil if the finding names no site
	measured int64  // allocations in callees that the fix takes away
	alloc    bool   // the finding is about an allocation
	hulls    []Edit // in each function, from its first edit to the last
}

// An Edit replaces a part of a file, which offsets in bytes delimit.
type Edit struct {
	File       string
	Start, End int
	New        string
}

// errNoFix says that a diagnostic suggests nothing.
var errNoFix = errors.New("nothing is suggested")

// New returns the first fix that diag suggests. evidence is what a finding
// about an allocation rests on, nil for other findings. An error is a reason
// not to apply the fix; the Fix then has no more than the finding's place.
func New(fset *token.FileSet, check string, diag analysis.Diagnostic, evidence *gcfacts.Evidence) (Fix, error) {
	f := Fix{Check: check, Pos: fset.PositionFor(diag.Pos, false)}
	if len(diag.SuggestedFixes) == 0 {
		return f, errNoFix
	}
	suggested := diag.SuggestedFixes[0]
	f.Message = suggested.Message
	for _, e := range suggested.TextEdits {
		file := fset.File(e.Pos)
		end := e.End
		if !end.IsValid() {
			end = e.Pos
		}
		if file == nil || end < e.Pos || int(end)-file.Base() > file.Size() {
			return f, errors.New("it has an edit outside of all files")
		}
		f.Edits = append(f.Edits, Edit{file.Name(), file.Offset(e.Pos), file.Offset(end), string(e.NewText)})
	}
	slices.SortStableFunc(f.Edits, compareEdits)
	if evidence == nil {
		return f, nil
	}
	f.alloc, f.measured = true, evidence.Measured
	switch {
	case evidence.Site.Verdict == gcfacts.Heap, evidence.Site.Verdict == gcfacts.StackIfSmall:
		s := newSite(fset, &evidence.Site)
		f.site = &s
		if s.grows() {
			f.measured += 2 // it allocates again and again, which the compiler does not tell
		}
	case evidence.Measured == 0:
		return f, errors.New("the finding is unconfirmed")
	}
	return f, nil
}

func compareEdits(a, b Edit) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
}

// Compare orders fixes by the places of their findings.
func Compare(a, b Fix) int {
	return cmp.Or(cmp.Compare(a.Pos.Filename, b.Pos.Filename), cmp.Compare(a.Pos.Offset, b.Pos.Offset), cmp.Compare(a.Check, b.Check))
}

// Same reports whether two fixes are the same, found in two variants of one
// package.
func Same(a, b Fix) bool { return Compare(a, b) == 0 && slices.Equal(a.Edits, b.Edits) }

// Disjoint returns those of fixes, which are in order, that do not collide
// with an earlier one, and for the others the reason. Equal insertions at one
// place, which imports are, do not collide: they are made once.
func Disjoint(fixes []Fix) (kept []Fix, refused []Outcome) {
	for _, f := range fixes {
		i := slices.IndexFunc(kept, func(k Fix) bool { return collide(k.Edits, f.Edits) })
		if i < 0 {
			kept = append(kept, f)
			continue
		}
		refused = append(refused, Outcome{Fix: f, Refused: fmt.Sprintf("it overlaps the fix of line %d", kept[i].Pos.Line)})
	}
	return kept, refused
}

// collide reports whether one of a and one of b change the same text.
func collide(a, b []Edit) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y && x.Start == x.End {
				continue // made once
			}
			if x.File == y.File && x.Start < y.End && y.Start < x.End {
				return true
			}
		}
	}
	return false
}
