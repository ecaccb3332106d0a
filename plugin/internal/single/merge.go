package single

import (
	"cmp"
	"fmt"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// A finding is what a check reported.
type finding struct {
	check string
	diag  analysis.Diagnostic
}

// merge makes one diagnostic of all findings on a line, as users see lines,
// in source order. Related places are left out: messages are complete
// without them, and golangci-lint makes findings of their own of them.
func merge(fset *token.FileSet, found []finding) []analysis.Diagnostic {
	slices.SortStableFunc(found, func(a, b finding) int {
		p, q := fset.Position(a.diag.Pos), fset.Position(b.diag.Pos)
		return cmp.Or(strings.Compare(p.Filename, q.Filename), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Column, q.Column))
	})
	var merged []analysis.Diagnostic
	for len(found) > 0 {
		n := 1
		for n < len(found) && sameLine(fset, found[0].diag.Pos, found[n].diag.Pos) {
			n++
		}
		merged = append(merged, join(fset, found[:n]))
		found = found[n:]
	}
	return merged
}

func sameLine(fset *token.FileSet, a, b token.Pos) bool {
	p, q := fset.Position(a), fset.Position(b)
	return p.Filename == q.Filename && p.Line == q.Line
}

// join makes one diagnostic of findings on one line: "hotconv: this; at
// column 20, hotescape: that".
func join(fset *token.FileSet, line []finding) analysis.Diagnostic {
	first := line[0].diag
	column := fset.Position(first.Pos).Column
	var text strings.Builder
	for i, f := range line {
		if i > 0 {
			text.WriteString("; ")
		}
		if at := fset.Position(f.diag.Pos).Column; at != column {
			fmt.Fprintf(&text, "at column %d, ", at)
		}
		fmt.Fprintf(&text, "%s: %s", f.check, f.diag.Message)
	}
	return analysis.Diagnostic{
		Pos: first.Pos, End: first.End, Category: line[0].check, Message: text.String(),
		SuggestedFixes: joinFixes(fset, line),
	}
}

// joinFixes makes one fix of the findings' first ones. A fix that is at
// odds with one before it waits for the next run; one that changes another
// file, too, cannot be offered: golangci-lint would apply a part of it.
func joinFixes(fset *token.FileSet, line []finding) []analysis.SuggestedFix {
	var all analysis.SuggestedFix
	var messages []string
	for _, f := range line {
		if len(f.diag.SuggestedFixes) == 0 {
			continue
		}
		fix := f.diag.SuggestedFixes[0]
		if fresh, ok := addable(fset.File(f.diag.Pos), all.TextEdits, fix.TextEdits); ok {
			all.TextEdits = append(all.TextEdits, fresh...)
			messages = append(messages, fix.Message)
		}
	}
	if len(messages) == 0 {
		return nil
	}
	all.Message = strings.Join(messages, "; ")
	return []analysis.SuggestedFix{all}
}

// addable returns those of edits that before does not have, and whether all
// are in file and apart from those before.
func addable(file *token.File, before, edits []analysis.TextEdit) (fresh []analysis.TextEdit, ok bool) {
	for _, e := range edits {
		if int(e.Pos) < file.Base() || int(e.Pos) > file.Base()+file.Size() {
			return nil, false
		}
		same := false
		for _, b := range before {
			if b.Pos == e.Pos && end(b) == end(e) && string(b.NewText) == string(e.NewText) {
				same = true // such as an import that both need
			} else if b.Pos <= end(e) && e.Pos <= end(b) {
				return nil, false
			}
		}
		if !same {
			fresh = append(fresh, e)
		}
	}
	return fresh, true
}

func end(e analysis.TextEdit) token.Pos {
	if e.End.IsValid() {
		return e.End
	}
	return e.Pos
}
