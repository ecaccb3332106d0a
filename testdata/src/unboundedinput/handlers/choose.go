package handlers

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
)

const maxItems = 1000

func chosen(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.URL.Query().Get("n"))
	if err != nil || n < 0 {
		n = 100
	}
	items := make([]item, n) // want `make of a size that the client chooses \(strconv.Atoi\) and nothing limits from above: compare it with a maximum first`
	json.NewEncoder(w).Encode(items)
}

func compared(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.URL.Query().Get("n"))
	if err != nil || n < 0 || n > maxItems {
		n = 100
	}
	json.NewEncoder(w).Encode(make([]item, n)) // not reported: at most maxItems
}

func clamped(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(r.URL.Query().Get("n"))
	if n > maxItems {
		n = maxItems
	}
	json.NewEncoder(w).Encode(make([]item, n)) // not reported
	m, _ := strconv.Atoi(r.URL.Query().Get("m"))
	json.NewEncoder(w).Encode(make([]item, min(m, maxItems))) // not reported
}

// Captured by the closure that compares it.
func clampedInside(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(r.URL.Query().Get("n"))
	m, _ := strconv.Atoi(r.URL.Query().Get("m"))
	locked(func() {
		if n > maxItems {
			n = maxItems
		}
		if m > maxItems {
			n = maxItems
		}
		m++
		json.NewEncoder(w).Encode(make([]item, n)) // not reported
		json.NewEncoder(w).Encode(make([]item, m)) // want `make of a size that the client chooses \(strconv.Atoi\)`
	})
}

func locked(f func()) { f() }

func repeated(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(r.URL.Query().Get("n"))
	for range make([]struct{}, n) { // not reported: takes no memory
		w.Write(nil)
	}
	for range make([]struct{ _ bool }, n) { // want `make of a size that the client chooses`
		w.Write(nil)
	}
}

func checkCount(n int) error {
	if n > maxItems {
		return errors.New("too many")
	}
	return nil
}

func checked(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(r.URL.Query().Get("n"))
	if err := checkCount(n); err != nil {
		return
	}
	json.NewEncoder(w).Encode(make([]item, n)) // not reported: checkCount compares
}

func checkSign(n int) error {
	if n < 0 {
		return errors.New("negative")
	}
	return nil
}

func checkedBelow(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(r.URL.Query().Get("n"))
	if err := checkSign(n); err != nil {
		return
	}
	json.NewEncoder(w).Encode(make([]item, n)) // want `make of a size that the client chooses`
}

func helpedSize(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.ParseInt(r.FormValue("width"), 10, 64)
	w.Write([]byte(pad(int(n))))
}

func pad(n int) string {
	return strings.Repeat(" ", n) // want `strings.Repeat of a size that the client chooses \(strconv.ParseInt\)`
}

func narrow(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.ParseUint(r.FormValue("width"), 10, 8)
	w.Write(make([]byte, n)) // not reported: at most 255
}

func declared(w http.ResponseWriter, r *http.Request) {
	buf := make([]byte, r.ContentLength) // want `make of a size that the client chooses \(ContentLength\)`
	r.Body.Read(buf)
}

func decodedCount(w http.ResponseWriter, r *http.Request) {
	var it item
	json.NewDecoder(http.MaxBytesReader(w, r.Body, 100)).Decode(&it)
	all := make([]string, it.Count) // want `make of a size that the client chooses \(field Count\)`
	names := make([]byte, 0, len(it.Name))
	_, _ = all, names // names not reported: what was sent is there already
	if it.Count < maxItems {
		_ = make([]string, it.Count) // not reported
	}
}

func fromFlag(w http.ResponseWriter, r *http.Request) {
	w.Write(make([]byte, size)) // not reported: the program's choice
}

var size = 10

// A comparison with a fraction, which is no integer constant, is one as well.
func checkShare(n int) error {
	if float64(n)/maxItems > 0.5 {
		return errors.New("too large a share")
	}
	return nil
}

func checkedShare(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(r.URL.Query().Get("n"))
	if err := checkShare(n); err != nil {
		return
	}
	json.NewEncoder(w).Encode(make([]item, n)) // not reported: checkShare compares
}
