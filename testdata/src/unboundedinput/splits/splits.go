// Package splits takes tokens apart.
package splits

import (
	"errors"
	"strings"
)

var errParts = errors.New("wrong number of parts")

//heapvet:hot
func split(token string) (string, error) {
	parts := strings.Split(token, ".") // want `strings.Split makes as many parts as the client sends separators before line 14 looks at their number: use strings.SplitN with a limit of 4`
	if len(parts) != 3 {
		return "", errParts
	}
	return parts[0] + parts[2], nil
}

//heapvet:hot
func splitN(token string) (string, error) {
	parts := strings.SplitN(token, ".", 4) // not reported
	if len(parts) != 3 {
		return "", errParts
	}
	return parts[0] + parts[2], nil
}

//heapvet:hot
func shortened(token string) (string, error) {
	if len(token) > 100 {
		return "", errParts
	}
	parts := strings.Split(token, ".") // not reported: at most 101 parts
	if len(parts) != 3 {
		return "", errParts
	}
	return parts[0] + parts[2], nil
}

//heapvet:hot
func last(path string) (string, error) {
	parts := strings.Split(path, "/") // want `strings.Split makes as many parts .* limit of 3`
	if len(parts) != 2 {
		return "", errParts
	}
	return parts[len(parts)-1], nil // no fix: the limit would show
}

//heapvet:hot
func ranged(header string) (n int) {
	for _, part := range strings.Split(header, ",") { // want `strings.Split makes as many parts as the client sends separators, 16 bytes each and more: range over strings.SplitSeq, or limit the parts with strings.SplitN .*\[advice\]`
		n += len(part)
	}
	return n
}

func constant() int {
	return len(strings.Split("a,b,c", ",")) // not reported
}
