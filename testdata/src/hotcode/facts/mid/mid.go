// Package mid wraps the project's framework once more.
package mid

import "hotcode/facts/web"

// Route registers with the framework.
func Route(fn func(id string)) {
	web.Handle("/", func(c *web.Ctx) { fn(c.R.URL.Path) })
}
