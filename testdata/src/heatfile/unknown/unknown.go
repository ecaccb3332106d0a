// Package unknown is new.
package unknown // want `heat file "test.heat" knows nothing about this package, only about module example.com/app; run heapvet heat again`
