package sitetest_test

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/harvest87/harvest/crawler/sitetest"
)

// show asks for an address and prints the answer's status and body.
func show(url string) {
	res, err := http.Get(url)
	if err != nil {
		fmt.Println("no answer")
		return
	}
	defer res.Body.Close()
	defer http.DefaultClient.CloseIdleConnections()
	body, _ := io.ReadAll(res.Body)
	fmt.Printf("%d %s\n", res.StatusCode, body)
}

// A site is busy the first time, and remembers who asked for what.
func ExampleStart() {
	site, stop := sitetest.Start() // in a test: sitetest.New(t)
	defer stop()
	site.Handle("/report", sitetest.Sequence(
		sitetest.Answer(503, "text/plain", "come back"),
		sitetest.Content("text/plain", "the report"),
	))
	show(site.At("/report"))
	show(site.At("/report?page=2"))
	fmt.Println(site.Paths())
	// Output:
	// 503 come back
	// 200 the report
	// [/report /report?page=2]
}

// Behaviours are handlers, so they combine: here a page that sets a cookie, is
// served with validators, and asks not to be indexed.
func ExampleWith() {
	page := sitetest.Content("text/plain", "hello")
	site, stop := sitetest.Start()
	defer stop()
	site.Handle("/", sitetest.With(sitetest.Validated(`"v1"`, "", page), "X-Robots-Tag", "noindex"))
	req, _ := http.NewRequest(http.MethodGet, site.At("/"), nil)
	req.Header.Set("If-None-Match", `"v1"`)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return
	}
	defer http.DefaultClient.CloseIdleConnections()
	defer res.Body.Close()
	fmt.Println(res.StatusCode, res.Header.Get("X-Robots-Tag"))
	// Output: 304 noindex
}

// A library of ten thousand documents, one of which is edited.
func ExampleLibrary() {
	library := sitetest.NewLibrary(sitetest.LibraryOptions{Items: 10_000})
	site, stop := sitetest.Start()
	defer stop()
	site.Handle("/*", library)
	library.Edit(17, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
	fmt.Println(library.Title(17))
	fmt.Println(library.Path(17))
	// Output:
	// Forced labour in cocoa, Malaysia: Toolkit no. 17
	// /item/17/
}

// A network without a network, for tests on the fake clock of testing/synctest.
func ExampleMemory() {
	memory := sitetest.NewMemory()
	defer memory.Close()
	site := memory.Site("site.example")
	site.Handle("/", sitetest.Content("text/plain", "no port was opened"))
	client := &http.Client{Transport: &http.Transport{DialContext: memory.Dial}}
	defer client.CloseIdleConnections()
	res, err := client.Get(site.At("/"))
	if err != nil {
		return
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	fmt.Println(string(body))
	// Output: no port was opened
}

// Throttle is a rate limit: whoever comes again too soon is told to wait.
func ExampleThrottle() {
	site, stop := sitetest.Start()
	defer stop()
	site.Handle("/", sitetest.Throttle(time.Hour, true, sitetest.Content("text/plain", "welcome")))
	show(site.At("/"))
	res, err := http.Get(site.At("/"))
	if err != nil {
		return
	}
	defer http.DefaultClient.CloseIdleConnections()
	defer res.Body.Close()
	fmt.Println(res.StatusCode, "Retry-After:", res.Header.Get("Retry-After"))
	// Output:
	// 200 welcome
	// 429 Retry-After: 3600
}

// Traps have no end: the calendar has another month, whatever month it is.
func ExampleCalendar() {
	site, stop := sitetest.Start()
	defer stop()
	site.Handle("/events/*", sitetest.Calendar())
	res, err := http.Get(site.At("/events/2391/12/"))
	if err != nil {
		return
	}
	defer http.DefaultClient.CloseIdleConnections()
	defer res.Body.Close()
	fmt.Println(res.StatusCode)
	// Output: 200
}
