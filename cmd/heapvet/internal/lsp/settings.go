package lsp

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// settings are what the user says under "heapvet" in the editor.
type settings struct {
	advice bool            // findings of tier advice too
	hints  bool            // a code lens on each hot function
	checks map[string]bool // on or off, where the user says
}

// parseSettings reads settings; each thing that it does not understand
// makes a complaint, and the rest is taken.
func parseSettings(data json.RawMessage, known []string) (s settings, complaints []string) {
	s.checks = make(map[string]bool)
	o := parseObject(data)
	if o == nil && len(data) > 0 && string(data) != "null" {
		return s, []string{"setting heapvet is not an object"}
	}
	for _, key := range slices.Sorted(maps.Keys(o)) {
		var ok bool
		want := "true or false"
		switch key {
		case "tier":
			s.advice = o.text(key) == "advice"
			ok, want = s.advice || o.text(key) == "default", `"default" or "advice"`
		case "hints":
			ok = json.Unmarshal(o[key], &s.hints) == nil
		case "checks":
			ok, want = json.Unmarshal(o[key], &s.checks) == nil, "an object of checks that are true or false"
		default:
			complaints = append(complaints, fmt.Sprintf("unknown setting heapvet.%s: want checks, hints or tier", key))
			continue
		}
		if !ok {
			complaints = append(complaints, fmt.Sprintf("setting heapvet.%s is %s: want %s", key, o[key], want))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.checks)) {
		if !slices.Contains(known, name) {
			complaints = append(complaints, fmt.Sprintf("setting heapvet.checks: no check is called %s; there are %s", name, strings.Join(known, ", ")))
			delete(s.checks, name)
		}
	}
	return s, complaints
}

// flags returns the settings as flags of the vet tool, with the tier that
// is asked for.
func (s settings) flags(advice bool) []string {
	var flags []string
	if advice {
		flags = append(flags, "-tier=advice")
	}
	for _, name := range slices.Sorted(maps.Keys(s.checks)) {
		if !s.checks[name] {
			flags = append(flags, "-"+name+"=false")
		}
	}
	return flags
}
