package app

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"

	leakycatalog "example.com/app/leaky/catalog"
	leakyshop "example.com/app/leaky/shop"
	mendedcatalog "example.com/app/mended/catalog"
	mendedshop "example.com/app/mended/shop"
)

// requests are sent in this order, with the cookies of the earlier answers.
var requests = []struct{ method, path, body string }{
	{"GET", "/items/w003", ""},
	{"GET", "/items/none", ""},
	{"GET", "/search?q=tea+cup&order=price&limit=5", ""},
	{"GET", "/search?q=tea+cup&order=price&limit=5", ""},
	{"GET", "/search?q=%20Coffee%20", ""},
	{"GET", "/search", ""},
	{"GET", "/search?q=nothing+of+the+kind", ""},
	{"GET", "/export.csv?q=kettle", ""},
	{"GET", "/quote/w010", ""},
	{"GET", "/quote/w011", ""}, // slow
	{"GET", "/quote/none", ""},
	{"POST", "/login?user=Nobody!", ""},
	{"POST", "/orders", `[{"id": "w001", "count": 2}]`},
	{"POST", "/login?user=ann", ""},
	{"POST", "/orders", `[{"id": "w001", "count": 2}, {"id": "w140", "count": 1}]`},
	{"POST", "/orders", `[{"id": "none", "count": 2}]`},
	{"POST", "/orders", `not an order`},
	{"PUT", "/pictures/w001", "\x89PNG\x0d\x0a\x1a\x0a" + strings.Repeat("pixels", 1000)},
	{"PUT", "/pictures/w002", "GIF89a"},
	{"PUT", "/pictures/w002", ""},
	{"DELETE", "/items/w003", ""},
}

func TestTwinsAnswerAlike(t *testing.T) {
	leaky := answers(t, leakyshop.New(leakycatalog.Sample(150), leakyPrices{}))
	mended := answers(t, mendedshop.New(mendedcatalog.Sample(150), mendedPrices{}))
	for i, rq := range requests {
		if leaky[i] != mended[i] {
			t.Errorf("%s %s: the leaky twin answers\n%s\nand the mended twin\n%s", rq.method, rq.path, leaky[i], mended[i])
		}
	}
	if got, want := leaky[len(leaky)-7], "200 OK\nfor ann\nTea cup no. 1 x 2\ntea pot no. 140 x 1\ntotal "; !strings.HasPrefix(got, want) {
		t.Errorf("the receipt is %q, want it to begin with %q", got, want)
	}
}

// answers sends all requests to h and returns status, type and body of
// what comes back.
func answers(t *testing.T, h http.Handler) []string {
	t.Helper()
	srv := httptest.NewServer(h)
	defer srv.Close()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := srv.Client()
	client.Jar = jar
	var all []string
	for _, rq := range requests {
		req, err := http.NewRequest(rq.method, srv.URL+rq.path, strings.NewReader(rq.body))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, resp.Status+"\n"+string(body))
	}
	metrics, err := client.Get(srv.URL + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer metrics.Body.Close()
	if metrics.StatusCode != http.StatusOK {
		t.Errorf("metrics answers %s", metrics.Status)
	}
	return all
}

// The prices of the test: the list price, which for one item never comes.

type leakyPrices struct{}

func (leakyPrices) Today(ctx context.Context, item leakycatalog.Item) (int, error) {
	return price(ctx, item.ID, item.Cents)
}

type mendedPrices struct{}

func (mendedPrices) Today(ctx context.Context, item mendedcatalog.Item) (int, error) {
	return price(ctx, item.ID, item.Cents)
}

func price(ctx context.Context, id string, cents int) (int, error) {
	if id == "w011" {
		<-ctx.Done()
		return 0, ctx.Err()
	}
	return cents, nil
}
