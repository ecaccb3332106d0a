// Package colddir is cold as a whole.
//
//heapvet:cold
package colddir

import "net/http"

func handler(w http.ResponseWriter, r *http.Request) { probe() } // want `at cold: //heapvet:cold`

func probe() {}
