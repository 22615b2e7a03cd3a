package main

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/fetch"
)

// telling are the header fields that explain what became of a page.
var telling = []string{
	"Location", "Content-Type", "Content-Encoding", "Content-Length", "ETag", "Last-Modified", "Cache-Control", "Age", "Vary",
	"Retry-After", "X-Robots-Tag", "Link", "Www-Authenticate", "Server", "Via", "X-Cache", "Cf-Mitigated", "X-Amzn-Waf-Action", "Set-Cookie",
}

// printAccount writes for people how a page was had.
func printAccount(w io.Writer, a *account) {
	for i := range a.Hops {
		printHop(w, i+1, &a.Hops[i])
	}
	p := a.Page
	fmt.Fprintf(w, "OUTCOME   %s\n", p.Outcome)
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "  %-9s %s\n", name, safeLine(value))
		}
	}
	row("means", p.Outcome.Info().Means)
	row("why", p.Reason)
	row("address", p.URL)
	if p.RetryAfter > 0 {
		row("again", "not before "+p.RetryAfter.Round(time.Second).String())
	}
	row("robots", p.RobotsSaid)
	if p.Outcome == harvest.Fetched {
		row("type", p.MediaType)
		if p.Charset != "" {
			row("charset", p.Charset+", found in: "+p.CharsetFrom)
		}
		row("size", fmt.Sprintf("%s, %s on the wire", bytesText(int64(len(p.Body))), bytesText(p.Size)))
		row("sha256", p.Hash)
	}
	row("known by", listed(labelled("ETag ", p.Validators.ETag), labelled("Last-Modified ", p.Validators.LastModified)))
	if use := p.Hosts.Total(); use.Requests > 0 {
		row("cost", fmt.Sprintf("%s, %d of them for robots.txt, %s on the wire, waited %s",
			number(use.Requests, "request", "requests"), use.RobotsRequests, bytesText(use.WireBytes), short(use.Waited)))
	}
	row("saved", a.Saved)
}

func printHop(w io.Writer, n int, h *fetch.Hop) {
	fmt.Fprintf(w, "HOP %-5d %s\n", n, safeLine(h.URL))
	if h.Robots != nil {
		fmt.Fprintf(w, "  robots    %s\n", safeLine(verdictText(h.Robots)))
		if pace := paceText(h.Robots); pace != "" {
			fmt.Fprintf(w, "  pace      %s\n", pace)
		}
	}
	if h.Outcome != "" {
		fmt.Fprintf(w, "  not asked %s: %s\n", h.Outcome, safeLine(h.Reason))
	}
	for i := range h.Tries {
		printTry(w, &h.Tries[i])
	}
}

// verdictText says what robots.txt decides, and by which line.
func verdictText(v *fetch.Verdict) string {
	from := fmt.Sprintf("%s (%s)", v.RobotsURL, v.Note)
	switch {
	case v.Outcome != "":
		return fmt.Sprintf("%s: %s; %s", v.Outcome, v.Reason, v.RobotsURL)
	case v.Rule == "" && v.Group == "":
		return "allowed: no rules for us; " + from
	case v.Rule == "":
		return fmt.Sprintf("allowed: no rule of group %q applies; %s", v.Group, from)
	case v.Allowed:
		return fmt.Sprintf("allowed by line %d, group %q: %s; %s", v.Line, v.Group, v.Rule, from)
	}
	return fmt.Sprintf("not allowed by line %d, group %q: %s; %s", v.Line, v.Group, v.Rule, from)
}

// paceText says what delay is kept, where there is more to it than the source's.
func paceText(v *fetch.Verdict) string {
	switch {
	case v.CrawlDelay == 0:
		return ""
	case v.CrawlDelay > v.Delay:
		return fmt.Sprintf("%s between requests, the source's limit; %s is announced", v.Delay, v.CrawlDelay)
	}
	return fmt.Sprintf("%s between requests; %s is announced", v.Delay, v.CrawlDelay)
}

func printTry(w io.Writer, t *fetch.Try) {
	answer := "no answer"
	if t.Status != 0 {
		answer = strings.TrimSpace(fmt.Sprintf("%d %s", t.Status, http.StatusText(t.Status)))
	}
	connection := "a new connection"
	if t.Reused {
		connection = "a connection that was there"
	}
	if t.Remote == "" {
		connection = ""
	}
	fmt.Fprintf(w, "  answer    %s\n", safeLine(listed(answer, t.Proto, t.TLS, labelled("from ", t.Remote), connection)))
	if t.Outcome != "" {
		fmt.Fprintf(w, "            %s: %s\n", t.Outcome, safeLine(t.Reason))
	}
	fmt.Fprintf(w, "  time      %s\n", timingText(t.Timing))
	if t.Bytes+t.WireBytes > 0 {
		fmt.Fprintf(w, "  body      %s\n", listed(bytesText(t.Bytes), bytesText(t.WireBytes)+" on the wire", safeLine(labelled("coded ", t.Header.Get("Content-Encoding")))))
	}
	for _, name := range telling {
		for _, value := range t.Header.Values(name) {
			fmt.Fprintf(w, "  header    %s: %s\n", name, fit(value, max(60, width(w)-30)))
		}
	}
}

func timingText(t fetch.Timing) string {
	return fmt.Sprintf("waited %s, DNS %s, connect %s, TLS %s, first octet %s, body %s; %s in all",
		short(t.Waited), short(t.DNS), short(t.Connect), short(t.TLS), short(t.FirstByte), short(t.Body), short(t.Total))
}

// short is a duration with the digits that matter.
func short(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return d.Round(time.Microsecond).String()
	case d < time.Second:
		return d.Round(100 * time.Microsecond).String()
	}
	return d.Round(10 * time.Millisecond).String()
}
