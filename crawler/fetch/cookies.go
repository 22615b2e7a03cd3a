package fetch

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"sync"

	"golang.org/x/net/publicsuffix"
)

// Bounds of a jar, as RFC 6265 section 6.1 asks of user agents at least.
const (
	maxCookie         = 4096 // octets of name, value and attributes
	maxCookiesPerHost = 50
)

// jar holds the cookies of one run, within bounds: a server that sets another
// cookie on every page fills neither memory nor the headers of later requests.
type jar struct {
	inner *cookiejar.Jar

	mu    sync.Mutex
	names map[string]map[string]bool // host → names it has set
}

func newJar() *jar {
	inner, _ := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List}) // its error is always nil
	return &jar{inner: inner, names: make(map[string]map[string]bool)}
}

// SetCookies implements http.CookieJar.
func (j *jar) SetCookies(u *url.URL, cookies []*http.Cookie) {
	j.mu.Lock()
	defer j.mu.Unlock()
	host := clockKey(u)
	names := j.names[host]
	if names == nil {
		names = make(map[string]bool)
		j.names[host] = names
	}
	var kept []*http.Cookie
	for _, c := range cookies {
		if len(c.Raw) > maxCookie || !names[c.Name] && len(names) >= maxCookiesPerHost {
			continue
		}
		names[c.Name] = true
		kept = append(kept, c)
	}
	j.inner.SetCookies(u, kept)
}

// Cookies implements http.CookieJar.
func (j *jar) Cookies(u *url.URL) []*http.Cookie { return j.inner.Cookies(u) }

// header is the Cookie header that would be sent to a URL, to tell whether
// asking again can give another answer.
func (j *jar) header(u *url.URL) string {
	req := http.Request{Header: make(http.Header)}
	for _, c := range j.inner.Cookies(u) {
		req.AddCookie(c)
	}
	return req.Header.Get("Cookie")
}
