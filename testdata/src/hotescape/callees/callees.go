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
