// Package grpc is a stub with the declarations of google.golang.org/grpc.
package grpc

import "context"

type ServiceDesc struct{}

type ServiceRegistrar interface {
	RegisterService(desc *ServiceDesc, impl any)
}

type ServerOption any

type Server struct{}

func NewServer(opt ...ServerOption) *Server { return &Server{} }

func (s *Server) RegisterService(sd *ServiceDesc, ss any) {}

type UnaryServerInfo struct{}

type UnaryHandler func(ctx context.Context, req any) (any, error)

type UnaryServerInterceptor func(ctx context.Context, req any, info *UnaryServerInfo, handler UnaryHandler) (resp any, err error)

type ServerStream interface {
	RecvMsg(m any) error
}

func UnaryInterceptor(i UnaryServerInterceptor) ServerOption { return nil }
