package wordpress

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// reply is what the API answered, in one of its shapes.
type reply struct {
	// items are the posts, undecoded, so that a bad one spoils no other.
	items []json.RawMessage
	// types are the entries of /wp/v2/types.
	types []postType
	// problem is the API's own error.
	problem *restError
	// broken says why the reply ends early or cannot be read; the items
	// before the break stand.
	broken string
	// html is true when a web page came where JSON was due.
	html bool
	// list is true when there was a list, even an empty one.
	list bool
}

// maxItems bounds the items of one reply; the API itself sends at most 100.
const maxItems = 1000

// readPosts reads the answer of a collection. A lone post counts as a list of
// one, and an object around one list as that list, as custom routes send it.
func readPosts(body []byte) reply {
	raw, r := findJSON(body)
	if raw == nil {
		return r
	}
	if kindOf(raw) == isArray {
		return readItems(raw)
	}
	raw, err := firstValue(raw)
	if err != nil {
		return reply{broken: "the JSON is broken: " + err.Error()}
	}
	var o struct {
		restError
		Title json.RawMessage `json:"title"`
	}
	if err := json.Unmarshal(raw, &o); err != nil {
		return reply{broken: "the JSON is broken: " + err.Error()}
	}
	if o.Title != nil {
		return reply{items: []json.RawMessage{raw}, list: true}
	}
	if inner := onlyList(raw); inner != nil {
		return readItems(inner)
	}
	if o.Code != "" {
		return reply{problem: &o.restError}
	}
	return reply{broken: "the JSON is an object without posts"}
}

// readTypes reads the answer of /wp/v2/types, an object keyed by slug.
func readTypes(body []byte) reply {
	raw, r := findJSON(body)
	if raw == nil {
		return r
	}
	raw, err := firstValue(raw)
	if err != nil {
		return reply{broken: "the JSON is broken: " + err.Error()}
	}
	var e restError
	if kindOf(raw) == isObject && json.Unmarshal(raw, &e) == nil && e.Code != "" {
		return reply{problem: &e}
	}
	var types list[postType]
	if err := json.Unmarshal(raw, &types); err != nil {
		return reply{broken: "the JSON is broken: " + err.Error()}
	}
	for _, t := range types {
		if t.RestBase == "" {
			t.RestBase = t.Slug
		}
		if t.Slug != "" {
			r.types = append(r.types, t)
		}
	}
	return r
}

// readItems takes an array apart, element by element, up to where it breaks.
func readItems(raw []byte) reply {
	r := reply{list: true}
	dec := json.NewDecoder(bytes.NewReader(raw))
	if _, err := dec.Token(); err != nil {
		return reply{broken: "the JSON is broken: " + err.Error()}
	}
	for dec.More() {
		var item json.RawMessage
		if err := dec.Decode(&item); err != nil {
			r.broken = fmt.Sprintf("the reply breaks off after %d posts: %v", len(r.items), err)
			return r
		}
		if len(r.items) == maxItems {
			r.broken = fmt.Sprintf("the reply has more than %d posts", maxItems)
			return r
		}
		r.items = append(r.items, item)
	}
	if _, err := dec.Token(); err != nil {
		r.broken = fmt.Sprintf("the reply breaks off after %d posts: %v", len(r.items), err)
	}
	return r
}

// onlyList returns the one member of an object that is a list of objects.
func onlyList(raw []byte) json.RawMessage {
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return nil
	}
	var found json.RawMessage
	for _, m := range members {
		if kindOf(m) != isArray {
			continue
		}
		rest := bytes.TrimLeft(bytes.TrimLeft(m, " \t\r\n")[1:], " \t\r\n")
		if len(rest) == 0 || rest[0] != '{' && rest[0] != ']' {
			continue
		}
		if found != nil {
			return nil
		}
		found = m
	}
	return found
}

// findJSON returns where the JSON begins. Servers put things before it that do
// not belong there: byte order marks, PHP notices, comments of caches. When
// there is none, the reply says what was found instead.
func findJSON(body []byte) ([]byte, reply) {
	const deep = 64 << 10 // what stands before the JSON is shorter than this
	body = bytes.TrimLeft(body, " \t\r\n\x00\ufeff")
	if len(body) == 0 {
		return nil, reply{broken: "the reply is empty"}
	}
	if c := body[0]; (c == '[' || c == '{') && (startsJSON(body) || json.Valid(body)) {
		return body, reply{}
	}
	head := body[:min(len(body), deep)]
	if isWebPage(head) {
		return nil, reply{html: true}
	}
	for tries, at := 0, 0; tries < 200; tries++ {
		i := bytes.IndexAny(head[at:], "[{")
		if i < 0 {
			break
		}
		at += i
		if startsJSON(body[at:]) && opens(body[at:]) {
			return body[at:], reply{}
		}
		at++
	}
	if i := bytes.LastIndex(head, []byte("[]")); i >= 0 && len(bytes.TrimSpace(head[i+2:])) == 0 {
		return body[i:], reply{} // an empty list behind a notice
	}
	if head[0] == '<' {
		return nil, reply{html: true}
	}
	return nil, reply{broken: "the reply is not JSON"}
}

// startsJSON reports whether b begins like an API reply: a list of objects, an
// empty list with nothing behind it, or an object with a first key.
func startsJSON(b []byte) bool {
	opening := b[0]
	rest := bytes.TrimLeft(b[1:], " \t\r\n")
	if len(rest) == 0 {
		return false
	}
	if opening == '[' {
		if rest[0] == ']' {
			rest = bytes.TrimSpace(rest[1:])
			return len(rest) == 0 || bytes.HasPrefix(rest, []byte("<!--"))
		}
		if rest[0] != '{' {
			return false
		}
		rest = bytes.TrimLeft(rest[1:], " \t\r\n")
	}
	return len(rest) > 0 && (rest[0] == '"' || rest[0] == '}')
}

// opens reports whether b, up to its first post, is JSON indeed.
func opens(b []byte) bool {
	dec := json.NewDecoder(bytes.NewReader(b))
	if b[0] == '[' {
		if _, err := dec.Token(); err != nil || !dec.More() {
			return err == nil
		}
	}
	var v json.RawMessage
	return dec.Decode(&v) == nil
}

// isWebPage tells a page from a PHP notice, which is HTML too.
func isWebPage(head []byte) bool {
	if i := bytes.IndexAny(head, "[{"); i >= 0 {
		head = head[:i]
	}
	head = bytes.ToLower(head)
	for _, mark := range []string{"<!doctype", "<html", "<head", "<body", "<script"} {
		if bytes.Contains(head, []byte(mark)) {
			return true
		}
	}
	return false
}

// firstValue is the first JSON value in b, without what stands behind it.
func firstValue(b []byte) (json.RawMessage, error) {
	var v json.RawMessage
	err := json.NewDecoder(bytes.NewReader(b)).Decode(&v)
	return v, err
}

// headerNumber reads a count such as X-WP-Total, however its name is spelt;
// ok is false when there is none.
func headerNumber(h http.Header, name string) (n int, ok bool) {
	for key, values := range h {
		if !strings.EqualFold(key, name) || len(values) == 0 {
			continue
		}
		n, err := strconv.Atoi(strings.TrimSpace(values[0]))
		return n, err == nil && n >= 0
	}
	return 0, false
}
