// Command program has a main function, so that set-up is known.
package main

import (
	"flag"
	"net/http"
)

func main() {
	flag.Parse()
	probe() // want `at cold: runs once, at start`
	load("x")
	shared("y")
	http.HandleFunc("/", handler)
}

func probe() {} // want `warm: net/http handler: handler -> shared -> probe`

func load(name string) { probe() } // want `at cold: set-up`

// Called by both.
func shared(name string) { probe() } // want `warm: net/http handler: handler -> shared` `at warm`

func handler(w http.ResponseWriter, r *http.Request) { // want `hot: net/http handler: handler`
	shared("z")
	own()
	reload()
}

func own() { probe() } // want `hot: net/http handler: handler -> own` `at hot`

// It registers: heat does not flow into it, nor through it.
func reload() {
	probe() // want `at cold: set-up`
	http.HandleFunc("/again", handler)
	parse()
}

func parse() { probe() } // want `at cold: .*`
