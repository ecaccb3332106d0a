package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
)

// A total counts rows that have something in common.
type total struct {
	Rows        int `json:"rows"`
	Told        int `json:"told"`         // buggy versions told, in either tier
	ToldDefault int `json:"told_default"` // of these, in the default tier
	Missed      int `json:"missed"`       // buggy versions analysed and silent
	FixedSilent int `json:"fixed_silent"` // fixed versions of told rows that are silent
	FixedTold   int `json:"fixed_told"`   // fixed versions of told rows that are told
	Skipped     int `json:"skipped"`      // buggy versions not analysed
	Failed      int `json:"failed"`       // buggy versions on which heapvet failed
}

func (t *total) add(r result) {
	t.Rows++
	switch r.buggy.Outcome {
	case toldDefault:
		t.ToldDefault++
		fallthrough
	case toldAdvice:
		t.Told++
		t.addFixed(r.fixed)
	case silent:
		t.Missed++
	case skipped:
		t.Skipped++
	case failed:
		t.Failed++
	}
}

func (t *total) addFixed(v verdict) {
	switch v.Outcome {
	case toldDefault, toldAdvice:
		t.FixedTold++
	case silent:
		t.FixedSilent++
	}
}

// totals groups results by what key returns, leaving out "".
func totals(results []result, key func(*row) string) map[string]*total {
	groups := make(map[string]*total)
	for _, r := range results {
		k := key(r.row)
		if k == "" {
			continue
		}
		if groups[k] == nil {
			groups[k] = new(total)
		}
		groups[k].add(r)
	}
	return groups
}

// grouping is one way of grouping the totals.
type grouping struct {
	title string
	key   func(*row) string
}

var groupings = []grouping{
	{"class", func(r *row) string { return r.class }},
	{"reach", func(r *row) string { return r.reach }},
	{"all", func(*row) string { return "all" }},
}

// printTable prints one line for each row and then the totals.
func printTable(w io.Writer, results []result) error {
	tw := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(tw, "id\tcategory\treach\tbuggy\tfixed\tcheck\twhy not")
	for _, r := range results {
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.row.id, r.row.category, r.row.reach,
			r.buggy.Outcome, r.fixed.Outcome, checksOf(r), reasonOf(r))
	}
	for _, g := range groupings {
		fmt.Fprintf(tw, "\n%s\trows\ttold\t(default)\tmissed\tfixed silent\tfixed told\tskipped\tfailed\n", g.title)
		groups := totals(results, g.key)
		for _, k := range slices.Sorted(maps.Keys(groups)) {
			t := groups[k]
			fmt.Fprintf(tw, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\n", k, t.Rows, t.Told, t.ToldDefault, t.Missed,
				t.FixedSilent, t.FixedTold, t.Skipped, t.Failed)
		}
	}
	return tw.Flush()
}

// checksOf lists the checks that told r, "fixed:" before those that told
// the fixed version.
func checksOf(r result) string {
	seen := make(map[string]bool)
	for _, f := range r.buggy.Findings {
		seen[f.Check] = true
	}
	for _, f := range r.fixed.Findings {
		seen["fixed:"+f.Check] = true
	}
	s := ""
	for _, k := range slices.Sorted(maps.Keys(seen)) {
		s += " " + k
	}
	return s
}

func reasonOf(r result) string {
	if r.buggy.Reason != "" {
		return r.buggy.Reason
	}
	return r.fixed.Reason
}

// printJSON prints the results and totals as one object.
func printJSON(w io.Writer, results []result) error {
	type jsonRow struct {
		ID       string  `json:"id"`
		Category string  `json:"category"`
		Class    string  `json:"class"`
		Reach    string  `json:"reach,omitempty"`
		Buggy    verdict `json:"buggy"`
		Fixed    verdict `json:"fixed"`
	}
	out := struct {
		Rows   []jsonRow                    `json:"rows"`
		Totals map[string]map[string]*total `json:"totals"`
	}{Totals: make(map[string]map[string]*total)}
	for _, r := range results {
		out.Rows = append(out.Rows, jsonRow{r.row.id, r.row.category, r.row.class, r.row.reach, r.buggy, r.fixed})
	}
	for _, g := range groupings {
		out.Totals[g.title] = totals(results, g.key)
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "\t")
	return enc.Encode(out)
}
