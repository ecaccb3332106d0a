// Package heatfile finds heat files that no longer fit the code.
//
// # Analyzer heatfile
//
// heatfile: find heat files that no longer fit the code
//
// A heat file, which the flag -heat names, tells drivers that see one
// package at a time what only the whole module shows: which functions are
// hot, and what becomes of the data of requests in other packages. It names
// functions, not lines, and goes on to fit when other code changes. When
// functions that it names are renamed or gone, or when the text of one has
// changed that a check saw in sight of the whole module, what it says of
// them is lost: heapvet then knows no more than the package shows. That is
// reported once for each package, at the package clause, as
//
//	heat file "default.heat" is stale here: 38 of its 40 entries about this package still fit; run heapvet heat again
//
// and as
//
//	heat file "default.heat" knows nothing about this package, only about module example.com/app; run heapvet heat again
//
// where a package is new, or the file is another module's.
//
// The analyzer is silent without a heat file, and about packages of nothing
// but tests.
package heatfile
