package library

import "sync"

// Labels are gone over as a whole.
type Labels map[string]string

// Set sets one.
func (l Labels) Set(name, value string) { // want Set:`grows\(map "library.Labels", 1\)`
	l[name] = value // not reported: what is gone over is made to be small
}

// Names returns all names.
func (l Labels) Names() (names []string) {
	for name := range l {
		names = append(names, name)
	}
	return names
}

// Answers are looked up one by one.
type Answers map[string]string

// Set sets one.
func (a Answers) Set(name, value string) { // want Set:`grows\(map "library.Answers", 1\)`
	a[name] = value // want `map "Answers" only grows: Answers\.Set adds an entry per call, keyed by name, .* \[advice\]`
}

// Names returns the ones that there are.
func (a Answers) Names(all []string) (names []string) {
	for _, name := range all {
		if _, ok := a[name]; ok {
			names = append(names, name)
		}
	}
	return names
}

// A Coder is shared between goroutines.
type Coder struct {
	mu     sync.Mutex
	levels []int
	names  []string
}

// MakeCoder fills in what it makes.
func MakeCoder(levels []int) *Coder {
	c := new(Coder)
	for _, level := range levels {
		c.levels = append(c.levels, level) // not reported: another object at each call
	}
	return c
}

// FillCoder fills in what it is given.
func FillCoder(c *Coder, names []string) {
	for _, name := range names {
		c.names = append(c.names, name) // want `slice "Coder.names" only grows: FillCoder adds .* \[advice\]`
	}
}

// Best returns the best.
func (c *Coder) Best() (int, string) { return c.levels[0], c.names[0] }

// Settings are shared, too.
type Settings struct {
	mu    sync.Mutex
	users []string
	hosts []string
}

// User is an option.
func User(name string) func(*Settings) {
	return func(s *Settings) { s.users = append(s.users, name) } // not reported: applied once
}

// Hosts returns what adds a host.
func Hosts(s *Settings) func(string) {
	return func(name string) { s.hosts = append(s.hosts, name) } // want `slice "Settings.hosts" only grows: Hosts.func1 adds .* \[advice\]`
}

// First returns the first.
func (s *Settings) First() (string, string) { return s.users[0], s.hosts[0] }
