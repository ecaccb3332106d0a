// Package repeats has costly calls that are repeated, each beside a near
// miss.
package repeats

import (
	"net/http"
	"net/url"
)

func serve(w http.ResponseWriter, r *http.Request) {
	from := r.URL.Query().Get("from")
	to := r.URL.Query().Get("to") // want `r.URL.Query\(\) does the work of line 11 again: keep the result \(measured: 6 allocations, 464 B; hot: net/http handler serve\)`
	w.Header().Set("X-Range", from+to)
}

func once(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	w.Header().Set("X-Range", q.Get("from")+q.Get("to")) // not reported: kept
}

func ways(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		w.Header().Set("X-From", r.URL.Query().Get("from"))
	} else {
		w.Header().Set("X-To", r.URL.Query().Get("to")) // not reported: the other way
	}
}

func changed(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-From", r.URL.Query().Get("from"))
	r.URL.RawQuery = "to=1"
	w.Header().Set("X-To", r.URL.Query().Get("to")) // not reported: another query
}

func looped(w http.ResponseWriter, r *http.Request) {
	for _, key := range []string{"a", "b"} {
		w.Header().Set(key, r.URL.Query().Get(key)) // want `r.URL.Query\(\) does the work again in each iteration: keep the result`
	}
}

//heapvet:hot
func others(urls []*url.URL) (n int) {
	for _, u := range urls {
		n += len(u.Query()) // not reported: another one each time
	}
	return n
}

func cold(r *url.URL) string { return r.Query().Get("a") + r.Query().Get("b") }

func routes(mux *http.ServeMux) {
	mux.HandleFunc("/serve", serve)
	mux.HandleFunc("/once", once)
	mux.HandleFunc("/ways", ways)
	mux.HandleFunc("/changed", changed)
	mux.HandleFunc("/looped", looped)
}
