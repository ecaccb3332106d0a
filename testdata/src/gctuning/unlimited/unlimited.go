// want package:"serves"

// Package main is a server without a memory limit.
package main

import (
	"gctuning/limited/web"
	"runtime/debug"
)

func main() { // want `server main sets no memory limit`
	debug.SetMemoryLimit(-1) // asks only
	debug.SetGCPercent(-1)   // want `debug.SetGCPercent\(-1\) turns the collector off and nothing sets a memory limit: memory grows until the process is killed; set GOMEMLIMIT or debug.SetMemoryLimit to about 90 % of the memory it may use`
	web.Serve()
}
