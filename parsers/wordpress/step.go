package wordpress

import (
	"net/url"
	"strconv"
	"strings"
)

// step is what a request says of itself in [harvest.Request.Step]: a word,
// and what the reading of its page needs to know of the pages before it. The
// door remembers nothing, so the request carries it: "posts?last=1&type=2".
type step struct {
	Name string
	// Type is the position of the post type in the source file, from 0.
	Type int
	// Last marks the last page that the first one knew of: posts may have
	// come since.
	Last bool
	// Found is true when the type was looked up in the index of types.
	Found bool
	// Part marks a fraction of a page that was too heavy as a whole. It
	// leads no further.
	Part bool
	// Size stands for the headers of a site that sends none: how many posts a
	// full page has.
	Size int
	// Before is the fingerprint of the page that asked for this one.
	Before string
	// Failed is true when the page before failed, so that two in a row end
	// the list.
	Failed bool
	// Terms are the terms whose names are known, as a book writes itself; Looks
	// counts the lookups that were made for this page.
	Terms string
	Looks int
	// Of a lookup of terms: the address and step of the page of posts that
	// waits for it, and what is to be looked up, the current need first.
	Back, Posts, Needs string
}

// String is the form that parseStep reads.
func (s step) String() string {
	q := make(url.Values)
	for name, set := range map[string]bool{"last": s.Last, "found": s.Found, "part": s.Part, "failed": s.Failed} {
		if set {
			q.Set(name, "1")
		}
	}
	if s.Type > 0 {
		q.Set("type", strconv.Itoa(s.Type))
	}
	if s.Size > 0 {
		q.Set("size", strconv.Itoa(s.Size))
	}
	if s.Looks > 0 {
		q.Set("looks", strconv.Itoa(s.Looks))
	}
	for name, value := range map[string]string{"before": s.Before, "terms": s.Terms, "back": s.Back, "posts": s.Posts, "needs": s.Needs} {
		if value != "" {
			q.Set(name, value)
		}
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
	number := func(name string) int {
		n, err := strconv.Atoi(q.Get(name))
		if err != nil || n < 0 {
			return 0
		}
		return n
	}
	return step{
		Name: name, Type: number("type"), Size: number("size"), Before: q.Get("before"),
		Terms: q.Get("terms"), Looks: number("looks"), Back: q.Get("back"), Posts: q.Get("posts"), Needs: q.Get("needs"),
		Last: q.Get("last") == "1", Found: q.Get("found") == "1", Part: q.Get("part") == "1", Failed: q.Get("failed") == "1",
	}
}
