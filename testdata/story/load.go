package story

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

// A Load is a kind of request.
type Load struct {
	Name string

	// File and Func have the lines at which the leaky shop keeps something
	// of each request of this load. File is relative to testdata/app. Both
	// are empty for a mixture.
	File, Func string

	// Kept is how many bytes of a request the leaky shop keeps at least.
	Kept float64

	// begin prepares a client for the load, and returns what makes the
	// i-th request.
	begin func(ctx context.Context, client *http.Client, base string) (func(i int) request, error)
}

// Loads returns one load per leak of the leaky shop. The requests of each
// are chosen such that they reach that one leak only. The goroutine that a
// quote without a price leaves behind is no part of it: the shop's prices
// always come.
func Loads() []Load {
	return []Load{
		{
			Name: "searches", File: "leaky/catalog/catalog.go", Func: "Search", Kept: 1000,
			begin: each(func(i int) request {
				return request{method: "GET", path: "/search?limit=1&q=" + query(i), statuses: []int{http.StatusOK}}
			}),
		},
		{
			Name: "unknown paths", File: "leaky/metrics/metrics.go", Func: "observe", Kept: 100,
			begin: each(func(i int) request {
				return request{method: "GET", path: fmt.Sprintf("/items/none-%060d", i), statuses: []int{http.StatusNotFound}}
			}),
		},
		{
			Name: "logins", File: "leaky/session/session.go", Func: "Begin", Kept: 1000,
			begin: each(login),
		},
		{
			Name: "visits", File: "leaky/session/session.go", Func: "visit", Kept: 200,
			begin: visits,
		},
	}
}

// Mixture returns the load that sends a request of each of loads in turn.
func Mixture(loads []Load) Load {
	begin := func(ctx context.Context, client *http.Client, base string) (func(i int) request, error) {
		nexts := make([]func(int) request, len(loads))
		for i, load := range loads {
			next, err := load.begin(ctx, client, base)
			if err != nil {
				return nil, err
			}
			nexts[i] = next
		}
		return func(i int) request { return nexts[i%len(nexts)](i / len(nexts)) }, nil
	}
	return Load{Name: "mixture", begin: begin}
}

func each(next func(i int) request) func(context.Context, *http.Client, string) (func(int) request, error) {
	return func(context.Context, *http.Client, string) (func(int) request, error) { return next, nil }
}

// login begins a session. The mended shop refuses more than it has room for.
func login(int) request {
	statuses := []int{http.StatusOK, http.StatusServiceUnavailable}
	return request{method: "POST", path: "/login?user=ann", statuses: statuses}
}

// visits looks at an item again and again, in one session. Each time the
// address says at length where the visitor comes from, as links in
// newsletters do.
func visits(ctx context.Context, client *http.Client, base string) (func(i int) request, error) {
	resp, err := do(ctx, client, base, login(0))
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	cookies := resp.Cookies()
	if len(cookies) != 1 {
		return nil, fmt.Errorf("the answer to a login has %d cookies, want 1", len(cookies))
	}
	from := strings.Repeat("newsletter-", 30)
	return func(i int) request {
		path := fmt.Sprintf("/items/w001?from=%s%d", from, i)
		return request{method: "GET", path: path, cookie: cookies[0], statuses: []int{http.StatusOK}}
	}, nil
}
