// Package brokenevict finds removals that cannot work.
//
// # Analyzer brokenevict
//
// brokenevict: find removals that leave something behind, or never happen
//
// A container that outlives requests and that requests fill needs something
// that empties it. This analyzer finds code that means to and does not:
//
//	func (s *server) leave(room, user string) {
//		delete(s.rooms[room], user) // map "server.rooms" keeps an empty map under each key: ...
//	}
//
// Reported are
//
//   - a key that is deleted from one of two maps that are filled under the
//     same keys, and stays in the other, which the deleting function does not
//     write;
//   - an element that is deleted from the map, set or slice under a key, while
//     the key itself stays for ever, with nothing in it;
//   - a counter that is decremented and stays when it reaches zero;
//   - a sweep that waits in a loop for a time.Timer that is never reset, so
//     that it runs once;
//   - a key that is normalised (lower case, a prefix) for every insert and not
//     for the removal, unless that looks the key up first;
//   - a return on an error between an insert and the removal of what it added,
//     where all other ways remove it and nothing else does;
//   - entries that are added when something fails and removed when it succeeds:
//     what always fails stays;
//   - keys that senders choose, of which only the next in order is deleted,
//     with no limit of how far ahead they are;
//   - pointers as keys, that are deleted as another map has them, while that
//     one replaces its pointers;
//   - a value that is closed when it is deleted, but not when another one takes
//     its place.
//
// Which containers matter, and which findings are of tier advice, is decided
// as unboundedcache does, which is silent about containers reported here. A
// //heapvet:bounded directive at the declaration silences both.
package brokenevict
