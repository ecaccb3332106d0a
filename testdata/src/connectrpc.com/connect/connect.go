// Package connect is a stub with the declarations of connectrpc.com/connect.
package connect

import "context"

type Request[T any] struct{ Msg *T }

type Response[T any] struct{ Msg *T }

type Handler struct{}

type HandlerOption interface{}

func NewUnaryHandler[Req, Res any](
	procedure string,
	unary func(context.Context, *Request[Req]) (*Response[Res], error),
	options ...HandlerOption,
) *Handler {
	return nil
}
