package feed

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/mmcdole/gofeed"

	"github.com/harvest87/harvest/parsers/xmlbody"
)

// errNone is wrapped when a body is no feed.
var errNone = errors.New("is no feed")

// read reads a feed. Of one that breaks off, what stands before the break is
// read, and the frame says why there is no more.
func read(body []byte) (*gofeed.Feed, frame, error) {
	text, err := plain(body)
	if err != nil {
		return nil, frame{}, fmt.Errorf("the body %w: %w", errNone, err)
	}
	var f frame
	if start := bytes.TrimLeft(text, " \t\r\n"); len(start) > 0 && start[0] == '{' {
		f = lookJSON(start)
	} else {
		f = look(body)
	}
	switch f.root {
	case "rss", "rdf", "feed", "json":
	case "":
		if f.broken != nil {
			return nil, f, fmt.Errorf("the body %w: %w", errNone, f.broken)
		}
		return nil, f, fmt.Errorf("the body %w: it has no element", errNone)
	case "html":
		return nil, f, fmt.Errorf("a web page %w", errNone)
	default:
		return nil, f, fmt.Errorf("a document that begins with <%s> %w", clip(f.root, 40), errNone)
	}
	if f.broken != nil {
		if !errors.Is(f.broken, io.ErrUnexpectedEOF) {
			return nil, f, f.broken
		}
		if text = mended(text, f.root); text == nil {
			return nil, f, f.broken
		}
	}
	feed, err := parse(text)
	return feed, f, err
}

// parse calls the library, which breaks on some feeds, such as JSON with an
// item that is null.
func parse(text []byte) (feed *gofeed.Feed, err error) {
	defer func() {
		if r := recover(); r != nil {
			feed, err = nil, fmt.Errorf("%w: %v", errUnread, r)
		}
	}()
	feed, err = gofeed.NewParser().Parse(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errUnread, err)
	}
	return feed, nil
}

var errUnread = errors.New("the feed cannot be read")

// plain is a body as text, decompressed and without what XML forbids.
func plain(body []byte) ([]byte, error) { return io.ReadAll(xmlbody.Text(body, maxSize)) }

// mended ends a feed that was cut behind its last whole item; nil when it has none.
func mended(text []byte, root string) []byte {
	ends := map[string][]string{"rss": {"</item>", "</channel></rss>"}, "rdf": {"</item>", ""}, "feed": {"</entry>", "</feed>"}}[root]
	if ends == nil {
		return nil
	}
	at := bytes.LastIndex(text, []byte(ends[0]))
	if at < 0 {
		return nil
	}
	whole := bytes.Clone(text[:at+len(ends[0])])
	if root == "rdf" { // its prefix may be any
		start := bytes.Index(bytes.ToLower(text), []byte("rdf"))
		open := bytes.LastIndexByte(text[:start], '<')
		return append(whole, "</"+string(text[open+1:start+3])+">"...)
	}
	return append(whole, ends[1]...)
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}
