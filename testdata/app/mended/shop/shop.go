// Package shop serves the catalog over HTTP.
package shop

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"sync"
	"time"

	"example.com/app/mended/catalog"
	"example.com/app/mended/metrics"
	"example.com/app/mended/session"
	"example.com/app/mended/web"
)

// PriceTimeout is how long a quote waits for the price.
const PriceTimeout = time.Second

const (
	maxForm    = 4 << 10
	maxOrder   = 64 << 10
	maxPicture = 8 << 20
)

var userName = regexp.MustCompile(`^[a-z][a-z0-9]{1,15}$`)

type server struct {
	catalog  *catalog.Catalog
	prices   catalog.Prices
	sessions *session.Store
	lines    sync.Pool // of *[]byte
	copies   sync.Pool // of *[copySize]byte
}

// New returns the shop's handler.
func New(source catalog.Source, prices catalog.Prices) http.Handler {
	s := &server{catalog: catalog.New(source), prices: prices, sessions: session.NewStore()}
	s.lines.New = func() any { line := make([]byte, 0, 128); return &line }
	s.copies.New = func() any { return new([copySize]byte) }
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
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	user := r.FormValue("user")
	if !userName.MatchString(user) {
		return &web.Error{Status: http.StatusBadRequest, Text: "bad user name"}
	}
	if err := s.sessions.Begin(w, r, user); err != nil {
		return err
	}
	_, err := io.WriteString(w, "welcome, "+user+"\n")
	return err
}

func (s *server) search(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	order := query.Get("order")
	if order != "price" {
		order = "name"
	}
	items := s.catalog.Search(query.Get("q"), order)
	if limit, err := strconv.Atoi(query.Get("limit")); err == nil && limit >= 0 && limit < len(items) {
		items = items[:limit]
	}
	return reply(w, items)
}

func reply(w http.ResponseWriter, v any) error {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return nil
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
	ctx, cancel := context.WithTimeout(r.Context(), PriceTimeout)
	defer cancel()
	cents, err := s.prices.Today(ctx, item)
	if ctx.Err() == context.DeadlineExceeded {
		return &web.Error{Status: http.StatusGatewayTimeout, Text: "no price in time"}
	}
	if err != nil {
		return fmt.Errorf("asking for the price of %s: %w", item.ID, err)
	}
	_, err = io.WriteString(w, item.Name+": "+euros(cents)+"\n")
	return err
}

func euros(cents int) string {
	rest := strconv.Itoa(100 + cents%100)[1:]
	return strconv.Itoa(cents/100) + "." + rest + " EUR"
}

// export writes all items that the query's words match as CSV.
func (s *server) export(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", "text/csv")
	buf := s.lines.Get().(*[]byte)
	defer s.lines.Put(buf)
	line := *buf
	total := 0
	for _, item := range s.catalog.Search(r.FormValue("q"), "name") {
		line = append(line[:0], item.ID...)
		line = append(line, ',')
		line = strconv.AppendQuote(line, item.Name)
		line = append(line, ',')
		line = strconv.AppendInt(line, int64(item.Cents), 10)
		line = append(line, '\n')
		if _, err := w.Write(line); err != nil {
			return err
		}
		total += item.Cents
	}
	line = append(line[:0], "total,,"...)
	line = strconv.AppendInt(line, int64(total), 10)
	line = append(line, '\n')
	_, err := w.Write(line)
	*buf = line
	return err
}
