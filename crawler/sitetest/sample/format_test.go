package sample_test

import (
	"bytes"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/harvest87/harvest/crawler/sitetest/sample"
)

// void are the elements without an end tag (HTML, section 13.1.2).
var void = []string{"br", "hr", "img", "input", "link", "meta"}

// balanced checks that every element of a page is closed where it should be,
// which the parser would forgive.
func balanced(t *testing.T, at, page string) {
	t.Helper()
	var open []string
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			if len(open) > 0 {
				t.Errorf("%s: %v are never closed", at, open)
			}
			return
		case html.StartTagToken:
			if name, _ := z.TagName(); !slices.Contains(void, string(name)) {
				open = append(open, string(name))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				t.Errorf("%s: </%s> where %v are open", at, name, open)
				return
			}
			open = open[:len(open)-1]
		}
	}
}

// textOf is the text of a fragment of HTML.
func textOf(t *testing.T, fragment string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(fragment))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
	}
	return b.String()
}

func TestDocumentsArePDFs(t *testing.T) {
	_, c := start(t, sample.Options{})
	seen := make(map[string]string)
	for _, e := range sample.Expected(sample.APISource) {
		for _, p := range e.Documents {
			a := c.get(p)
			if a.status != http.StatusOK || a.header.Get("Content-Type") != "application/pdf" {
				t.Errorf("%s: status %d, type %q", p, a.status, a.header.Get("Content-Type"))
			}
			if err := checkPDF([]byte(a.body)); err != nil {
				t.Errorf("%s: %v", p, err)
			}
			if other := seen[a.body]; other != "" {
				t.Errorf("%s and %s are the same file", p, other)
			}
			seen[a.body] = p
			if again := c.get(p, "If-None-Match", a.header.Get("ETag")); again.status != http.StatusNotModified {
				t.Errorf("%s: asked again with its tag, status %d", p, again.status)
			}
		}
	}
	if len(seen) < 20 {
		t.Errorf("only %d documents", len(seen))
	}
}

func TestCheckPDFFindsFaults(t *testing.T) {
	_, c := start(t, sample.Options{})
	good := c.get(sample.Expected(sample.APISource)[0].Documents[0]).body
	for name, bad := range map[string]string{
		"cut":             good[:len(good)-30],
		"an octet more":   strings.Replace(good, "%PDF-1.4\n", "%PDF-1.4\n%", 1),
		"a longer stream": strings.Replace(good, "BT /F1", "BT  /F1", 1),
		"no header":       good[1:],
	} {
		if checkPDF([]byte(bad)) == nil {
			t.Errorf("%s: no fault found", name)
		}
	}
}

var (
	startOfTable = regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`)
	tableHead    = regexp.MustCompile(`^xref\n0 (\d+)\n`)
	streamLength = regexp.MustCompile(`/Length (\d+) >>\nstream\n`)
)

// checkPDF follows the cross-reference table of a plain PDF to every object
// (ISO 32000-1, 7.5).
func checkPDF(b []byte) error {
	if !bytes.HasPrefix(b, []byte("%PDF-1.")) {
		return fmt.Errorf("no header")
	}
	m := startOfTable.FindSubmatch(b)
	if m == nil {
		return fmt.Errorf("no startxref")
	}
	at, _ := strconv.Atoi(string(m[1]))
	if at >= len(b) {
		return fmt.Errorf("startxref %d is behind the end", at)
	}
	head := tableHead.FindSubmatch(b[at:])
	if head == nil {
		return fmt.Errorf("no table at %d", at)
	}
	size, _ := strconv.Atoi(string(head[1]))
	const entry = 20
	entries := b[at+len(head[0]):]
	for n := range size {
		line := string(entries[n*entry : (n+1)*entry])
		if n == 0 {
			if line != "0000000000 65535 f \n" {
				return fmt.Errorf("first entry %q", line)
			}
			continue
		}
		offset, err := strconv.Atoi(line[:10])
		if err != nil || line[10:] != " 00000 n \n" {
			return fmt.Errorf("entry %d is %q", n, line)
		}
		if object := fmt.Sprintf("%d 0 obj\n", n); !bytes.HasPrefix(b[offset:], []byte(object)) {
			return fmt.Errorf("no object %d at %d", n, offset)
		}
	}
	if trailer := fmt.Sprintf("trailer\n<< /Size %d /Root 1 0 R", size); !bytes.HasPrefix(entries[size*entry:], []byte(trailer)) {
		return fmt.Errorf("no trailer behind the table")
	}
	s := streamLength.FindSubmatchIndex(b)
	if s == nil {
		return fmt.Errorf("no stream")
	}
	length, _ := strconv.Atoi(string(b[s[2]:s[3]]))
	if !bytes.HasPrefix(b[s[1]+length:], []byte("endstream")) {
		return fmt.Errorf("the stream is not %d octets long", length)
	}
	return nil
}
