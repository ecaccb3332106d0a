// Package story measures what the findings in testdata/app cost: it runs
// the leaky and the mended shop, sends both the same requests, and reads
// their live heaps.
package story

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// A Point is what a shop's live heap was after a number of requests.
type Point struct {
	Requests int
	Live     uint64 // bytes
}

// Client returns the client of a load: one connection, so that requests
// come one after the other and nothing else of the client is in the shop.
func Client() *http.Client {
	return &http.Client{
		Timeout:   time.Minute,
		Transport: &http.Transport{MaxConnsPerHost: 1, MaxIdleConnsPerHost: 1},
	}
}

// Measure sends n requests of load in the given number of batches of equal
// size, and returns the live heap before the first and after each. Batches
// that do not divide n leave a rest unsent.
func Measure(ctx context.Context, shop *Shop, load Load, n, batches int) ([]Point, error) {
	client := Client()
	defer client.CloseIdleConnections()
	next, err := load.begin(ctx, client, shop.URL)
	if err != nil {
		return nil, err
	}
	points := make([]Point, 0, batches+1)
	for sent := 0; ; {
		memory, err := shop.Memory(ctx)
		if err != nil {
			return nil, err
		}
		points = append(points, Point{sent, memory.Live})
		if len(points) > batches {
			return points, nil
		}
		for range n / batches {
			if err := send(ctx, client, shop.URL, next(sent)); err != nil {
				return nil, err
			}
			sent++
		}
	}
}

// Growth returns by how much the highest live heap of the second half of
// points exceeds that of the first half, in bytes per request between them.
// A heap that swings below a limit does not grow.
func Growth(points []Point) float64 {
	half := len(points) / 2
	first, second := highest(points[:half+1]), highest(points[half+1:])
	requests := points[len(points)-1].Requests - points[half].Requests
	return (float64(second) - float64(first)) / float64(requests)
}

func highest(points []Point) uint64 {
	var live uint64
	for _, p := range points {
		live = max(live, p.Live)
	}
	return live
}

// A request is what a load sends.
type request struct {
	method, path string
	cookie       *http.Cookie // nil for none
	statuses     []int        // of answers that are right
}

// send sends rq and reads the answer.
func send(ctx context.Context, client *http.Client, base string, rq request) error {
	resp, err := do(ctx, client, base, rq)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return fmt.Errorf("reading the answer to %s %s: %w", rq.method, rq.path, err)
	}
	return nil
}

// do sends rq and returns the answer, whose status is right.
func do(ctx context.Context, client *http.Client, base string, rq request) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, rq.method, base+rq.path, nil)
	if err != nil {
		return nil, err
	}
	if rq.cookie != nil {
		req.AddCookie(rq.cookie)
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	for _, status := range rq.statuses {
		if resp.StatusCode == status {
			return resp, nil
		}
	}
	resp.Body.Close()
	return nil, fmt.Errorf("%s %s: answer %s", rq.method, rq.path, resp.Status)
}

// query returns words that all names of kettles hold; others for each i.
func query(i int) string {
	parts := []string{"n", "o", ".", "no", "o.", "no."}
	words := []string{"kettle"}
	for ; i > 0; i /= len(parts) {
		words = append(words, parts[i%len(parts)])
	}
	return url.QueryEscape(strings.Join(words, " "))
}
