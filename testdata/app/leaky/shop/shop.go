// Package shop serves the catalog over HTTP.
package shop

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"sync"
	"time"

	"example.com/app/leaky/catalog"
	"example.com/app/leaky/metrics"
	"example.com/app/leaky/session"
	"example.com/app/leaky/web"
)

// PriceTimeout is how long a quote waits for the price.
const PriceTimeout = time.Second

type server struct {
	catalog  *catalog.Catalog
	prices   catalog.Prices
	sessions *session.Store
	lines    sync.Pool // of []byte
}

// New returns the shop's handler.
func New(source catalog.Source, prices catalog.Prices) http.Handler {
	s := &server{catalog: catalog.New(source), prices: prices, sessions: session.NewStore()}
	s.lines.New = func() any { return make([]byte, 0, 128) }
	counters := metrics.NewRegistry()
	router := web.NewRouter(counters.Measure, s.sessions.Track)
	router.Handle("POST /login", s.login)
	router.Handle("GET /search", s.search)
	router.Handle("GET /items/{id}", s.item)
	router.Handle("GET /quote/{id}", s.quote)
	router.Handle("GET /export.csv", s.export)
	router.Handle("POST /orders", s.order)
	router.Handle("PUT /pictures/{id}", s.picture)
	router.Handle("GET /metrics", counters.Serve)
	return router
}

func (s *server) login(w http.ResponseWriter, r *http.Request) error {
	user := r.FormValue("user")
	if ok, err := regexp.MatchString(`^[a-z][a-z0-9]{1,15}$`, user); err != nil || !ok {
		return &web.Error{Status: http.StatusBadRequest, Text: "bad user name"}
	}
	s.sessions.Begin(w, r, user)
	_, err := w.Write([]byte("welcome, " + user + "\n"))
	return err
}

func (s *server) search(w http.ResponseWriter, r *http.Request) error {
	order := r.URL.Query().Get("order")
	if order == "" {
		order = "name"
	}
	items := s.catalog.Search(r.URL.Query().Get("q"), order)
	if limit, err := strconv.Atoi(r.URL.Query().Get("limit")); err == nil && limit >= 0 && limit < len(items) {
		items = items[:limit]
	}
	return reply(w, items)
}

func reply(w http.ResponseWriter, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encoding the answer: %w", err)
	}
	w.Header().Set("Content-Type", "application/json")
	_, err = w.Write(append(body, '\n'))
	return err
}

func (s *server) item(w http.ResponseWriter, r *http.Request) error {
	item, ok := s.catalog.Find(r.PathValue("id"))
	if !ok {
		return &web.Error{Status: http.StatusNotFound, Text: "no such item"}
	}
	return reply(w, item)
}

// quote answers with today's price, if it comes in time.
func (s *server) quote(w http.ResponseWriter, r *http.Request) error {
	item, ok := s.catalog.Find(r.PathValue("id"))
	if !ok {
		return &web.Error{Status: http.StatusNotFound, Text: "no such item"}
	}
	var cents int
	var err error
	done := make(chan bool)
	go func() {
		cents, err = s.prices.Today(r.Context(), item)
		done <- true
	}()
	select {
	case <-done:
	case <-time.After(PriceTimeout):
		return &web.Error{Status: http.StatusGatewayTimeout, Text: "no price in time"}
	}
	if err != nil {
		return fmt.Errorf("asking for the price of %s: %w", item.ID, err)
	}
	text := fmt.Sprintf("%s: %s", item.Name, euros(cents))
	_, err = w.Write([]byte(text + "\n"))
	return err
}

func euros(cents int) string { return fmt.Sprintf("%d.%02d EUR", cents/100, cents%100) }

// export writes all items that the query's words match as CSV.
func (s *server) export(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", "text/csv")
	total := 0
	for _, item := range s.catalog.Search(r.FormValue("q"), "name") {
		line := s.lines.Get().([]byte)[:0]
		line = append(line, item.ID...)
		line = append(line, ',')
		line = strconv.AppendQuote(line, item.Name)
		line = append(line, ',')
		line = strconv.AppendInt(line, int64(item.Cents), 10)
		line = append(line, '\n')
		if _, err := w.Write(line); err != nil {
			return err
		}
		s.lines.Put(line)
		total += item.Cents
	}
	_, err := w.Write([]byte(fmt.Sprintf("total,,%d\n", total)))
	return err
}
