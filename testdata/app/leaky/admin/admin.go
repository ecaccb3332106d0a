// Package admin serves what operators ask a running shop: profiles and the
// state of its memory.
package admin

import (
	"net/http"
	"net/http/pprof"
	"runtime/metrics"
	"strconv"
)

// Handler returns the handler of an address that only operators reach.
//
//	/debug/pprof/   profiles; heap?gc=1 collects garbage before it answers
//	/memory         runtime/metrics: a name and a number a line
func Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /memory", memory)
	return mux
}

// memory writes what the runtime knows about memory. The live heap is what
// the last collection found to be in use.
func memory(w http.ResponseWriter, _ *http.Request) {
	samples := []metrics.Sample{
		{Name: "/gc/cycles/total:gc-cycles"},
		{Name: "/gc/gomemlimit:bytes"},
		{Name: "/gc/heap/live:bytes"},
		{Name: "/memory/classes/total:bytes"},
	}
	metrics.Read(samples)
	var out []byte
	for _, s := range samples {
		out = append(out, s.Name...)
		out = append(out, ' ')
		out = strconv.AppendUint(out, s.Value.Uint64(), 10)
		out = append(out, '\n')
	}
	w.Write(out)
}
