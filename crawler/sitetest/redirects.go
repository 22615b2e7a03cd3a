package sitetest

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
)

// Redirect sends to another place: the Location is written as given, also when
// it is no address at all.
func Redirect(code int, location string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Location"] = []string{location}
		w.WriteHeader(code)
	})
}

// Chain sends n times to another address of its own, told apart by the query,
// and then shows a page.
func Chain(n int, page http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hop, _ := strconv.Atoi(r.URL.Query().Get("hop")) // none is 0
		if hop >= n {
			page.ServeHTTP(w, r)
			return
		}
		http.Redirect(w, r, fmt.Sprintf("%s?hop=%d", r.URL.Path, hop+1), http.StatusFound)
	})
}

// Circle sends round through n addresses of its own for ever.
func Circle(n int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hop, _ := strconv.Atoi(r.URL.Query().Get("hop")) // none is 0
		http.Redirect(w, r, fmt.Sprintf("%s?hop=%d", r.URL.Path, (hop+1)%n), http.StatusMovedPermanently)
	})
}

// LongerAndLonger sends to an address of its own that is twice as long each
// time, as sites do that put the address asked for into the next one
// (?return=…).
func LongerAndLonger() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.URL.Path+"?return="+url.QueryEscape(r.URL.RequestURI()+r.URL.RequestURI()), http.StatusFound)
	})
}
