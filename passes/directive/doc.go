// Package directive finds directives to heapvet that do nothing.
//
// # Analyzer directive
//
// directive: find directives that heapvet does not read
//
// A directive comment that is misspelt, or stands where heapvet does not
// look for it, is silently a plain comment: the function that was to be
// hot stays cold, the finding that was to be ignored is reported. A
// directive that silences something must say why. For example:
//
//	//heapvet:ingore hotescape called once an hour
//
// is reported as
//
//	directive //heapvet:ingore is unknown; did you mean //heapvet:ignore?
//
// The directives are:
//
//	//heapvet:hot                  the function below runs per request
//	//heapvet:cold                 the function, type or package below does not
//	//heapvet:bounded REASON       the container declared here is bounded by other means
//	//heapvet:noalloc              the function below must not allocate
//	//heapvet:allow REASON         this line of a noalloc function may allocate
//	//heapvet:ignore CHECK REASON  says nothing about CHECK on this and the next line
//
// A bounded directive is told if no container is declared on its line or the
// next, or nothing adds to that; tier advice: if the container is not reported
// without it, either.
//
// So are misspelt ones of the tools whose directives noalloc reads:
// gcassert's //gcassert:noescape, gVisor's // +checkescape.
//
// No space may stand before "heapvet". The check is silent about comments
// that only mention a directive, and about a well-formed ignore directive
// that matches no finding.
package directive
