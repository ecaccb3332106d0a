// Package catalog knows what the shop sells.
package catalog

import (
	"context"
	"fmt"
	"iter"
	"regexp"
	"sort"
	"strings"
	"sync"
	"time"
)

// An Item is something for sale.
type Item struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Cents int    `json:"cents"`
}

// A Source lists items. Sources may be slow.
type Source interface {
	All() iter.Seq[Item]
}

// Items is a source that holds its items in memory.
type Items []Item

// All implements Source.
func (items Items) All() iter.Seq[Item] {
	return func(yield func(Item) bool) {
		for _, item := range items {
			if !yield(item) {
				return
			}
		}
	}
}

// Sample returns n items.
func Sample(n int) Items {
	kinds := []string{"tea pot", "Tea cup", "kettle", "Coffee mill", "jug"}
	items := make(Items, n)
	for i := range items {
		items[i] = Item{
			ID:    fmt.Sprintf("w%03d", i),
			Name:  fmt.Sprintf("%s no. %d", kinds[i%len(kinds)], i),
			Cents: 100 + i*i%977,
		}
	}
	return items
}

// A Catalog answers questions about the items of a source.
type Catalog struct {
	source Source

	mu      sync.Mutex
	results map[string][]Item // answers by query and order
}

// New returns a catalog of the items in source.
func New(source Source) *Catalog {
	return &Catalog{source: source, results: make(map[string][]Item)}
}

// Find returns the item with the given id.
func (c *Catalog) Find(id string) (Item, bool) {
	for item := range c.source.All() {
		if item.ID == id {
			return item, true
		}
	}
	return Item{}, false
}

// Search returns the items whose names hold all words of query, ordered by
// "name" or "price".
func (c *Catalog) Search(query, order string) []Item {
	key := fmt.Sprintf("%s/%s", query, order)
	c.mu.Lock()
	found, ok := c.results[key]
	c.mu.Unlock()
	if ok {
		return found
	}

	words := regexp.MustCompile(`\s+`).Split(strings.ToLower(strings.TrimSpace(query)), -1)
	for item := range c.source.All() {
		if matches(item, words) {
			found = append(found, item)
		}
	}
	sort.Sort(ordering{items: found, order: order, words: words})

	c.mu.Lock()
	c.results[key] = found
	c.mu.Unlock()
	return found
}

func matches(item Item, words []string) bool {
	name := strings.ToLower(item.Name)
	for _, word := range words {
		if !strings.Contains(name, word) {
			return false
		}
	}
	return true
}

// An ordering sorts items by price, or by name: first those that begin
// with the first word.
type ordering struct {
	items []Item
	order string
	words []string
}

func (o ordering) Len() int      { return len(o.items) }
func (o ordering) Swap(i, j int) { o.items[i], o.items[j] = o.items[j], o.items[i] }

func (o ordering) Less(i, j int) bool {
	a, b := o.items[i], o.items[j]
	if o.order == "price" && a.Cents != b.Cents {
		return a.Cents < b.Cents
	}
	first := strings.HasPrefix(strings.ToLower(a.Name), o.words[0])
	if first != strings.HasPrefix(strings.ToLower(b.Name), o.words[0]) {
		return first
	}
	return a.ID < b.ID
}

// Prices knows what items cost today. It may ask another server.
type Prices interface {
	Today(ctx context.Context, item Item) (cents int, err error)
}

// ListPrices asks for the list price, with a discount on Mondays.
type ListPrices struct{}

// Today implements Prices.
func (ListPrices) Today(_ context.Context, item Item) (int, error) {
	if time.Now().Weekday() == time.Monday {
		return item.Cents * 9 / 10, nil
	}
	return item.Cents, nil
}
