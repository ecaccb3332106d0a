// Package prove tries suggested fixes before anybody sees them applied.
//
// A fix is proved if the package compiles with it, declares to others what
// it did before, and, where the finding is about an allocation, if the
// compiler puts that value on the heap no more and no new allocation
// appears. All fixes of a package are tried in one compile; only where that
// fails are they tried in halves.
package prove
