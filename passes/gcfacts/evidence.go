package gcfacts

// Evidence is what a finding about an allocation rests on, and so what a
// fix of it must take away: the site must be on the heap no more, and what
// the fix itself allocates must be less than what it saves.
type Evidence struct {
	Site     Site  // what the compiler put on the heap; its Node is nil where no site was asked for
	Measured int64 // allocations in callees, as measured, which the compiler does not show here
}
