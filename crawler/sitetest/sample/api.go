package sample

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// servePrettyAPI is the API at /wp-json/.
func (s *Site) servePrettyAPI(w http.ResponseWriter, r *http.Request) {
	if o := s.library.Load().options; o.PlainAPI || o.NoAPI {
		s.serveMissing(w, r)
		return
	}
	s.serveAPI(w, r, strings.TrimPrefix(r.URL.Path, "/wp-json"), r.URL.Query())
}

// servePlainAPI is the API at ?rest_route=, which needs no rewrite rules.
func (s *Site) servePlainAPI(w http.ResponseWriter, r *http.Request) {
	if s.library.Load().options.NoAPI {
		s.serveMissing(w, r)
		return
	}
	q := r.URL.Query()
	route := q.Get("rest_route")
	q.Del("rest_route")
	s.serveAPI(w, r, route, q)
}

// apiCall is one request to the API.
type apiCall struct {
	*library
	w     http.ResponseWriter
	r     *http.Request
	route string // below the API's root, such as /wp/v2/posts
	query url.Values
}

func (s *Site) serveAPI(w http.ResponseWriter, r *http.Request, route string, q url.Values) {
	c := apiCall{library: s.library.Load(), w: w, r: r, route: "/" + strings.Trim(route, "/"), query: q}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=UTF-8")
	h.Set("X-Robots-Tag", "noindex") // about search engines' results, and on every answer of every WordPress
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Access-Control-Expose-Headers", "X-WP-Total, X-WP-TotalPages, Link")
	h.Set("Allow", "GET")

	rest, ok := strings.CutPrefix(c.route, "/wp/v2/")
	name, id, single := strings.Cut(rest, "/")
	switch {
	case c.route == "/":
		c.index()
	case !ok:
		c.fail(&errNoRoute)
	case rest == "types":
		c.write(wireTypes())
	case rest == "categories":
		c.listCategories()
	case single:
		c.single(name, id)
	default:
		c.collection(name)
	}
}

func (c *apiCall) index() {
	c.write(map[string]any{
		"name": "Centre for Labour Evidence", "description": "What is known, lent to whoever asks",
		"url": base(c.r), "home": base(c.r), "gmt_offset": "5.75", "timezone_string": "Asia/Kathmandu",
		"namespaces": []string{"oembed/1.0", "wp/v2"},
	})
}

func (c *apiCall) listCategories() {
	out := make([]wireTerm, 0, len(c.labels))
	for _, label := range c.labels {
		out = append(out, c.category(label, base(c.r)))
	}
	c.counts(len(out), 1)
	c.write(out)
}

func (c *apiCall) single(restBase, id string) {
	if _, ok := c.ofType(restBase); !ok {
		c.fail(&errNoRoute)
		return
	}
	n, err := strconv.Atoi(id)
	if err != nil {
		c.fail(&errNoRoute)
		return
	}
	i, ok := c.byID[n]
	switch {
	case !ok || i.RESTBase() != restBase:
		c.fail(&errInvalidID)
	case i.Status == "draft" || i.Status == "private":
		c.fail(&errForbidden)
	default:
		c.write(c.wire(i, base(c.r), c.query.Has("_embed")))
	}
}

func (c *apiCall) collection(restBase string) {
	all, ok := c.ofType(restBase)
	if !ok {
		c.fail(&errNoRoute)
		return
	}
	q, problem := readQuery(c.query)
	if problem != nil {
		c.fail(problem)
		return
	}
	chosen := q.choose(c.library, all)
	pages := (len(chosen) + q.perPage - 1) / q.perPage
	from := (q.page - 1) * q.perPage
	if c.query.Has("offset") {
		from = q.offset
	} else if q.page > 1 && q.page > pages {
		c.fail(&errInvalidPage)
		return
	}
	c.counts(len(chosen), pages)
	c.links(q.page, pages)
	out := []wirePost{}
	for _, i := range chosen[min(from, len(chosen)):min(from+q.perPage, len(chosen))] {
		out = append(out, c.wire(i, base(c.r), c.query.Has("_embed")))
	}
	c.write(out)
}

func (c *apiCall) counts(total, pages int) {
	c.w.Header().Set("X-WP-Total", strconv.Itoa(total))
	c.w.Header().Set("X-WP-TotalPages", strconv.Itoa(pages))
}

// links names the neighbouring pages (RFC 8288).
func (c *apiCall) links(page, pages int) {
	to := func(n int, rel string) string {
		u := *c.r.URL
		q := u.Query()
		q.Set("page", strconv.Itoa(n))
		u.RawQuery = q.Encode()
		return fmt.Sprintf(`<%s%s>; rel="%s"`, base(c.r), u.RequestURI(), rel)
	}
	var out []string
	if page > 1 {
		out = append(out, to(page-1, "prev"))
	}
	if page < pages {
		out = append(out, to(page+1, "next"))
	}
	if len(out) > 0 {
		c.w.Header().Set("Link", strings.Join(out, ", "))
	}
}

func (c *apiCall) fail(e *apiError) {
	c.send(e.Data.Status, e)
}

// write answers with a value, or with those of its fields that were asked for.
func (c *apiCall) write(v any) {
	if fields := c.query.Get("_fields"); fields != "" {
		v = onlyFields(v, strings.Split(fields, ","))
	}
	c.send(http.StatusOK, v)
}

func (c *apiCall) send(status int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("sample: answer to %s: %v", c.route, err))
	}
	c.w.WriteHeader(status)
	_, _ = c.w.Write(b) // the reader may have gone
}

// onlyFields keeps the named members of an object, or of each object of a list.
func onlyFields(v any, names []string) any {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("sample: fields: %v", err))
	}
	var list []map[string]json.RawMessage
	if json.Unmarshal(b, &list) == nil {
		for n := range list {
			list[n] = keep(list[n], names)
		}
		return list
	}
	var one map[string]json.RawMessage
	if json.Unmarshal(b, &one) == nil {
		return keep(one, names)
	}
	return v
}

func keep(object map[string]json.RawMessage, names []string) map[string]json.RawMessage {
	out := make(map[string]json.RawMessage)
	for _, name := range names {
		name, _, _ = strings.Cut(strings.TrimSpace(name), ".")
		if member, ok := object[name]; ok {
			out[name] = member
		}
	}
	return out
}
