// Package hotgrow finds slices, maps and texts in per-request code that
// grow step by step although their size is known.
//
// # Analyzer hotgrow
//
// hotgrow: find what grows in hot code although its size is known
//
// A slice that is appended to begins small and is copied to a larger array
// again and again; so are maps, buffers and strings. In code that runs per
// request, where a loop's length is known before it begins, one allocation
// does:
//
//	func serve(w http.ResponseWriter, r *http.Request) {
//		var names []string
//		for _, c := range r.Cookies() {
//			...
//		}
//		for _, v := range users {
//			names = append(names, v.Name) // slice "names" grows in a loop whose length is known: make it with capacity len(users) (compiler: heap, in a loop; hot: net/http handler serve)
//		}
//	}
//
// The repair:
//
//	names := make([]string, 0, len(users))
//
// Reported are:
//
//   - appends to a slice that begins without capacity, in each iteration of
//     a loop over a slice, array, map or number;
//   - maps that get a new key in each iteration of such a loop, more than
//     eight, and are made for none;
//   - strings that a loop adds to;
//   - a strings.Builder or bytes.Buffer that a loop fills with the
//     characters of a text;
//   - slices.Collect and slices.Sorted of a map's keys or values, which
//     cannot know how many there are;
//   - append([]T{x}, xs...), which allocates twice, in one statement or two;
//   - a slice or map in a local variable, or in a field of a new struct, that
//     is made and replaced before anything reads it.
//
// With tier advice also: appends to a slice that the caller made or in a
// loop up to a number that may come from anywhere, appends in loops that
// count down what is left to read, buffers that a loop fills with something
// else, maps whose size is known but may be small, maps that are copied on
// every call to add a key, pointers to structs that a loop makes one by one
// for each element of a slice, and fields that are replaced unread in a
// struct that others may know.
//
// A fix is suggested where nobody can tell a nil slice from an empty one:
// the result is neither returned nor stored nor handed to code that might
// look.
//
// The analyzer is silent about loops that append only sometimes or end
// early, because what they keep may be little; about sets, whose keys
// repeat; about loops of four iterations at most, or eight for maps; and
// about failure paths.
//
// To silence one line: //heapvet:ignore hotgrow reason.
package hotgrow
