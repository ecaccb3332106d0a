// Package fiber is a stub with the declarations of github.com/gofiber/fiber/v3.
package fiber

type Ctx interface{ Next() error }

type Handler = func(Ctx) error

type Router interface{}

type App struct{}

func New() *App { return &App{} }

func (app *App) Get(path string, handler any, handlers ...any) Router { return nil }
