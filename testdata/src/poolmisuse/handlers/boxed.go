// Package handlers holds pools whose Put allocates, or that keep what a
// large request left.
package handlers

import "sync"

var slices = sync.Pool{New: func() any { return make([]byte, 1024) }}

//heapvet:hot
func boxed() {
	b := slices.Get().([]byte)
	b[0] = 1
	slices.Put(b) // want `sync.Pool "slices": Put of \[\]byte allocates 24 bytes to box it; keep pointers in the pool and put back the one that Get returned`
}

type point struct{ x, y int }

var points = sync.Pool{New: func() any { return point{} }}

//heapvet:hot
func boxedStruct() {
	p := points.Get().(point)
	p.x++
	points.Put(p) // want `sync.Pool "points": Put of point allocates 16 bytes`
}

var pointers = sync.Pool{New: func() any { b := make([]byte, 1024); return &b }}

//heapvet:hot
func newAddress() {
	p := pointers.Get().(*[]byte)
	b := *p
	b[0] = 1
	pointers.Put(&b) // not reported: hotescape does
}

//heapvet:hot
func samePointer() {
	p := pointers.Get().(*[]byte)
	(*p)[0] = 1
	pointers.Put(p) // not reported: the pointer that Get returned
}

// Values that an interface holds without an allocation.
var free sync.Pool

type handle struct{ p *point }

//heapvet:hot
func unboxed(m map[string]int, ch chan int, h handle, x any) {
	free.Put(m)
	free.Put(ch)
	free.Put(h)
	free.Put(x)
	free.Put(&point{})
	free.Put(byte(1))
	free.Put("constant")
}

func cold() {
	b := slices.Get().([]byte)
	b[0] = 1
	slices.Put(b) // want `Put of \[\]byte allocates 24 bytes .* \[advice\]`
}

func coldAddress() {
	b := make([]byte, 1024)
	pointers.Put(&b) // want `sync.Pool "pointers": Put of the address of local slice "b" moves its header, 24 bytes, to the heap each time; put back the pointer that Get returned \[advice\]`
}
