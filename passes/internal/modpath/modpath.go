// Package modpath deals with the import paths of modules.
package modpath

import "strings"

// Versionless removes major version elements such as v2 from an import
// path, so that one entry of a table serves all major versions of a module.
func Versionless(path string) string {
	elems := strings.Split(path, "/")
	kept := elems[:0]
	for _, e := range elems {
		if len(e) < 2 || e[0] != 'v' || strings.Trim(e[1:], "0123456789") != "" {
			kept = append(kept, e)
		}
	}
	return strings.Join(kept, "/")
}
