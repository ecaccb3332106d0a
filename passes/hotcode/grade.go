package hotcode

import (
	"go/types"
	"slices"
)

// A heat is what is known about one node.
type heat struct {
	grade Grade
	root  *root    // where the heat comes from
	from  *node    // the next node on the way to the root; nil at the root itself
	way   []string // the names of functions before this one, where answers tell
	part  bool     // only the loops of root are hot
	why   string
	setUp bool // set-up code runs it, too
	bg    bool // background loops run it, too
}

// A grader spreads heat from the roots over the graph.
type grader struct {
	*finder
	failures   *failures
	spine      map[*node]bool // set-up by definition
	heats      map[*node]*heat
	assumed    map[*node]bool
	failing    map[*node]bool        // called by hot code, on failure
	perRequest map[*types.Named]bool // types that hot code makes values of; nil before they are known
	lazily     map[*node]bool        // called by hot code, to initialise something once
}

func newGrader(f *finder) *grader {
	return &grader{
		finder: f, failures: newFailures(f.rules), spine: make(map[*node]bool), heats: make(map[*node]*heat),
		assumed: make(map[*node]bool), failing: make(map[*node]bool), lazily: make(map[*node]bool),
	}
}

// grade computes the heat of all nodes.
func (g *grader) grade() {
	g.findSpine()
	seeds := g.seeds(Hot)
	if len(g.roots) == 0 {
		seeds = g.exported(nil)
	}
	offered := g.offeredToHandlers()
	g.spread(seeds, Hot)
	g.spread(offered, Hot) // after the others: what they reach is no assumption
	g.findPerRequest()     // what only the second round can know to be lazy
	clear(g.heats)
	clear(g.failing)
	g.spread(seeds, Hot)
	g.spread(offered, Hot)
	g.background()
	g.spread(g.seeds(Warm), Warm)
	if !g.hasMain() {
		g.spread(g.exported(g.reached()), Hot)
	}
	g.setUp()
	for _, n := range g.nodes {
		h := g.heats[n]
		if h == nil {
			g.heats[n] = &heat{why: g.why(n, false)}
			continue
		}
		if h.grade == Hot && h.from != nil && (h.setUp || h.bg) {
			h.grade = Warm
		}
	}
}

// seeds returns the roots of one grade, in order.
func (g *grader) seeds(grade Grade) []*root {
	var seeds []*root
	for _, n := range g.nodes {
		if r := g.roots[n]; r != nil && r.grade == grade {
			seeds = append(seeds, r)
		}
	}
	return seeds
}

// libraryRoot is the label of roots that rest on an assumption.
const libraryRoot = "exported function of a library"

// findSpine finds the functions that register, listen, serve and parse
// flags, and all that call them. Handlers reach such code too, through
// calls whose target is not certain, and are not part of it.
func (g *grader) findSpine() {
	var queue []*node
	for _, n := range g.nodes {
		if g.sinks[n] {
			queue = append(queue, n)
		}
	}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		if g.spine[n] || g.isRequestRoot(n) || g.takesRequest(n) {
			continue
		}
		g.spine[n] = true
		for _, e := range n.in {
			if e.kind == calls || e.kind == spawns {
				queue = append(queue, e.to)
			}
		}
	}
}

func (g *grader) isRequestRoot(n *node) bool {
	r := g.roots[n]
	return r != nil && r.grade == Hot && r.loops == nil
}

// spread carries heat from seeds along the edges, breadth first, so that
// every chain is a shortest one.
func (g *grader) spread(seeds []*root, grade Grade) {
	var queue []*node
	reached := make(map[*node]bool)
	for _, r := range seeds {
		if old := g.heats[r.node]; old != nil {
			continue
		}
		g.heats[r.node] = &heat{grade: grade, root: r, part: r.loops != nil}
		queue = append(queue, r.node)
	}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		for _, e := range n.out {
			if !g.flows(n, e) || grade == Warm && e.to.syntax != nil && administers(e.to) {
				continue // a loop that loads the configuration again is set-up
			}
			h := g.heats[e.to]
			if grade == Warm && h != nil && h.grade == Hot {
				// Shared, and what it calls is shared as well. Calls whose
				// target is not certain tell nothing against a request.
				if !reached[e.to] && h.from != nil && e.only {
					reached[e.to], h.bg = true, true
					queue = append(queue, e.to)
				}
				continue
			}
			if h != nil && !h.part {
				continue
			}
			if h != nil && g.through(n, e.to) {
				continue // a loop that calls itself, maybe through others
			}
			g.heats[e.to] = &heat{grade: grade, root: g.heats[n].root, from: n}
			queue = append(queue, e.to)
		}
	}
}

// through reports whether the way from the root to n leads through m: then
// m cannot be hot because of n.
func (g *grader) through(n, m *node) bool {
	for ; n != nil; n = g.heats[n].from {
		if n == m {
			return true
		}
	}
	return false
}

// flows reports whether the heat of n reaches the other end of e.
func (g *grader) flows(n *node, e edge) bool {
	to := e.to
	if to.test || g.cold[to] != "" || g.spine[to] && !g.isRequestRoot(to) {
		return false
	}
	h := g.heats[n]
	if h.part && !slices.ContainsFunc(h.root.loops, func(s span) bool { return s.contains(e.site.Pos()) }) {
		return false // before or after the loop
	}
	if g.failures.block(e.site.Block()) {
		g.failing[to] = true
		return false
	}
	if g.isLazy(e.site.Block()) {
		g.lazily[to] = true
		return false
	}
	return true
}

// setUp finds what main, the package initialisers and constructors run.
func (g *grader) setUp() {
	var queue []*node
	seen := make(map[*node]bool)
	push := func(n *node) {
		if !seen[n] && !n.test && !g.isRequestRoot(n) && !g.takesRequest(n) {
			seen[n] = true
			queue = append(queue, n)
		}
	}
	for _, n := range g.nodes {
		switch {
		case n.syntax == nil && n.name == "init", g.cold[n] == "runs once, at start":
			push(n)
		case isConstructor(n.fn) && len(n.in) == 0:
			push(n)
		}
	}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		if h := g.heats[n]; h != nil {
			h.setUp = true
		} else {
			g.heats[n] = &heat{setUp: true, why: g.why(n, true)}
		}
		for _, e := range n.out {
			if e.kind == creates || e.kind == callback {
				continue // set-up does not call the closures that it makes
			}
			if r := g.roots[n]; r != nil && slices.ContainsFunc(r.loops, func(s span) bool { return s.contains(e.site.Pos()) }) {
				continue // in a loop that serves
			}
			push(e.to)
		}
	}
}

// why tells why a cold node is cold.
func (g *grader) why(n *node, setUp bool) string {
	switch {
	case g.cold[n] != "":
		return g.cold[n]
	case n.test:
		return "test"
	case g.spine[n]:
		return "set-up"
	case g.failing[n]:
		return "called on failure only"
	case g.lazily[n]:
		return "initialises once"
	case setUp:
		return "set-up"
	}
	return "no request reaches it"
}

// chain returns the names of the functions from the root to n, as n's
// package sees them.
func (g *grader) chain(n *node) []string {
	var chain []string
	for m := n; m != nil; m = g.heats[m].from {
		if m.syntax != nil {
			chain = append(chain, m.qualified(n))
		}
		for _, name := range slices.Backward(g.heats[m].way) {
			chain = append(chain, name)
		}
	}
	slices.Reverse(chain)
	return chain
}

// source returns the function before n in its chain, or nil.
func (g *grader) source(n *node) *node {
	for m := g.heats[n].from; m != nil; m = g.heats[m].from {
		if m.syntax != nil {
			return m
		}
	}
	return nil
}
