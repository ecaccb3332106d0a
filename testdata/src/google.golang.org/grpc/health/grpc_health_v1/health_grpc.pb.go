// Package grpc_health_v1 is a stub of a generated gRPC service.
package grpc_health_v1

import (
	"context"

	"google.golang.org/grpc"
)

type HealthCheckRequest struct{}

type HealthCheckResponse struct{}

type HealthServer interface {
	Check(context.Context, *HealthCheckRequest) (*HealthCheckResponse, error)
	mustEmbedUnimplementedHealthServer()
}

type UnimplementedHealthServer struct{}

func (UnimplementedHealthServer) Check(context.Context, *HealthCheckRequest) (*HealthCheckResponse, error) {
	return nil, nil
}

func (UnimplementedHealthServer) mustEmbedUnimplementedHealthServer() {}

func RegisterHealthServer(s grpc.ServiceRegistrar, srv HealthServer) {}
