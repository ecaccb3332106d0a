// Command leaky is a small shop whose memory only grows.
package main

import (
	"flag"
	"log"
	"net"
	"net/http"
	"runtime"
	"runtime/debug"
	"time"

	"example.com/app/leaky/admin"
	"example.com/app/leaky/catalog"
	"example.com/app/leaky/shop"
)

func main() {
	addr := flag.String("addr", "localhost:8080", "`address` to listen on")
	adminAddr := flag.String("admin", "", "`address` for profiles and metrics, which only operators may reach")
	flag.Parse()

	debug.SetGCPercent(50) // the small instances have little memory
	go freeMemory(time.Minute)
	go logMemory(10 * time.Second)

	srv := &http.Server{
		Handler:           shop.New(catalog.Sample(200), catalog.ListPrices{}),
		ReadHeaderTimeout: 5 * time.Second,
	}
	if *adminAddr != "" {
		go serve("admin", *adminAddr, &http.Server{Handler: admin.Handler(), ReadHeaderTimeout: 5 * time.Second})
	}
	serve("shop", *addr, srv)
}

// serve listens on addr, which may have port 0 for any that is free, and
// ends the process if that fails.
func serve(name, addr string, srv *http.Server) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("%s: listening on %s", name, listener.Addr())
	log.Fatal(srv.Serve(listener))
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
