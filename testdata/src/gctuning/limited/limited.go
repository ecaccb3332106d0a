// want package:"limits memory, serves"

// Package main is a server with a memory limit.
package main

import (
	"gctuning/limited/limit"
	"gctuning/limited/web"
	"runtime/debug"
)

func main() { // not reported: limit.Set sets a limit
	limit.Set()
	debug.SetGCPercent(-1) // not reported: the limit starts collections
	debug.SetGCPercent(50) // not reported
	web.Serve()
}
