// Package sums has the sums of hashes that are not kept, each beside a near
// miss.
package sums

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"hash"
)

type entry struct {
	key  [32]byte
	head [7]byte
}

var latest [32]byte

//heapvet:hot
func copies(h hash.Hash, e *entry, all []entry, dst []byte) byte {
	copy(e.key[:], h.Sum(nil))      // want `^h.Sum\(nil\) makes a slice to copy it: if all of it fits, pass e.key\[:0\] to Sum \(measured: 1 allocation, 32 B; hot: //heapvet:hot copies\)$`
	copy(e.head[:], h.Sum(nil))     // not reported: a part of the sum
	copy(e.key[:8], h.Sum(nil))     // not reported: a part of the array
	copy(all[0].key[:], h.Sum(nil)) // want `pass all\[0\].key\[:0\] to Sum`
	copy(latest[:], h.Sum(nil))     // want `pass latest\[:0\] to Sum`
	copy(dst, h.Sum(nil))           // not reported: of unknown length
	var local [32]byte
	copy(local[:], h.Sum(nil)) // not reported: Sum would move it to the heap
	var made entry
	copy(made.key[:], h.Sum(nil)) // not reported: Sum would move it to the heap
	return local[0] + made.key[0]
}

//heapvet:hot
func compares(h hash.Hash, h64 hash.Hash64, want []byte) (n int) {
	if bytes.Equal(h64.Sum(nil), want) { // want `^h64.Sum\(nil\) makes a slice to compare it: compare Sum64, with the bytes read in the order of that hash \(measured: 1 allocation, 8 B; hot: //heapvet:hot compares\)$`
		n++
	}
	if bytes.Equal(h.Sum(nil), want) { // not reported: an array would escape
		n++
	}
	if hmac.Equal(h.Sum(nil), want) { // not reported: an array would escape
		n++
	}
	return n
}

//heapvet:hot
func once(e *entry, text []byte) {
	h := sha256.New()
	h.Write(text)
	copy(e.key[:], h.Sum(nil)) // want `h.Sum\(nil\) of one text makes a slice: use sha256.Sum256`
}

func cold(h hash.Hash, e *entry) { copy(e.key[:], h.Sum(nil)) }
