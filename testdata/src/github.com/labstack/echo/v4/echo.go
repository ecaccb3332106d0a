// Package echo is a stub with the declarations of github.com/labstack/echo/v4.
package echo

type Context interface {
	JSON(code int, i any) error
}

type HandlerFunc func(c Context) error

type MiddlewareFunc func(next HandlerFunc) HandlerFunc

type Echo struct{}

func New() *Echo { return &Echo{} }

func (e *Echo) GET(path string, h HandlerFunc, m ...MiddlewareFunc) {}
func (e *Echo) Use(middleware ...MiddlewareFunc)                    {}
