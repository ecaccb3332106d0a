//go:build ignore

package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"

	"github.com/caddyserver/caddy/v2"
	_ "github.com/caddyserver/caddy/v2/modules/standard"
)

// start runs caddy with a configuration that uses most handlers.
func start(dir string) (base string, err error) {
	root := filepath.Join(dir, "root")
	if err := writeFiles(root); err != nil {
		return "", err
	}
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, _ := io.Copy(io.Discard, r.Body)
		fmt.Fprintf(w, "%s %s %d\n", r.Method, r.URL, n)
	}))
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	listen := free.Addr().String()
	if err := free.Close(); err != nil {
		return "", err
	}
	config := strings.NewReplacer(
		"$LISTEN", listen, "$BACKEND", strings.TrimPrefix(backend.URL, "http://"), "$ROOT", root,
	).Replace(config)
	return "http://" + listen, caddy.Load([]byte(config), true)
}

func writeFiles(root string) error {
	if err := os.MkdirAll(filepath.Join(root, "tmpl"), 0o777); err != nil {
		return err
	}
	for name, text := range map[string]string{
		"a.txt":          strings.Repeat("some text\n", 500),
		"b.html":         "<!doctype html><p>b",
		"tmpl/part.html": "<p>part {{.Req.Method}}",
		"tmpl/page.html": `<h1>{{.Req.URL.Path}}</h1>{{include "/tmpl/part.html"}}
{{range $i := until 3}}<p>{{$i}} {{upper "x"}}{{end}}{{markdown "*text*"}}{{placeholder "http.request.host"}}
{{.Host}} {{.RemoteIP}} {{.Cookie "a"}} {{now | date "2006"}} {{listFiles "/" | join " "}}`,
	} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o666); err != nil {
			return err
		}
	}
	return nil
}

func requests() []request {
	var all []request
	for _, path := range strings.Fields(`
		/files/a.txt /files/b.html /files/ /files/?sort=size&order=desc /files/none /tmpl/page.html
		/proxy/one /proxy/two?a=1 /robin/one /hash/one /hello?q=1 /user/17 /cel/x /map?k=a /map?k=zz
		/rewrite/a?b=1 /redir /err /vars /intercept /query?q=1 /nowhere`) {
		all = append(all, request{method: "GET", path: path})
	}
	form := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
	return append(all,
		request{method: "GET", path: "/files/a.txt", header: map[string]string{"Accept-Encoding": "gzip"}},
		request{method: "GET", path: "/files/a.txt", header: map[string]string{"Accept-Encoding": "zstd, gzip;q=0.5"}},
		request{method: "GET", path: "/files/a.txt", header: map[string]string{"Range": "bytes=0-9"}},
		request{method: "GET", path: "/files/", header: map[string]string{"Accept": "application/json"}},
		request{method: "HEAD", path: "/files/a.txt"},
		request{method: "POST", path: "/proxy/post", body: "a=1&b=2", header: form},
		request{method: "POST", path: "/limited", body: strings.Repeat("x", 500)},
		request{method: "GET", path: "/header", header: map[string]string{"X-Kind": "abc", "Cookie": "a=1"}},
	)
}

const config = `{
"admin": {"disabled": true},
"logging": {"logs": {"default": {"writer": {"output": "discard"}, "encoder": {"format": "json"}}}},
"apps": {"http": {"metrics": {}, "servers": {"main": {
"listen": ["$LISTEN"],
"automatic_https": {"disable": true},
"logs": {},
"trusted_proxies": {"source": "static", "ranges": ["127.0.0.1/32"]},
"routes": [
{"handle": [
	{"handler": "vars", "root": "$ROOT", "kind": "test"},
	{"handler": "headers",
		"request": {"set": {"X-Request": ["{http.request.uuid}"]}, "delete": ["X-Secret"]},
		"response": {"deferred": true, "set": {"X-A": ["{http.request.method}"]}, "add": {"X-B": ["b"]},
			"replace": {"X-B": [{"search": "b", "replace": "c"}]}, "delete": ["Server"]}}]},
{"match": [{"path": ["/files/*"]}], "terminal": true, "handle": [
	{"handler": "encode", "encodings": {"gzip": {}, "zstd": {}}, "prefer": ["zstd", "gzip"], "minimum_length": 10},
	{"handler": "rewrite", "strip_path_prefix": "/files"},
	{"handler": "file_server", "browse": {}, "hide": ["*.secret"]}]},
{"match": [{"path": ["/tmpl/*"]}], "terminal": true, "handle": [
	{"handler": "templates"}, {"handler": "file_server"}]},
{"match": [{"path": ["/proxy/*"]}], "terminal": true, "handle": [
	{"handler": "reverse_proxy", "upstreams": [{"dial": "$BACKEND"}],
		"headers": {"request": {"set": {"X-Host": ["{http.reverse_proxy.upstream.hostport}"]}},
			"response": {"set": {"X-Proxied": ["yes"]}}}}]},
{"match": [{"path": ["/robin/*"]}], "terminal": true, "handle": [
	{"handler": "reverse_proxy", "upstreams": [{"dial": "$BACKEND"}, {"dial": "$BACKEND"}],
		"load_balancing": {"selection_policy": {"policy": "round_robin"}}}]},
{"match": [{"path": ["/hash/*"]}], "terminal": true, "handle": [
	{"handler": "reverse_proxy", "upstreams": [{"dial": "$BACKEND"}, {"dial": "$BACKEND"}],
		"load_balancing": {"selection_policy": {"policy": "ip_hash"}}}]},
{"match": [{"path": ["/hello"]}], "terminal": true, "handle": [
	{"handler": "static_response", "body": "hello {http.request.remote.host} {http.request.uri.query.q}"}]},
{"match": [{"path_regexp": {"name": "user", "pattern": "^/user/([0-9]+)$"}}], "terminal": true, "handle": [
	{"handler": "static_response", "body": "user {http.regexp.user.1}"}]},
{"match": [{"expression": "path('/cel/*') && method('GET')"}], "terminal": true, "handle": [
	{"handler": "static_response", "body": "matched"}]},
{"match": [{"path": ["/map"]}], "terminal": true, "handle": [
	{"handler": "map", "source": "{http.request.uri.query.k}", "destinations": ["{out}"],
		"mappings": [{"input": "a", "outputs": ["b"]}, {"input_regexp": "(z+)", "outputs": ["y$1"]}], "defaults": ["none"]},
	{"handler": "static_response", "body": "{out}"}]},
{"match": [{"path": ["/rewrite/*"]}], "terminal": true, "handle": [
	{"handler": "rewrite", "uri": "/hello{http.request.uri.path}?{http.request.uri.query}&q=1"},
	{"handler": "static_response", "body": "{http.request.uri}"}]},
{"match": [{"path": ["/redir"]}], "terminal": true, "handle": [
	{"handler": "static_response", "status_code": 302, "headers": {"Location": ["/hello"]}}]},
{"match": [{"path": ["/err"]}], "terminal": true, "handle": [
	{"handler": "error", "status_code": "404", "error": "nothing here"}]},
{"match": [{"path": ["/vars"], "vars": {"kind": ["test"]}}], "terminal": true, "handle": [
	{"handler": "subroute", "routes": [{"match": [{"not": [{"method": ["POST"]}]}], "handle": [
		{"handler": "static_response", "body": "{http.vars.kind}"}]}]}]},
{"match": [{"path": ["/intercept"]}], "terminal": true, "handle": [
	{"handler": "intercept", "handle_response": [{"match": {"status_code": [4]},
		"routes": [{"handle": [{"handler": "static_response", "body": "intercepted"}]}]}]},
	{"handler": "static_response", "status_code": 404}]},
{"match": [{"path": ["/query"], "query": {"q": ["*"]}, "host": ["127.0.0.1"], "remote_ip": {"ranges": ["127.0.0.0/8"]}}],
	"terminal": true, "handle": [{"handler": "static_response", "body": "query"}]},
{"match": [{"path": ["/header"], "header": {"X-Kind": ["a*"]}, "header_regexp": {"Cookie": {"pattern": "a=."}}}],
	"terminal": true, "handle": [{"handler": "static_response", "body": "header"}]},
{"match": [{"path": ["/limited"]}], "terminal": true, "handle": [
	{"handler": "request_body", "max_size": 100000},
	{"handler": "reverse_proxy", "upstreams": [{"dial": "$BACKEND"}]}]}
],
"errors": {"routes": [{"handle": [{"handler": "static_response", "body": "error {http.error.status_code}"}]}]}
}}}}}`
