// Command mended is the shop of command leaky without its leaks.
package main

import (
	"flag"
	"log"
	"net/http"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"example.com/app/mended/catalog"
	"example.com/app/mended/shop"
)

func main() {
	addr := flag.String("addr", "localhost:8080", "`address` to listen on")
	memory := flag.Int64("memory", 256, "soft memory limit in `MiB`")
	flag.Parse()

	debug.SetMemoryLimit(*memory << 20)
	go logMemory(time.Minute)

	srv := &http.Server{
		Addr:              *addr,
		Handler:           shop.New(catalog.Sample(200), catalog.ListPrices{}),
		ReadHeaderTimeout: 5 * time.Second,
	}
	log.Printf("listening on %s", *addr)
	log.Fatal(srv.ListenAndServe())
}

// logMemory prints the size of the heap at every tick.
func logMemory(every time.Duration) {
	samples := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/gc/heap/objects:objects"}}
	for range time.Tick(every) {
		metrics.Read(samples)
		log.Printf("heap %d MiB, %d objects", samples[0].Value.Uint64()>>20, samples[1].Value.Uint64())
	}
}
