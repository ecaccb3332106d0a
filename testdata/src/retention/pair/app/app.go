// What is made per request and nothing takes away.
package main

import (
	"net/http"

	"retention/pair/stream"
)

type forwarder struct{ conn stream.Conn }

func (f *forwarder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s, err := f.conn.CreateStream(r.Host) // want `"forwarder.conn" keeps what CreateStream makes until RemoveStreams takes it away, which nothing calls; defer that`
	if err != nil {
		return
	}
	s.Close()
	f.conn.AddHeader(r.Host) // not reported: a number
	own := stream.Dial()
	own.CreateStream(r.Host) // not reported: goes with its connection
}

func main() {
	http.Handle("/", &forwarder{stream.Dial()})
	http.ListenAndServe(":8080", nil)
}
