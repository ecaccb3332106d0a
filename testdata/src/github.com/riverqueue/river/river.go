// Package river is a stub with the declarations of github.com/riverqueue/river.
package river

import "context"

type JobArgs interface{ Kind() string }

type Job[T JobArgs] struct{ Args T }

type Workers struct{}

type Worker[T JobArgs] interface {
	Work(ctx context.Context, job *Job[T]) error
}

func AddWorker[T JobArgs](workers *Workers, worker Worker[T]) {}
