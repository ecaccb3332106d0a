// Package gin is a stub with the declarations of github.com/gin-gonic/gin.
package gin

type Context struct{}

func (c *Context) JSON(code int, obj any)                    {}
func (c *Context) AbortWithStatusJSON(code int, jsonObj any) {}
func (c *Context) Next()                                     {}

type HandlerFunc func(*Context)

type IRoutes interface {
	Use(...HandlerFunc) IRoutes
	GET(string, ...HandlerFunc) IRoutes
}

type RouterGroup struct{}

func (group *RouterGroup) GET(relativePath string, handlers ...HandlerFunc) IRoutes { return nil }

type Engine struct{ RouterGroup }

func New() *Engine { return &Engine{} }

func (engine *Engine) Run(addr ...string) error { return nil }
