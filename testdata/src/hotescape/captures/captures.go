// Package captures has variables that closures capture by reference.
package captures

type job struct{ run func() error }

var jobs = make(chan job)

//go:noinline
func open() error { return nil }

//go:noinline
func serve() error { return nil }

//heapvet:hot
func reassigned() {
	err := open()
	if err != nil {
		return
	}
	jobs <- job{func() error {
		err = serve() // want `variable "err" moves to the heap because this closure assigns it and nothing reads it afterwards: declare it in the closure \(compiler: heap, 16 B; hot: `
		return err
	}}
}

//heapvet:hot
func declared() {
	err := open()
	if err != nil {
		return
	}
	jobs <- job{func() error {
		err := serve() // not reported: a variable of its own
		return err
	}}
}

//heapvet:hot
func readAfterwards() bool {
	err := open()
	jobs <- job{func() error {
		err = serve() // not reported: read below
		return err
	}}
	return err == nil
}

//heapvet:hot
func readInLoop(n int) {
	var err error
	for range n {
		if err != nil {
			return
		}
		jobs <- job{func() error {
			err = serve() // not reported: the next iteration reads it
			return err
		}}
	}
}

//heapvet:hot
func readFirst() {
	err := open()
	jobs <- job{func() error {
		if err != nil {
			return err
		}
		err = serve() // not reported: the closure reads the outer value first
		return err
	}}
}

//heapvet:hot
func named() (err error) {
	jobs <- job{func() error {
		err = serve() // not reported: a result
		return err
	}}
	return
}

//heapvet:hot
func accumulated() {
	n := 0
	jobs <- job{func() error {
		n = n + 1 // not reported: reads itself
		return nil
	}}
}

type config struct {
	name string
	keys [16]uint64
}

//heapvet:hot
func (s *server) serve() {
	large(s.cfg)
	local(config{name: "x"})
}

type server struct{ cfg config }

//heapvet:hot
func local(cfg config) {
	jobs <- job{func() error {
		if cfg.name == "" { // want `parameter "cfg" moves .*\[advice\]`
			return open()
		}
		return nil
	}}
}

//heapvet:hot
func large(cfg config) {
	jobs <- job{func() error {
		if cfg.name == "" { // want `parameter "cfg" moves to the heap because a closure captures a value of more than 128 bytes: take a pointer \(compiler: heap, 144 B; hot: `
			return open()
		}
		return nil
	}}
}

//heapvet:hot
func pointer(cfg *config) {
	jobs <- job{func() error {
		if cfg.name == "" { // not reported: a pointer is copied
			return open()
		}
		return nil
	}}
}

type small struct {
	name string
	keys [2]uint64
}

//heapvet:hot
func byValue(cfg small) {
	jobs <- job{func() error {
		if cfg.name == "" { // not reported: small enough to be copied
			return open()
		}
		return nil
	}}
}

//heapvet:hot
func assigned(cfg config) {
	cfg.name = "x"
	jobs <- job{func() error {
		if cfg.name == "" { // not reported: a pointer would change the caller's
			return open()
		}
		return nil
	}}
}

//heapvet:hot
func serveAll(cfgs []config) {
	for i := range cfgs {
		jobs <- job{wrap(cfgs[i])}
	}
}

// wrap is inlined, and its parameter moves to the heap at the call too.
func wrap(cfg config) func() error {
	return func() error {
		if cfg.name == "" { // want `parameter "cfg" moves to the heap`
			return open()
		}
		return nil
	}
}
