// Package catalog knows what the shop sells.
package catalog

import (
	"cmp"
	"context"
	"fmt"
	"slices"
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
	All() []Item // not to be changed by the caller
}

// Items is a source that holds its items in memory.
type Items []Item

// All implements Source.
func (items Items) All() []Item { return items }

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

// maxResults is how many answers a catalog remembers.
const maxResults = 1000

type question struct{ query, order string }

// A Catalog answers questions about the items of a source.
type Catalog struct {
	source Source

	mu      sync.Mutex
	results map[question][]Item
}

// New returns a catalog of the items in source.
func New(source Source) *Catalog {
	return &Catalog{source: source, results: make(map[question][]Item)}
}

// Find returns the item with the given id.
func (c *Catalog) Find(id string) (Item, bool) {
	for _, item := range c.source.All() {
		if item.ID == id {
			return item, true
		}
	}
	return Item{}, false
}

// Search returns the items whose names hold all words of query, ordered by
// "name" or "price".
func (c *Catalog) Search(query, order string) []Item {
	key := question{query, order}
	c.mu.Lock()
	found, ok := c.results[key]
	c.mu.Unlock()
	if ok {
		return found
	}

	words := strings.Fields(strings.ToLower(query))
	for _, item := range c.source.All() {
		if matches(item, words) {
			found = append(found, item)
		}
	}
	slices.SortFunc(found, func(a, b Item) int { return compare(a, b, order, words) })

	c.mu.Lock()
	if len(c.results) >= maxResults {
		clear(c.results)
	}
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

// compare orders items by price, or by name: first those that begin with
// the first word.
func compare(a, b Item, order string, words []string) int {
	if order == "price" && a.Cents != b.Cents {
		return a.Cents - b.Cents
	}
	if len(words) > 0 {
		first := strings.HasPrefix(strings.ToLower(a.Name), words[0])
		if first != strings.HasPrefix(strings.ToLower(b.Name), words[0]) {
			if first {
				return -1
			}
			return 1
		}
	}
	return cmp.Compare(a.ID, b.ID)
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
