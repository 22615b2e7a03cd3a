package sitemap

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/harvest87/harvest/parsers/xmlbody"
)

// maxSize is what a sitemap may decompress to, in octets: five times what the
// protocol allows, for files of a million addresses are met.
const maxSize = 256 << 20

// errNone is wrapped when a body is something else.
var errNone = errors.New("is no sitemap")

// read calls each for every entry of a sitemap, in its order, until each
// returns false. It keeps nothing, so memory does not grow with the file. The
// format is empty when the body is no sitemap. What was read before an error
// stands.
func read(body []byte, each func(format, *entry) bool) (format, error) {
	r := xmlbody.Open(body, maxSize)
	f, err := root(r)
	switch {
	case err == nil:
		return f, elements(r, f, each)
	case errors.Is(err, errText):
		return plain, lines(body, each)
	}
	return "", err
}

// errText is returned for what does not begin with an element.
var errText = errors.New("begins with text")

// root reads the first element and says what it begins.
func root(r *xmlbody.Reader) (format, error) {
	for {
		token, err := r.Next()
		if errors.Is(err, io.EOF) {
			return "", fmt.Errorf("the body %w: there is nothing in it", errNone)
		}
		if err != nil {
			return "", fmt.Errorf("the body %w: %w", errNone, err)
		}
		switch t := token.(type) {
		case xml.CharData:
			if len(bytes.TrimSpace(t)) > 0 {
				return "", errText
			}
		case xml.StartElement:
			if f, ok := roots[strings.ToLower(t.Name.Local)]; ok {
				return f, nil
			}
			if strings.EqualFold(t.Name.Local, "html") {
				return "", fmt.Errorf("a web page %w", errNone)
			}
			return "", fmt.Errorf("a document that begins with <%s> %w", clip(t.Name.Local, 40), errNone)
		}
	}
}

// elements reads the entries of a document whose root is open. An entry is
// told by its name wherever it stands: feeds have theirs a level deeper, and a
// <url> without its end tag has the next one within it.
func elements(r *xmlbody.Reader, f format, each func(format, *entry) bool) error {
	for {
		token, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		start, ok := token.(xml.StartElement)
		if !ok || !entries[f][strings.ToLower(start.Name.Local)] {
			continue
		}
		e := new(entry)
		err = e.read(r)
		if e.loc != "" && !each(f, e) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// read reads the children of an entry that was just opened.
func (e *entry) read(r *xmlbody.Reader) error {
	for outside := r.Depth() - 1; r.Depth() > outside; {
		token, err := r.Next()
		if err != nil {
			return err
		}
		if t, ok := token.(xml.StartElement); ok {
			if err := e.child(r, t); err != nil {
				return err
			}
		}
	}
	return nil
}

// child takes in one element below an entry. image:loc, video:player_loc and
// the like are not the page's address.
func (e *entry) child(r *xmlbody.Reader, t xml.StartElement) error {
	take := func(to *string, most int) error {
		s, err := r.Text(most)
		if *to == "" {
			*to = strings.TrimSpace(s)
		}
		return err
	}
	switch name := strings.ToLower(t.Name.Local); name {
	case "loc":
		return take(&e.loc, maxLoc)
	case "lastmod", "updated", "pubdate", "modified":
		return take(&e.lastmod, maxWords)
	case "link":
		return e.link(r, t, take)
	case "news":
		return e.readNews(r)
	default: // images, videos, and what somebody thought of
		return r.Skip()
	}
}

// link is xhtml:link in a sitemap, link in a feed.
func (e *entry) link(r *xmlbody.Reader, t xml.StartElement, take func(*string, int) error) error {
	href, language := strings.TrimSpace(xmlbody.Attr(t, "href")), xmlbody.Attr(t, "hreflang")
	rel := strings.ToLower(xmlbody.Attr(t, "rel"))
	switch {
	case href == "":
		return take(&e.loc, maxLoc) // RSS
	case strings.Contains(t.Name.Space, "Atom") || t.Name.Space == "http://purl.org/atom/ns#":
		if e.loc == "" && (rel == "" || rel == "alternate") {
			e.loc = href
		}
	case language != "" && (rel == "" || rel == "alternate") && len(e.alternates) < maxAlternates:
		e.alternates = append(e.alternates, alternate{strings.TrimSpace(language), href})
	}
	return r.Skip()
}

// readNews reads <news:news>. Publication, name and language stand one level
// deeper, title and date beside them.
func (e *entry) readNews(r *xmlbody.Reader) error {
	for outside := r.Depth() - 1; r.Depth() > outside; {
		token, err := r.Next()
		if err != nil {
			return err
		}
		t, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		to := map[string]*string{
			"name": &e.news.publication, "language": &e.news.language,
			"publication_date": &e.news.date, "title": &e.news.title,
		}[strings.ToLower(t.Name.Local)]
		if to == nil {
			continue
		}
		s, err := r.Text(maxWords)
		if err != nil {
			return err
		}
		*to = strings.TrimSpace(s)
	}
	return nil
}

// lines reads a list of addresses, one a line. A line without a scheme is
// something else: words, or a comment.
func lines(body []byte, each func(format, *entry) bool) error {
	b := bufio.NewReaderSize(xmlbody.Text(body, maxSize), maxLoc)
	found := false
	for {
		line, err := b.ReadSlice('\n')
		address := strings.TrimSpace(string(line))
		if whole := !errors.Is(err, bufio.ErrBufferFull); whole && isWeb(address) {
			found = true
			if !each(plain, &entry{loc: address}) {
				return nil
			}
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull): // too long for an address
			for errors.Is(err, bufio.ErrBufferFull) {
				_, err = b.ReadSlice('\n')
			}
		case errors.Is(err, io.EOF):
			if !found {
				return fmt.Errorf("the text %w: no line of it is an address", errNone)
			}
			return nil
		case err != nil:
			return err
		}
	}
}

func isWeb(address string) bool {
	lower := strings.ToLower(address[:min(len(address), 8)])
	return (strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://")) && !strings.ContainsAny(address, " \t<>\"")
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}
