package crawler

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
)

// scope says which URLs belong to a source.
type scope struct {
	hosts            map[string]bool // without "www."
	suffixes         []string        // ".example.org"
	include, exclude []*regexp.Regexp
}

// Scope says why a URL does not belong to a source, empty when it does. It is
// for fetchers, which meet addresses that no door has named: redirects.
func Scope(src *config.Source, doors []Door) func(url string, _ harvest.Kind) string {
	s := newScope(src, seedsOf(doors))
	return func(url string, _ harvest.Kind) string { return s.refuse(url, harvest.KindDiscovery) }
}

// newScope gathers the hosts of a source: those of its homepage, of its doors
// and those that it names.
func newScope(src *config.Source, seeds []harvest.Request) *scope {
	s := &scope{hosts: make(map[string]bool), include: src.Scope.Include, exclude: src.Scope.Exclude}
	add := func(raw string) {
		if u, err := url.Parse(raw); err == nil && u.Host != "" {
			s.hosts[bareHost(u)] = true
		}
	}
	add(src.Homepage)
	for _, d := range src.Doors {
		if d.WordPress != nil {
			add(d.WordPress.Base)
		}
		if d.Listing != nil {
			for _, start := range d.Listing.Start {
				add(start)
			}
		}
	}
	for i := range seeds {
		add(seeds[i].URL)
	}
	for _, h := range src.Scope.Hosts {
		h = strings.ToLower(h)
		if strings.HasPrefix(h, ".") {
			s.suffixes = append(s.suffixes, h)
			s.hosts[strings.TrimPrefix(h[1:], "www.")] = true
			continue
		}
		s.hosts[strings.TrimPrefix(h, "www.")] = true
	}
	return s
}

// bareHost is the host of a URL with its port, if any but the scheme's own,
// and without "www.".
func bareHost(u *url.URL) string {
	h := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	if p := u.Port(); p != "" && (u.Scheme != "http" || p != "80") && (u.Scheme != "https" || p != "443") {
		h += ":" + p
	}
	return h
}

// refuse says why a URL is out of scope, empty when it is inside.
func (s *scope) refuse(raw string, kind harvest.Kind) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return "not a usable address"
	}
	if !s.allowsHost(bareHost(u)) {
		return fmt.Sprintf("host %s does not belong to the source; scope.hosts can add it", u.Hostname())
	}
	return s.unwanted(raw, kind)
}

// unwanted says which pattern of the source file keeps a URL out, empty when
// none does.
func (s *scope) unwanted(raw string, kind harvest.Kind) string {
	for _, re := range s.exclude {
		if re.MatchString(raw) {
			return fmt.Sprintf("matches scope.exclude %q", re)
		}
	}
	if kind != harvest.KindItem || len(s.include) == 0 {
		return ""
	}
	for _, re := range s.include {
		if re.MatchString(raw) {
			return ""
		}
	}
	return "matches nothing in scope.include"
}

func (s *scope) allowsHost(host string) bool {
	if s.hosts[host] {
		return true
	}
	for _, suffix := range s.suffixes {
		if strings.HasSuffix(host, suffix) {
			return true
		}
	}
	return false
}
