package limit // want package:"limits memory"

import "runtime/debug"

// Set sets the memory limit.
func Set() { debug.SetMemoryLimit(1 << 30) }
