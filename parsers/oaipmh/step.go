package oaipmh

import (
	"net/url"
	"strconv"
	"strings"
)

// step is what a request says of itself in [harvest.Request.Step]: a word, and
// what the reading of its answer needs to know. The door remembers nothing.
type step struct {
	Name string
	// Since is the moment of an increment in the form of a datestamp, empty
	// for everything.
	Since string
	// Set and Prefix are what the list is asked for, From and Until its
	// window; they stand in the first request's address but not in those
	// with a token.
	Set, Prefix, From, Until string
	// First and Before are the fingerprints of the first page of the list and
	// of the one before. Nothing in a step may grow from page to page, or a
	// circle of pages would not be noticed.
	First, Before string
	// Retry counts how often the list was begun again.
	Retry int
}

// String is the form that parseStep reads.
func (s step) String() string {
	q := make(url.Values)
	for name, value := range map[string]string{"since": s.Since, "set": s.Set, "prefix": s.Prefix, "from": s.From, "until": s.Until, "first": s.First, "before": s.Before} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if s.Retry > 0 {
		q.Set("retry", strconv.Itoa(s.Retry))
	}
	if len(q) == 0 {
		return s.Name
	}
	return s.Name + "?" + q.Encode()
}

// parseStep reads a step; what it does not know it leaves out.
func parseStep(raw string) step {
	name, rest, _ := strings.Cut(raw, "?")
	q, _ := url.ParseQuery(rest)
	retry, err := strconv.Atoi(q.Get("retry"))
	if err != nil || retry < 0 {
		retry = 0
	}
	return step{
		Name: name, Since: q.Get("since"), Set: q.Get("set"), Prefix: q.Get("prefix"), From: q.Get("from"), Until: q.Get("until"),
		First: q.Get("first"), Before: q.Get("before"), Retry: retry,
	}
}
