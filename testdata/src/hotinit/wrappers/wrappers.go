// Package wrappers calls what builds things.
package wrappers

import (
	"io"

	"hotinit/wrapped"
)

//heapvet:hot
func serve(w io.Writer, p []byte) error {
	if !wrapped.Word("abc") || !wrapped.Valid("abc") { // want `^wrapped.Word calls regexp.MustCompile on every call: compile it once, in a package variable \(measured: 36 allocations, 2712 B; hot: //heapvet:hot serve\)$`
		return nil
	}
	if err := wrapped.Pooled(w, p); err != nil { // not reported: pooled
		return err
	}
	return wrapped.Compress(w, p) // want `^wrapped.Compress calls newWriter -> gzip.NewWriter on every call: keep writers in a sync.Pool and Reset them \(measured: 17 allocations, 813856 B; hot: //heapvet:hot serve\)$`
}

// Deeper is a fact itself.
func Deeper(s string) bool { return wrapped.Word(s) } // want Deeper:`^builds\(wrapped.Word -> regexp.MustCompile, 2712 B\)$`

func cold() bool { return wrapped.Word("a") } // not reported: cold
