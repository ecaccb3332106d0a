// Package worker is a stub with the declarations of go.temporal.io/sdk/worker.
package worker

type ActivityRegistry interface {
	RegisterActivity(a any)
}

type Registry interface {
	ActivityRegistry
}
