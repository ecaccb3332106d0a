package unboundedcache

import (
	"fmt"

	"github.com/heapvet/heapvet/passes/internal/growth"
	"github.com/heapvet/heapvet/passes/internal/report"
)

// message says which container grows, who adds to it, under which key, and
// what to do.
func message(m *growth.Model, v growth.Verdict) string {
	g := v.Growth
	if g.Container.Kind == growth.Chan {
		return channel(m, g)
	}
	what := "an element"
	if g.Key != nil {
		what = "an entry"
	}
	if g.Container.Kind == growth.Buffer {
		what = "text"
	}
	per := "per request"
	heat := m.Program.Heat(g.Func())
	if m.Library {
		per = "per call"
	}
	text := fmt.Sprintf("%s %q only grows: %s adds %s %s", g.Container.Kind, g.Container.Name, heat.Name, what, per)
	if g.Depth > 0 {
		text = fmt.Sprintf("%s %q only grows: %s adds %s to what it holds %s", g.Container.Kind, g.Container.Name, heat.Name, what, per)
	}
	switch {
	case v.Fresh != "":
		text += fmt.Sprintf(", keyed by %s, which no other request has,", v.Fresh)
	case v.Key.Source != "" && v.Key.Tainted():
		text += fmt.Sprintf(", keyed by %s,", v.Key.Source)
	}
	switch {
	case v.Unread:
		text += " and nothing removes or even reads one; do without it"
	case v.Bound == growth.Contract:
		text += " and nothing here removes one; remove it when the request ends"
	case v.Bound == growth.Partial:
		text += " and what removes does not keep up; " + wayOut(g)
	case g.Container.Kind == growth.Buffer:
		text += " and nothing empties it; reset it, or keep a limited size"
	default:
		text += " and nothing removes one; " + wayOut(g)
	}
	if len(heat.Chain) > 1 && !heat.Assumed {
		text += " (" + report.Chain(heat.Chain) + ")"
	}
	return text
}

// channel is the message about a channel that nothing receives from.
func channel(m *growth.Model, g *growth.Growth) string {
	heat := m.Program.Heat(g.Func())
	text := fmt.Sprintf("channel %q is never received from: once its buffer is full, each request stays in %s for ever; receive from it, or drop what does not fit",
		g.Container.Name, heat.Name)
	if len(heat.Chain) > 1 && !heat.Assumed {
		text += " (" + report.Chain(heat.Chain) + ")"
	}
	return text
}

// wayOut offers the usual remedies.
func wayOut(g *growth.Growth) string {
	if g.Key != nil {
		return "delete what is done, expire entries, or use a cache with a limit"
	}
	return "remove what is done, or keep a limited number"
}
