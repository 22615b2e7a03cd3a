package jsonapi

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/harvest87/harvest/parsers/fields"
	"github.com/harvest87/harvest/parsers/item"
)

// maxItems bounds the entries of one page.
const maxItems = 10_000

// list is one page of a list.
type list struct {
	tree    any
	entries []any
	dropped int
	total   int
}

// read reads a page of a list. The error says what came in its place.
func (d *Door) read(body []byte) (*list, error) {
	tree, err := fields.Decode(body)
	if err != nil {
		return nil, err
	}
	l := &list{tree: tree}
	found := tree
	if !d.items.IsZero() {
		found = d.items.Find(tree)
	}
	entries, ok := found.([]any)
	if !ok {
		return nil, fmt.Errorf("no list stands at %q: %s", d.items.Text, describe(tree))
	}
	l.entries = entries
	if n := len(entries); n > maxItems {
		l.entries, l.dropped = entries[:maxItems], n-maxItems
	}
	if values := fields.Values(d.total.Find(tree)); len(values) == 1 {
		l.total, _ = strconv.Atoi(values[0]) // one that is no number counts for none
	}
	return l, nil
}

// describe says what stands in a reply that has no list: its message, if it
// has one, else its keys.
func describe(tree any) string {
	object, ok := tree.(map[string]any)
	if !ok {
		return fmt.Sprintf("the reply is %T", tree)
	}
	for _, key := range []string{"error", "message", "detail", "errors", "title"} {
		if values := fields.Values(object[key]); len(values) > 0 {
			return fmt.Sprintf("%s: %s", key, clip(strings.Join(values, "; "), 200))
		}
	}
	var keys []string
	for k := range object {
		if len(keys) < 20 {
			keys = append(keys, clip(k, 40))
		}
	}
	return fmt.Sprintf("the reply has %s", strings.Join(sorted(keys), ", "))
}

// fingerprint tells the pages of a list apart by their entries.
func (d *Door) fingerprint(l *list) string {
	var ids []string
	for _, e := range l.entries {
		id, _ := fields.First(d.fields.ID, e)
		link, _ := fields.First(d.fields.Link, e)
		title, _ := fields.First(d.fields.Title, e)
		ids = append(ids, strings.Join(append(append(id, link...), title...), " "))
	}
	return item.Fingerprint(ids)
}

// nextLink is the address behind rel="next" in the Link header (RFC 8288).
func nextLink(h http.Header) string {
	for _, value := range h.Values("Link") {
		for part := range strings.SplitSeq(value, ",") {
			target, params, ok := strings.Cut(part, ";")
			target = strings.TrimSpace(target)
			if !ok || !strings.HasPrefix(target, "<") || !strings.HasSuffix(target, ">") {
				continue
			}
			for p := range strings.SplitSeq(params, ";") {
				name, v, _ := strings.Cut(strings.TrimSpace(p), "=")
				if strings.EqualFold(name, "rel") && strings.EqualFold(strings.Trim(v, `"' `), "next") {
					return target[1 : len(target)-1]
				}
			}
		}
	}
	return ""
}
