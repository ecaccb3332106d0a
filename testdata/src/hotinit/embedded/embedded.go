// Package embedded reads embedded files, each beside a near miss.
package embedded

import (
	"embed"
	"html/template"
	"io"
	"io/fs"
	"os"
	"sync"
	text "text/template"
)

//go:embed static
var files embed.FS

//go:embed static/page.html
var PageText string

var LayoutText = "<p>{{title}}</p>"

var cache sync.Map

//heapvet:hot
func page(name string) ([]byte, error) {
	if _, err := fs.ReadFile(files, name); err != nil { // want `embedded file of files is copied on every call: read the files once, into a map`
		return nil, err
	}
	if b, err := os.ReadFile(name); err == nil { // not reported: another time it may hold something else
		return b, nil
	}
	return files.ReadFile("static/page.html") // want `embedded file of files is copied on every call: embed it in a \[\]byte or string of its own \(measured: 2 allocations; hot: //heapvet:hot page\)`
}

//heapvet:hot
func cached(name string) ([]byte, error) {
	if b, ok := cache.Load(name); ok {
		return b.([]byte), nil
	}
	b, err := files.ReadFile(name) // not reported: kept
	if err != nil {
		return nil, err
	}
	cache.Store(name, b)
	return b, nil
}

//heapvet:hot
func open(name string) (fs.File, error) { return files.Open(name) } // not reported: no copy

//heapvet:hot
func render(w io.Writer, title func() string, own string) error {
	t := template.New("page").Funcs(template.FuncMap{"title": title})
	if _, err := t.Parse(PageText); err != nil { // want `\(\*template.Template\).Parse of a constant text on every call: parse it once, and pass what varies as data, not as functions \(measured: 38 allocations, 3560 B; hot: //heapvet:hot render\)`
		return err
	}
	if _, err := t.Parse(own); err != nil { // not reported: another text each time
		return err
	}
	if _, err := t.Parse(LayoutText); err != nil { // not reported: others may assign to it
		return err
	}
	mail, err := text.Must(text.New("mail").Funcs(text.FuncMap{"title": title}), nil).Parse("{{title}}") // want `\(\*template.Template\).Parse of a constant text on every call: parse it once, and give Clones of it the functions that vary \(measured: 27 allocations, 2864 B; hot: `
	if err != nil {
		return err
	}
	mail.Execute(w, nil)
	return t.Execute(w, nil)
}

func setUp() ([]byte, error) { return files.ReadFile("static/page.html") }
