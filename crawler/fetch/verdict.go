package fetch

import (
	"context"
	"net/url"
	"time"

	"github.com/harvest87/harvest"
)

// Verdict is what robots.txt says about one URL.
type Verdict struct {
	// RobotsURL is where the rules are from, Group the name by which they
	// address us: our own, "*", or empty when nobody is addressed.
	RobotsURL string `json:"robots_url"`
	Group     string `json:"group,omitempty"`
	Allowed   bool   `json:"allowed"`
	// Rule is the line that decides, such as "Disallow: /private/", and Line its
	// number from 1. Without a rule everything is allowed.
	Rule string `json:"rule,omitempty"`
	Line int    `json:"line,omitempty"`
	// Outcome and Reason say why nothing may be fetched when there is no
	// robots.txt to judge by; Outcome is empty when there is, or none is needed.
	Outcome harvest.Outcome `json:"outcome,omitempty"`
	Reason  string          `json:"reason,omitempty"`
	// Note says how robots.txt was had: "read", "404 Not Found: no rules".
	Note      string    `json:"note,omitempty"`
	FetchedAt time.Time `json:"fetched_at,omitzero"`
	Hash      string    `json:"hash,omitempty"` // SHA-256 of its content
	// CrawlDelay is what it announces to us, 0 when nothing; Delay is the time
	// between two requests that follows from it and from the source.
	CrawlDelay time.Duration `json:"crawl_delay_ns,omitempty"`
	Delay      time.Duration `json:"delay_ns"`
	// Sitemaps are the absolute URLs that it names.
	Sitemaps []string `json:"sitemaps,omitempty"`
}

// Robots says what robots.txt has to say about a URL, and fetches it when it
// must. It sends no other request.
func (s *Session) Robots(ctx context.Context, rawURL string) Verdict {
	u, p := parseURL(rawURL)
	if p == nil {
		p = s.network.guard.refuse(u)
	}
	if p != nil {
		return Verdict{Outcome: p.outcome, Reason: p.reason}
	}
	b := new(bill)
	defer func() { s.tally.hold(b) }()
	file, p := s.robotsFile(ctx, u, b)
	return s.verdict(u, file, p)
}

// verdict puts into words what a robots.txt says about a URL, or why there is
// none to judge by.
func (s *Session) verdict(u *url.URL, file *robotsFile, p *problem) Verdict {
	v := Verdict{RobotsURL: u.Scheme + "://" + u.Host + "/robots.txt"}
	if file != nil {
		v.Group, v.Note, v.FetchedAt, v.Hash = file.rules.group, file.note, file.fetched, file.hash
		v.CrawlDelay, v.Delay, v.Sitemaps = file.rules.crawlDelay, s.delay(file), file.sitemaps()
	}
	if p != nil {
		v.Outcome, v.Reason = p.outcome, p.reason
		return v
	}
	rule, allowed := file.rules.match(pathOf(u))
	v.Allowed = allowed
	if rule.line > 0 {
		v.Rule, v.Line = rule.String(), rule.line
	}
	return v
}

// sitemaps are the absolute URLs that the file names, in its order.
func (f *robotsFile) sitemaps() []string {
	var out []string
	base, err := url.Parse(f.origin)
	if err != nil {
		return nil
	}
	for _, ref := range f.rules.sitemaps {
		if u, p := resolve(base, ref); p == nil {
			out = append(out, u.String())
		}
	}
	return out
}
