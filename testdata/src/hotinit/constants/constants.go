// Package constants builds objects of constants and of other values.
package constants

import (
	"encoding/base64"
	"hash/crc32"
	"net"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"text/template"
	"time"
)

const lower = "[a-z]+"

var (
	digits   = "[0-9]+" // never assigned
	Exported = "[0-9]+" // anyone may assign it
	mode     = "a"
)

func setMode(m string) { mode = m }

//heapvet:hot
func patterns(s, pattern string) (n int) {
	if regexp.MustCompile("^" + lower + "$").MatchString(s) { // want `regexp.MustCompile of constants on every call: compile it once, in a package variable \(measured: 36 allocations, 2712 B; hot: //heapvet:hot patterns\)`
		n++
	}
	if regexp.MustCompile("^" + pattern + "$").MatchString(s) { // not reported: depends on the request
		n++
	}
	if ok, _ := regexp.MatchString("^x+$", s); ok { // want `regexp.MatchString of constants on every call: compile the pattern once`
		n++
	}
	if ok, _ := regexp.MatchString(pattern, s); ok { // not reported: as above
		n++
	}
	re, err := regexp.Compile(digits) // want `regexp.Compile of constants on every call: compile it once`
	if err == nil && re.MatchString(s) {
		n++
	}
	if regexp.MustCompile(Exported).MatchString(s) { // not reported: may change
		n++
	}
	if regexp.MustCompile(mode).MatchString(s) { // not reported: does change
		n++
	}
	if compiled.MatchString(s) { // not reported: as proposed
		n++
	}
	return n
}

var compiled = regexp.MustCompile(lower)

type matcher struct {
	mu    sync.Mutex
	cache map[string]*regexp.Regexp
	last  *regexp.Regexp
	all   sync.Map
}

//heapvet:hot
func (m *matcher) match(s string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	re, ok := m.cache["lower"]
	if !ok {
		re = regexp.MustCompile(lower) // not reported: kept in a map
		m.cache["lower"] = re
	}
	m.last = regexp.MustCompile(lower) // not reported: kept in a field
	kept := regexp.MustCompile(lower)  // not reported: kept in a sync.Map
	m.all.Store("lower", kept)
	used := regexp.MustCompile(lower) // want `regexp.MustCompile of constants on every call`
	return re.MatchString(s) && used.MatchString(s)
}

//heapvet:hot
func texts(s, old string) string {
	s = strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(s) // want `strings.NewReplacer of constants on every call: build it once, in a package variable \(measured: 8 allocations, 6736 B; hot`
	return strings.NewReplacer("<", old).Replace(s)              // not reported: depends on the request
}

//heapvet:hot
func places(now time.Time, name string) []time.Time {
	vienna, _ := time.LoadLocation("Europe/Vienna") // want `time.LoadLocation of constants on every call: load it once`
	utc, _ := time.LoadLocation("UTC")              // not reported: nothing is loaded
	other, _ := time.LoadLocation(name)             // not reported: depends on the request
	return []time.Time{now.In(vienna), now.In(utc), now.In(other)}
}

//heapvet:hot
func networks(ip net.IP, path string) bool {
	_, private, _ := net.ParseCIDR("10.0.0.0/8")       // want `net.ParseCIDR of constants on every call: parse it once, in a package variable \(measured: 4 allocations, 72 B; hot`
	base, _ := url.Parse("https://example.com/v1")     // want `url.Parse of constants on every call: parse it once, in a package variable, and copy it before a change`
	page, _ := url.Parse("https://example.com" + path) // not reported: depends on the request
	return private.Contains(ip) && base.Host == page.Host
}

var helpers = template.FuncMap{"upper": strings.ToUpper}

//heapvet:hot
func templates(b *strings.Builder, title string) {
	t := template.Must(template.New("page").Funcs(helpers).Parse("{{upper .}}")) // want `\(\*template.Template\).Parse of constants on every call: parse it once`
	t.Execute(b, title)
	u := template.Must(template.New("page").Parse(title)) // not reported: depends on the request
	u.Execute(b, title)
	own := template.New("page").Funcs(template.FuncMap{"title": func() string { return title }})
	v := template.Must(own.Parse("{{title}}")) // want `\(\*template.Template\).Parse of a constant text on every call: parse it once, and give Clones of it the functions that vary`
	v.Execute(b, nil)
}

//heapvet:hot
func tables(p []byte, poly uint32) uint32 {
	crc := crc32.MakeTable(crc32.Koopman)    // want `crc32.MakeTable of constants on every call: build it once, in a package variable \(measured: 1 allocation, 1024 B`
	own := crc32.MakeTable(poly)             // not reported: depends on the request
	std := crc32.MakeTable(crc32.Castagnoli) // not reported: the package keeps it
	return crc32.Checksum(p, std) + crc32.Checksum(p, crc) + crc32.Checksum(p, own)
}

func setUp() *base64.Encoding {
	return base64.NewEncoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.") // not reported: not hot
}

//heapvet:hot
func files(b *strings.Builder, name string) error {
	t, err := template.ParseFiles("page.tmpl") // want `^template.ParseFiles of constants on every call: parse the files once, in a package variable \(measured: 33 allocations, 3744 B; hot: //heapvet:hot files\)$`
	if err != nil {
		return err
	}
	if _, err := template.ParseFiles(name); err != nil { // not reported: depends on the request
		return err
	}
	own, err := t.Clone() // want `^\(\*template.Template\).Clone on every call: clone only what a request changes, or pass its functions as data \(measured: 6 allocations, 496 B; hot: //heapvet:hot files\) \[advice\]$`
	if err != nil {
		return err
	}
	own.Funcs(template.FuncMap{"upper": strings.ToUpper})              // want `^template.FuncMap of constants on every call: build it once, in a package variable \(measured: 2 allocations, 336 B; hot: //heapvet:hot files\)$`
	own.Funcs(template.FuncMap{"name": func() string { return name }}) // not reported: a function of this request
	return own.Execute(b, nil)
}
