// Command leaky is a small shop whose memory only grows.
package main

import (
	"flag"
	"log"
	"net/http"
	"runtime"
	"runtime/debug"
	"time"

	"example.com/app/leaky/catalog"
	"example.com/app/leaky/shop"
)

func main() {
	addr := flag.String("addr", "localhost:8080", "`address` to listen on")
	flag.Parse()

	debug.SetGCPercent(50) // the small instances have little memory
	go freeMemory(time.Minute)
	go logMemory(10 * time.Second)

	srv := &http.Server{
		Addr:              *addr,
		Handler:           shop.New(catalog.Sample(200), catalog.ListPrices{}),
		ReadHeaderTimeout: 5 * time.Second,
	}
	log.Printf("listening on %s", *addr)
	log.Fatal(srv.ListenAndServe())
}

// freeMemory gives memory back to the system at every tick.
func freeMemory(every time.Duration) {
	for range time.Tick(every) {
		runtime.GC()
		debug.FreeOSMemory()
	}
}

// logMemory prints the size of the heap at every tick.
func logMemory(every time.Duration) {
	for {
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		log.Printf("heap %d MiB, %d objects", stats.HeapAlloc>>20, stats.HeapObjects)
		time.Sleep(every)
	}
}
