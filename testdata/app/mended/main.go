// Command mended is the shop of command leaky without its leaks.
package main

import (
	"flag"
	"log"
	"net"
	"net/http"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"example.com/app/mended/admin"
	"example.com/app/mended/catalog"
	"example.com/app/mended/shop"
)

func main() {
	addr := flag.String("addr", "localhost:8080", "`address` to listen on")
	adminAddr := flag.String("admin", "", "`address` for profiles and metrics, which only operators may reach")
	memory := flag.Int64("memory", 256, "soft memory limit in `MiB`")
	flag.Parse()

	debug.SetMemoryLimit(*memory << 20)
	go logMemory(time.Minute)

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

// logMemory prints the size of the heap at every tick.
func logMemory(every time.Duration) {
	samples := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/gc/heap/objects:objects"}}
	for range time.Tick(every) {
		metrics.Read(samples)
		log.Printf("heap %d MiB, %d objects", samples[0].Value.Uint64()>>20, samples[1].Value.Uint64())
	}
}
