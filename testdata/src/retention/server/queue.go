package server

import "net/http"

type job struct{ body []byte }

type queues struct {
	jobs    []*job
	cleared []*job
	numbers []int
	emptied []*job
}

func (q *queues) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q.jobs = append(q.jobs, &job{})
	q.cleared = append(q.cleared, &job{})
	q.numbers = append(q.numbers, 1)
	q.emptied = append(q.emptied, &job{})
}

func (q *queues) pop(w http.ResponseWriter, r *http.Request) {
	q.jobs = q.jobs[1:] // want `queue "queues.jobs" keeps what it pops: the array behind it still refers to the element; set it to its zero value first \[advice\]`

	q.cleared[0] = nil
	q.cleared = q.cleared[1:] // not reported: cleared

	q.numbers = q.numbers[1:] // not reported: no pointers

	q.emptied = q.emptied[1:] // not reported: the array is dropped
	if len(q.emptied) == 0 {
		q.emptied = nil
	}
}

// Queue registers the handlers.
func Queue() {
	q := &queues{}
	http.Handle("/queue", q)
	http.HandleFunc("/pop", q.pop)
}
