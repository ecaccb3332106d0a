// Package lib has containers that importers may fill.
package lib

// Names is filled by importers.
//
//heapvet:bounded one per plug-in
var Names = make(map[string]bool)

// A Registry has entries.
type Registry struct {
	//heapvet:bounded one per plug-in
	Entries map[string]bool
}
