// Package advice has the shapes of tier advice.
package advice

import "text/template"

//heapvet:hot
func functions(user string) template.FuncMap {
	return template.FuncMap{ // want `map of template functions is built on every call: build it once .*\[advice\]`
		"user": func() string { return user },
	}
}

//heapvet:hot
func header(h map[string][]string, v string) {
	h["Vary"] = []string{"Accept-Encoding"} // want `slice of constants \[\]string{…} is built on every call: keep it in a package variable .*\[advice\]`
	h["Etag"] = []string{v}                 // not reported: not constant
}

type frame struct{ from, to int }

//heapvet:hot
func frames(n int) []*frame {
	var all []*frame
	for i := range n {
		all = append(all, &frame{i, i + 1}) // want `each frame in "all" is an allocation of its own: use a slice of values .*\[advice\]`
	}
	all = append(all, &frame{n, n}) // not reported: not in a loop
	return all
}

//heapvet:hot
func values(n int) []frame {
	var all []frame
	for i := range n {
		all = append(all, frame{i, i + 1}) // not reported: a value
	}
	return all
}

func (f *frame) Len() int { return f.to - f.from }

//heapvet:hot
func interfaces(n int) []interface{ Len() int } {
	var all []interface{ Len() int }
	for i := range n {
		all = append(all, &frame{i, i + 1}) // not reported: a value would be boxed
	}
	return all
}
