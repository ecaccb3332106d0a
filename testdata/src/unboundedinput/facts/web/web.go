// Package web uses the helpers of another package.
package web

import (
	"io"
	"net/http"
	"strconv"

	"unboundedinput/facts/helper"
)

func slurps(w http.ResponseWriter, r *http.Request) {
	w.Write(helper.Slurp(r.Body))     // want `helper.Slurp reads the request's Body without a limit`
	w.Write(helper.SlurpBody(r))      // want `helper.SlurpBody reads the request's Body without a limit`
	w.Write(helper.SlurpSome(r.Body)) // not reported
	w.Write(helper.Slurp(helper.Limited(r.Body)))
}

func limits(w http.ResponseWriter, r *http.Request) {
	if helper.Limit(w, r, 1<<20) != nil {
		return
	}
	data, _ := io.ReadAll(r.Body) // not reported: helper.Limit limits
	w.Write(data)
	data, _ = io.ReadAll(helper.Limited(r.Body)) // not reported
	w.Write(data)
}

func checks(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(r.FormValue("n"))
	if helper.Check(n) != nil {
		return
	}
	w.Write(make([]byte, n)) // not reported
}
