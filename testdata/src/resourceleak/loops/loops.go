// Package loops checks calls that loops defer. // want package:"analysed"
package loops

import (
	"context"
	"io"
	"os"
	"sync"
	"time"
)

func all(names []string, w io.Writer) {
	for _, name := range names {
		f, err := os.Open(name)
		if err == nil {
			defer f.Close() // want `deferred f.Close\(\) in a loop runs when all returns, not at the end of the round: what all rounds opened stays open until then; make the round a function of its own, or release it before the next \[advice\]`
			io.Copy(w, f)
		}
	}
}

func allClosed(names []string, w io.Writer) {
	for _, name := range names {
		func() {
			f, err := os.Open(name)
			if err == nil {
				defer f.Close()
				io.Copy(w, f)
			}
		}()
	}
}

func allReturning(names []string, w io.Writer) error {
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return err // so that a function literal is no plain edit
		}
		defer func() { // want `the deferred function literal in a loop runs when allReturning returns, not at the end of the round`
			f.Close()
		}()
		if _, err := io.Copy(w, f); err != nil {
			return err
		}
	}
	return nil
}

// two is few.
func two(w io.Writer) {
	for _, name := range []string{"a", "b"} {
		f, err := os.Open(name)
		if err == nil {
			defer f.Close()
			io.Copy(w, f)
		}
	}
}

// first returns in the round that defers.
func first(names []string, w io.Writer) {
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			continue
		}
		defer f.Close()
		io.Copy(w, f)
		return
	}
}

func tries(ctx context.Context, n int, try func(context.Context) error) error {
	var err error
	for range n {
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel() // want `deferred cancel\(\) in a loop runs when tries returns`
		if err = try(ctx); err == nil {
			break
		}
	}
	return err
}

// fanOut needs the contexts until all goroutines are done.
func fanOut(ctx context.Context, n int, try func(context.Context) error) {
	var wg sync.WaitGroup
	for range n {
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		wg.Add(1)
		go func(ctx context.Context) {
			defer wg.Done()
			try(ctx)
		}(ctx)
	}
	wg.Wait()
}

// merge needs the files after the loop.
func merge(names []string, w io.Writer) error {
	var readers []io.Reader
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		readers = append(readers, f)
	}
	_, err := io.Copy(w, io.MultiReader(readers...))
	return err
}
