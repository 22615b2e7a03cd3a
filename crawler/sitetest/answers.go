package sitetest

import (
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
)

// Content answers 200 with a body of some Content-Type. An empty type sends
// none at all.
func Content(contentType, body string) http.Handler { return Answer(http.StatusOK, contentType, body) }

// HTML answers 200 with a page that says it is UTF-8.
func HTML(body string) http.Handler { return Content("text/html; charset=utf-8", body) }

// Status answers with a status and its name as a short page.
func Status(code int) http.Handler {
	return Answer(code, "text/html; charset=utf-8", fmt.Sprintf("<title>%d</title><h1>%s</h1>", code, http.StatusText(code)))
}

// Answer answers with a status and a body.
func Answer(code int, contentType, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if contentType == "" {
			w.Header()["Content-Type"] = nil // no guess of net/http either
		} else {
			w.Header().Set("Content-Type", contentType)
		}
		w.WriteHeader(code)
		io.WriteString(w, body)
	})
}

// With adds header fields to the answer of another behaviour. Fields are name
// and value in turn.
func With(h http.Handler, fields ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for i := 0; i+1 < len(fields); i += 2 {
			w.Header().Add(fields[i], fields[i+1])
		}
		h.ServeHTTP(w, r)
	})
}

// Busy answers a status such as 429 or 503 with a Retry-After in seconds or as
// a date; empty sends none.
func Busy(code int, retryAfter string) http.Handler {
	if retryAfter == "" {
		return Status(code)
	}
	return With(Status(code), "Retry-After", retryAfter)
}

// Sequence behaves differently on each request; the last behaviour stays.
func Sequence(handlers ...http.Handler) http.Handler {
	var n atomic.Int64
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i := min(int(n.Add(1)), len(handlers)) - 1
		handlers[i].ServeHTTP(w, r)
	})
}

// Flaky behaves one way the first n times, then another.
func Flaky(n int, first, then http.Handler) http.Handler {
	handlers := make([]http.Handler, n, n+1)
	for i := range handlers {
		handlers[i] = first
	}
	return Sequence(append(handlers, then)...)
}

// Validated answers 200 with validators, and 304 to a request that holds either
// of them (RFC 9110 section 13.1). An empty validator is not sent.
func Validated(etag, lastModified string, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if etag != "" {
			w.Header().Set("ETag", etag)
		}
		if lastModified != "" {
			w.Header().Set("Last-Modified", lastModified)
		}
		match, since := r.Header.Get("If-None-Match"), r.Header.Get("If-Modified-Since")
		if match != "" && match == etag || match == "" && since != "" && since == lastModified {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// Cookie sets a cookie and shows the page only to those who send it: others
// are sent to the same address again, as sites do that want to count visitors.
func Cookie(name, value string, page http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, err := r.Cookie(name); err == nil && c.Value == value {
			page.ServeHTTP(w, r)
			return
		}
		http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/"})
		w.Header().Set("Location", r.URL.RequestURI())
		w.WriteHeader(http.StatusFound)
	})
}
