package sitemap

import (
	"bufio"
	"bytes"
	"fmt"
	"net/url"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
)

// usual are the places where sitemaps are found when robots.txt names none:
// the protocol's own, that of the two widest-spread plugins, and that of
// WordPress since 5.5.
var usual = []string{"/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml", "/sitemap-index.xml", "/sitemap.xml.gz", "/sitemap.txt"}

// maxNamed bounds the sitemaps that one robots.txt names.
const maxNamed = 1000

// robots answers for robots.txt, which may name sitemaps
// (https://www.sitemaps.org/protocol.html#submit_robots). They may stand on
// other hosts; the scope of the source decides about those.
func (v *visit) robots() harvest.Parsed {
	var out harvest.Parsed
	if v.page.Outcome == harvest.Fetched {
		for _, address := range named(v.page) {
			out.Requests = append(out.Requests, v.request(address, step{Name: StepSitemap}))
		}
	}
	if len(out.Requests) == 0 {
		return v.guess(0, "robots.txt names no sitemap")
	}
	return out
}

// named are the sitemaps that a robots.txt names. The word may be in any case,
// and the address relative, against the protocol.
func named(p *harvest.Page) []string {
	var out []string
	lines := bufio.NewScanner(bytes.NewReader(p.Body))
	lines.Buffer(nil, maxLoc)
	for lines.Scan() && len(out) < maxNamed {
		field, value, ok := strings.Cut(lines.Text(), ":")
		if !ok || !strings.EqualFold(strings.TrimSpace(field), "sitemap") {
			continue
		}
		value, _, _ = strings.Cut(value, " #")
		if u, err := normalize.URL(p.URL, strings.TrimSpace(value)); err == nil && strings.TrimSpace(value) != "" {
			out = append(out, u)
		}
	}
	return out
}

// guess asks at the usual place of that number, or says that the door does not work.
func (v *visit) guess(n int, why string) harvest.Parsed {
	if n >= len(usual) {
		return harvest.Parsed{Expected: "no sitemap at the usual places", Dead: fmt.Sprintf("%s, and none of the usual places has one (last: %s)", why, v.page.Request.URL)}
	}
	address, err := usualPlace(v.source.Homepage, n)
	if err != nil {
		return harvest.Parsed{Dead: err.Error()}
	}
	return harvest.Parsed{
		Requests: []harvest.Request{v.request(address, step{Name: StepSitemap, Guess: n + 1})},
		Expected: "sitemaps are looked for at their usual places",
	}
}

func usualPlace(homepage string, n int) (string, error) {
	base, err := url.Parse(homepage)
	if err != nil || base.Host == "" {
		return "", fmt.Errorf("the homepage %q has no host", homepage)
	}
	return base.ResolveReference(&url.URL{Path: usual[n]}).String(), nil
}
