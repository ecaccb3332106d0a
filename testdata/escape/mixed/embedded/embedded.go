// Package embedded embeds files in every way.
package embedded

import "embed"

//go:embed files/a.txt
var text string

var (
	//go:embed "files/a b.txt" files/*.txt
	all embed.FS
	//go:embed `files/a.txt`
	bytes []byte
)

// All returns what is embedded.
func All() any { return []any{text, len(bytes), &all} }
