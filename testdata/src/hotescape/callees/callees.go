// Package callees has parameters that escape on a rare path only.
package callees

import (
	"errors"
	"fmt"
	"strings"
)

var errCount = errors.New("inconsistent number of values")

func check(want int, vals ...string) error {
	if len(vals) != want {
		return fmt.Errorf("%w: %d values in %#v", errCount, want, vals) // want `parameter "vals" of check escapes on this failure path only, yet every caller allocates for it: pass a copy here \(compiler: heap; hot: `
	}
	for _, v := range vals {
		if strings.Contains(v, "\xff") {
			return errCount
		}
	}
	return nil
}

//heapvet:hot
func observe(method, code string) error {
	return check(2, method, code)
}

func checkCopy(want int, vals ...string) error {
	if len(vals) != want {
		return fmt.Errorf("%w: %d values in %#v", errCount, want, append([]string(nil), vals...)) // not reported: a copy
	}
	for _, v := range vals {
		if strings.Contains(v, "\xff") {
			return errCount
		}
	}
	return nil
}

//heapvet:hot
func observeCopy(method, code string) error {
	return checkCopy(2, method, code)
}

var last []string

func record(want int, vals ...string) error {
	if len(vals) != want {
		return fmt.Errorf("%w: %d values in %#v", errCount, want, vals) // not reported: kept below as well
	}
	last = vals
	return nil
}

//heapvet:hot
func observeRecord(method, code string) error {
	return record(2, method, code)
}

type vector struct {
	names []string
	sums  map[uint64]int
}

func validate(vals []string, want int) error {
	if len(vals) != want {
		return fmt.Errorf("%w: %d values in %#v", errCount, want, vals) // want `parameter "vals" of validate escapes on this failure path only`
	}
	return nil
}

func (v *vector) hash(vals []string) (h uint64, err error) {
	if err := validate(vals, len(v.names)); err != nil {
		return 0, err
	}
	for _, val := range vals {
		h = h*31 + uint64(len(val))
	}
	return h, nil
}

func constrain(vals []string) []string {
	if len(vals) > 9 {
		return nil
	}
	return vals
}

// With hands its arguments down to validate: every call of it makes a slice.
//
//heapvet:hot
func (v *vector) With(vals ...string) (int, error) {
	vals = constrain(vals)
	h, err := v.hash(vals)
	if err != nil {
		return 0, err
	}
	return v.sums[h], nil
}

type codeError struct{ code int }

func (e *codeError) Error() string { return "code" }

var lastError error

func note(err error, n int) error {
	if n > 9 {
		lastError = err // not reported: whoever makes an error has failed
		return errCount
	}
	return nil
}

//heapvet:hot
func noted(n int) error { return note(&codeError{n}, n) }
