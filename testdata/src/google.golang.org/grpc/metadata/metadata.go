// Package metadata stands in for the package of gRPC in tests.
package metadata

import "context"

type MD map[string][]string

func FromIncomingContext(ctx context.Context) (MD, bool) { return nil, false }

func ValueFromIncomingContext(ctx context.Context, key string) []string { return nil }
