package wordpress

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/harvest87/harvest/config"
)

// route is where an API stands. It has two forms: a path below the site
// ("/wp-json/wp/v2/posts"), which needs rewrite rules on the server, and a
// parameter of the homepage ("/?rest_route=/wp/v2/posts"), which always works
// (https://developer.wordpress.org/rest-api/key-concepts/).
type route struct {
	base      *url.URL // the site, its path ending in "/"
	prefix    string   // "wp-json"
	namespace string   // "wp/v2"
	plainOnly bool     // the source file names the parameter form itself
}

// coreNamespace is WordPress's own; in it paging by offset, ordering and
// modified_after are known to work.
const coreNamespace = "wp/v2"

// ownNamespace finds the namespace that a configured route ends in, such as
// "u1/v2" in "wp-json/u1/v2". A route without one is a mere prefix.
var ownNamespace = regexp.MustCompile(`(?:^|/)([^/?=&]+/v[0-9][^/]*)$`)

func newRoute(w *config.WordPress, homepage string) (route, error) {
	site := w.Base
	if site == "" {
		site = homepage
	}
	base, err := url.Parse(site)
	if err != nil {
		return route{}, err
	}
	base.RawQuery, base.Fragment = "", ""
	base = base.JoinPath("/")
	r := route{base: base, prefix: "wp-json", namespace: coreNamespace}
	given := strings.Trim(w.Route, "/")
	if given == "" {
		return r, nil
	}
	if m := ownNamespace.FindStringSubmatch(given); m != nil {
		r.namespace = m[1]
		given = strings.Trim(strings.TrimSuffix(given, m[1]), "/")
	}
	if _, _, ok := strings.Cut(given, "rest_route="); ok {
		r.plainOnly = true
		return r, nil
	}
	r.prefix = given
	return r, nil
}

// url is the address of a path of the API, such as "wp/v2/posts", with its
// parameters.
func (r route) url(plain bool, path string, params url.Values) string {
	u := *r.base
	query := params.Encode()
	if !plain {
		u = *u.JoinPath(r.prefix, path)
		u.RawQuery = query
		return u.String()
	}
	u.RawQuery = "rest_route=/" + strings.ReplaceAll(url.QueryEscape(path), "%2F", "/")
	if query != "" {
		u.RawQuery += "&" + query
	}
	return u.String()
}

// isPlain reports whether an address has the parameter form.
func isPlain(u *url.URL) bool { return u.Query().Has("rest_route") }

// withParams is u with those parameters set, in place of any of the same name;
// an empty value removes one. The rest of the query stays as it is.
func withParams(u *url.URL, set map[string]string) string {
	out := *u
	q := out.Query()
	plain := q.Get("rest_route")
	q.Del("rest_route")
	for name, value := range set {
		q.Del(name)
		if value != "" {
			q.Set(name, value)
		}
	}
	out.RawQuery = q.Encode()
	if plain != "" {
		out.RawQuery = strings.TrimSuffix("rest_route="+strings.ReplaceAll(url.QueryEscape(plain), "%2F", "/")+"&"+out.RawQuery, "&")
	}
	return out.String()
}

// intParam is a parameter's value, or otherwise when it is missing or no number.
func intParam(u *url.URL, name string, otherwise int) int {
	n, err := strconv.Atoi(u.Query().Get(name))
	if err != nil {
		return otherwise
	}
	return n
}

// idPrefix sets the posts of a site apart from those of another WordPress
// within one source: "es/" for a site at /es/, "blog.example.org/" for one on
// another host. The site at the homepage has none.
func (r route) idPrefix(homepage string) string {
	home, err := url.Parse(homepage)
	if err != nil {
		return ""
	}
	prefix := strings.Trim(r.base.Path, "/")
	if prefix == strings.Trim(home.Path, "/") {
		prefix = ""
	}
	if host := bareHost(r.base); host != bareHost(home) {
		prefix = strings.TrimSuffix(host+"/"+prefix, "/")
	}
	if prefix == "" {
		return ""
	}
	return prefix + "/"
}

func bareHost(u *url.URL) string {
	return strings.TrimPrefix(strings.ToLower(u.Host), "www.")
}
