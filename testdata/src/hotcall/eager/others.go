package eager

import "hotcall/eager/verify"

//heapvet:hot
func others(l *verify.Log, id, want int) {
	verify.Assert(id == want, "page %d", id) // want `^verify.Assert boxes its arguments although it uses them only if !cond: test that before the call \(compiler: heap, 8 B; hot: //heapvet:hot others\)$`
	verify.Print(id == want, "page %d", id)  // not reported: always used
	l.Logf("page %d", id)                    // want `^\(\*verify.Log\).Logf boxes its arguments although it uses them only if l.debug: let its callers ask first .*\[advice\]$`
}
