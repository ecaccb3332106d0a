// Package reopen checks lists that are filled with each opening.
package reopen

type registry struct{}

func (registry) Register(name string)   {}
func (registry) Unregister(name string) {}

// A Broker can be opened again.
type Broker struct {
	registry registry
	names    []string
	done     chan bool
}

// Open opens it.
func (b *Broker) Open() {
	b.done = make(chan bool)
	b.registerAll()
}

func (b *Broker) registerAll() {
	b.register("in")
	b.register("out")
}

func (b *Broker) register(name string) {
	b.names = append(b.names, name) // want `list "Broker.names" grows with each opening: unregister, which Close calls, goes through it but does not empty it; set it to nil there \[advice\]`
	b.registry.Register(name)
}

func (b *Broker) unregister() {
	for _, name := range b.names {
		b.registry.Unregister(name)
	}
}

// Close closes it.
func (b *Broker) Close() {
	close(b.done)
	b.done = nil
	b.unregister()
}

// Emptied empties its list.
type Emptied struct {
	registry registry
	names    []string
	done     chan bool
}

// Open opens it.
func (b *Emptied) Open() {
	b.done = make(chan bool)
	b.names = append(b.names, "in")
	b.registry.Register("in")
}

// Close closes it.
func (b *Emptied) Close() {
	close(b.done)
	b.done = nil
	for _, name := range b.names {
		b.registry.Unregister(name)
	}
	b.names = nil
}

// Once is closed for good.
type Once struct {
	registry registry
	names    []string
	done     chan bool
}

// Open opens it.
func (b *Once) Open() {
	b.done = make(chan bool)
	b.names = append(b.names, "in")
	b.registry.Register("in")
}

// Close closes it.
func (b *Once) Close() {
	close(b.done)
	for _, name := range b.names {
		b.registry.Unregister(name)
	}
}
