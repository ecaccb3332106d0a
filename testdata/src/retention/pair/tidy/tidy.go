// What is made per request and taken away again.
package main

import (
	"net/http"

	"retention/pair/stream"
)

type forwarder struct{ conn stream.Conn }

func (f *forwarder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s, err := f.conn.CreateStream(r.Host) // not reported: removed
	if err != nil {
		return
	}
	defer f.conn.RemoveStreams(s)
}

func main() {
	http.Handle("/", &forwarder{stream.Dial()})
	http.ListenAndServe(":8080", nil)
}
