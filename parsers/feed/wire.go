package feed

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/harvest87/harvest/parsers/xmlbody"
)

// maxSize is what a feed may decompress to, in octets; its tree is kept.
const maxSize = 16 << 20

// frame is what stands around the items of a feed.
type frame struct {
	root string // in lower case: rss, rdf, feed, html, json; empty: none
	// next and archive are the links to older items: of the paged and the
	// archived kind (RFC 5005 sections 3 and 4), and next_url of JSON Feed.
	next, archive string
	// complete is true when the feed says that it has all (RFC 5005 section 2).
	complete bool
	// wordpress is true when the feed names WordPress as what made it; then
	// ?paged=2 shows older items.
	wordpress bool
	items     int
	// broken is why not all could be read, nil when it could.
	broken error
}

// look goes over a feed without keeping it: so that nothing deep or endless
// gets to a parser that keeps everything.
func look(body []byte) (f frame) {
	r := xmlbody.Open(body, maxSize)
	for {
		token, err := r.Next()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				f.broken = err
			}
			return f
		}
		t, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		name := strings.ToLower(t.Name.Local)
		if f.root == "" {
			f.root = name
		}
		switch {
		case f.root == "html":
			return f
		case name == "item" || name == "entry":
			f.items++
			err = r.Skip()
		case name == "link":
			f.link(t)
		case name == "complete" && strings.Contains(t.Name.Space, "history"):
			f.complete = true
		case name == "generator":
			var s string
			s, err = r.Text(500)
			f.wordpress = strings.Contains(strings.ToLower(s+xmlbody.Attr(t, "uri")), "wordpress")
		}
		if err != nil && !errors.Is(err, io.EOF) {
			f.broken = err
			return f
		}
	}
}

func (f *frame) link(t xml.StartElement) {
	href := strings.TrimSpace(xmlbody.Attr(t, "href"))
	switch strings.ToLower(strings.TrimSpace(xmlbody.Attr(t, "rel"))) {
	case "next":
		f.next = href
	case "prev-archive":
		f.archive = href
	}
}

// lookJSON does the same for JSON Feed (https://www.jsonfeed.org/version/1.1/).
func lookJSON(body []byte) (f frame) {
	var feed struct {
		Version string            `json:"version"`
		Next    string            `json:"next_url"`
		Items   []json.RawMessage `json:"items"`
	}
	if err := json.Unmarshal(body, &feed); err != nil {
		f.broken = err
		return f
	}
	if strings.Contains(feed.Version, "jsonfeed.org") || feed.Items != nil {
		f.root, f.next, f.items = "json", strings.TrimSpace(feed.Next), len(feed.Items)
	}
	return f
}
