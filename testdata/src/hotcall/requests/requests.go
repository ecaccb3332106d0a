// Package requests makes requests with a context, each beside a near miss.
package requests

import (
	"context"
	"net/http"
)

//heapvet:hot
func get(ctx context.Context, client *http.Client, url string) (*http.Response, error) {
	req, err := http.NewRequest("GET", url, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "text/plain")
	req = req.WithContext(ctx) // want `^req.WithContext copies a request that was made in this function: use http.NewRequestWithContext \(measured: 1 allocation, 320 B; hot: //heapvet:hot get\)$`
	return client.Do(req)
}

//heapvet:hot
func at(ctx context.Context, client *http.Client, url string) (*http.Response, error) {
	req, err := http.NewRequest("GET", url, nil)
	if err != nil {
		return nil, err
	}
	return client.Do(req.WithContext(ctx)) // want `req.WithContext copies a request that was made in this function`
}

//heapvet:hot
func given(ctx context.Context, client *http.Client, req *http.Request) (*http.Response, error) {
	req = req.WithContext(ctx) // not reported: another made it
	return client.Do(req)
}

//heapvet:hot
func derived(client *http.Client, url string) (*http.Response, error) {
	req, err := http.NewRequest("GET", url, nil)
	if err != nil {
		return nil, err
	}
	ctx := context.WithValue(req.Context(), client, url)
	req = req.WithContext(ctx) // not reported: made of the request
	return client.Do(req)
}

//heapvet:hot
func perhaps(ctx context.Context, client *http.Client, url string) (*http.Response, error) {
	req, err := http.NewRequest("GET", url, nil)
	if err != nil {
		return nil, err
	}
	if ctx != nil {
		req = req.WithContext(ctx) // not reported: not always
	}
	return client.Do(req)
}

//heapvet:hot
func both(ctx context.Context, client *http.Client, url string) (*http.Response, error) {
	req, err := http.NewRequest("GET", url, nil)
	if err != nil {
		return nil, err
	}
	other := req.WithContext(ctx) // not reported: both are used
	if _, err := client.Do(other); err != nil {
		return nil, err
	}
	return client.Do(req)
}

//heapvet:hot
func again(ctx context.Context, client *http.Client, url string) (*http.Response, error) {
	req, err := http.NewRequest("GET", url, nil)
	if err != nil {
		return nil, err
	}
	ctx = context.WithValue(ctx, client, url)
	req = req.WithContext(ctx) // not reported: another context
	return client.Do(req)
}

//heapvet:hot
func push(ctx context.Context, client *http.Client, url string) (*http.Response, error) {
	req, err := http.NewRequest("GET", url, nil)
	if err != nil {
		return nil, err
	}
	setHeaders(req)
	return send(ctx, client, req)
}

func setHeaders(req *http.Request) { req.Header.Set("Accept", "text/plain") }

func send(ctx context.Context, client *http.Client, req *http.Request) (*http.Response, error) {
	if ctx != nil {
		req = req.WithContext(ctx) // want `^req.WithContext copies a request that each caller just made: use http.NewRequestWithContext there \(measured: 1 allocation, 320 B; hot: //heapvet:hot push -> send\)$`
	}
	return client.Do(req)
}

//heapvet:hot
func pushGiven(ctx context.Context, client *http.Client, req *http.Request) (*http.Response, error) {
	return sendGiven(ctx, client, req)
}

func sendGiven(ctx context.Context, client *http.Client, req *http.Request) (*http.Response, error) {
	if ctx != nil {
		req = req.WithContext(ctx) // not reported: another made it
	}
	return client.Do(req)
}

//heapvet:hot
func pushPerhaps(ctx context.Context, client *http.Client, url string) (*http.Response, error) {
	req, err := http.NewRequest("GET", url, nil)
	if err != nil {
		return nil, err
	}
	return sendPerhaps(ctx, client, req)
}

func sendPerhaps(ctx context.Context, client *http.Client, req *http.Request) (*http.Response, error) {
	if client.Timeout == 0 {
		req = req.WithContext(ctx) // not reported: not always
	}
	return client.Do(req)
}

func cold(ctx context.Context, url string) *http.Request {
	req, _ := http.NewRequest("GET", url, nil)
	return req.WithContext(ctx)
}
