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
