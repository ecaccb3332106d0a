// Package app uses the project's framework.
package app

import (
	"hotcode/facts/mid"
	"hotcode/facts/web"
)

func probe() {} // want `warm: .*|hot: .*`

func routes(r *web.Router) {
	probe() // want `at cold: set-up`
	mid.Route(deep)
	web.Handle("/x", func(c *web.Ctx) { probe() }) // want `hot: net/http handler: routes.func1` `at hot`
	r.Add("/y", handler)
	r.After(first, second)
	r.Use(checker{})
	r.Configure(func(*web.Router) { probe() }) // want `at cold: .*`
}

func deep(id string) { helper(id) } // want `hot: net/http handler: deep`

func helper(id string) { probe() } // want `hot: net/http handler: deep -> helper` `at hot`

func handler(c *web.Ctx) error { return nil } // want `hot: net/http handler: handler`

// By the type that the framework calls, although nothing registers it here.
func other(c *web.Ctx) error { return nil } // want `hot: net/http handler: other`

func first(c *web.Ctx)  {} // want `hot: net/http handler: first`
func second(c *web.Ctx) {} // want `hot: net/http handler: second`

type checker struct{}

func (checker) Check(c *web.Ctx) bool { return true } // want `hot: net/http handler: checker.Check`
func (checker) Name() string          { return "" }

// A near miss: not what the framework calls.
func stray(c *web.Ctx, n int) error { probe(); return nil } // want `at cold: no request reaches it`
