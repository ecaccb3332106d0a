//go:build ignore

package main

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/mccutchen/go-httpbin/v2/httpbin"
)

// start serves httpbin as its own command does.
func start(string) (base string, err error) {
	handler := httpbin.New(
		httpbin.WithEnv(map[string]string{"HTTPBIN_COLOUR": "blue"}),
		httpbin.WithHostname("localhost"),
		httpbin.WithObserver(httpbin.StdLogObserver(slog.New(slog.NewJSONHandler(io.Discard, nil)))),
	)
	return httptest.NewServer(handler).URL, nil
}

// requests visits all routes, but for those that only wait.
func requests() []request {
	var all []request
	for _, path := range strings.Fields(`
		/ /get?a=1&b=2 /encoding/utf8 /forms/post /headers /html /ip /json /jsonl /links/3/1 /links/3
		/anything /anything/deep?a=1 /absolute-redirect/2 /relative-redirect/2 /redirect/2
		/redirect-to?url=/get /base64/encode/heap /base64/decode/aGVhcA== /base64/aGVhcA==
		/basic-auth/ann/secret /hidden-basic-auth/ann/secret /bearer /bytes/1024?seed=1
		/stream-bytes/1024?seed=1&chunk_size=100 /range/1024 /cache /cache/60 /cookies /cookies/set?k=v
		/cookies/delete?k= /deflate /gzip /delay/0 /deny /digest-auth/auth/ann/secret
		/digest-auth/auth/ann/secret/SHA-256 /drip?duration=0&numbytes=5&delay=0 /dump/request /env
		/etag/abc /hostname /image /image/png /image/jpeg /image/svg /image/webp /response-headers?X-A=1
		/robots.txt /sse?count=3&duration=0&delay=0 /status/418 /status/200 /stream/5 /trailers?X-T=1
		/unstable?failure_rate=0 /user-agent /uuid /version /xml /brotli /nowhere`) {
		all = append(all, request{method: "GET", path: path})
	}
	form := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
	json := map[string]string{"Content-Type": "application/json"}
	parts := map[string]string{"Content-Type": "multipart/form-data; boundary=xx"}
	const file = "--xx\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f.txt\"\r\n\r\nfile\r\n" +
		"--xx\r\nContent-Disposition: form-data; name=\"k\"\r\n\r\nv\r\n--xx--\r\n"
	return append(all,
		request{method: "HEAD", path: "/head"},
		request{method: "POST", path: "/post", body: "a=1&b=2", header: form},
		request{method: "POST", path: "/post", body: `{"a": [1, 2, 3]}`, header: json},
		request{method: "POST", path: "/post", body: file, header: parts},
		request{method: "PUT", path: "/put", body: "plain"},
		request{method: "PATCH", path: "/patch", body: "plain"},
		request{method: "DELETE", path: "/delete"},
		request{method: "POST", path: "/upload", body: file, header: parts},
		request{method: "GET", path: "/basic-auth/ann/secret", header: map[string]string{"Authorization": "Basic YW5uOnNlY3JldA=="}},
		request{method: "GET", path: "/bearer", header: map[string]string{"Authorization": "Bearer abc"}},
		request{method: "GET", path: "/cookies", header: map[string]string{"Cookie": "a=1; b=2"}},
		request{method: "GET", path: "/range/1024", header: map[string]string{"Range": "bytes=10-99"}},
		request{method: "GET", path: "/etag/abc", header: map[string]string{"If-None-Match": `"abc"`}},
		request{method: "GET", path: "/cache", header: map[string]string{"If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"}},
		request{method: "GET", path: "/image", header: map[string]string{"Accept": "image/webp"}},
		request{method: "OPTIONS", path: "/get"},
		request{method: "GET", path: "/websocket/echo", do: echo},
	)
}

// echo sends one message over a websocket and waits for its echo.
func echo(host string) error {
	conn, err := net.Dial("tcp", host)
	if err != nil {
		return err
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET /websocket/echo HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n", host)
	in := bufio.NewReader(conn)
	resp, err := http.ReadResponse(in, nil)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusSwitchingProtocols {
		return fmt.Errorf("upgrade: %s", resp.Status)
	}
	conn.Write([]byte{0x81, 0x85, 0, 0, 0, 0, 'h', 'e', 'l', 'l', 'o'}) // a text frame, masked with zero
	frame := make([]byte, 7)
	if _, err := io.ReadFull(in, frame); err != nil {
		return err
	}
	if text := string(frame[2:]); text != "hello" {
		return fmt.Errorf("echo is %q", text)
	}
	conn.Write([]byte{0x88, 0x80, 0, 0, 0, 0}) // close
	_, err = io.Copy(io.Discard, in)
	return err
}
