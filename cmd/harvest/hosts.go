package main

import (
	"fmt"
	"io"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/harvest87/harvest"
)

// printHosts writes what a run asked of each host.
func printHosts(w io.Writer, hosts harvest.HostUses) {
	if len(hosts) == 0 {
		return
	}
	fmt.Fprintln(w)
	t := newTable(w, "HOST", "REQUESTS", "ROBOTS.TXT", "304", "SAVED", "WIRE", "CONTENT", "429/503", "DELAY", "ANNOUNCED", "WAITED", "RULES")
	for i := range hosts {
		u := &hosts[i]
		announced := pause(u.CrawlDelay)
		if u.Capped {
			announced += " (capped)"
		}
		t.AppendRow([]any{
			safeLine(u.Host), humanize.Comma(int64(u.Requests)), u.RobotsRequests, notModified(u), bytesText(u.Saved), bytesText(u.WireBytes),
			bytesText(u.Bytes), u.Refused, pause(u.Delay), announced, u.Waited.Round(time.Second / 10).String(), rules(u),
		})
	}
	t.Render()
}

// notModified is the number of answers 304 and its share of the answers to
// requests for pages.
func notModified(u *harvest.HostUse) string {
	if u.NotModified == 0 {
		return "0"
	}
	return fmt.Sprintf("%s (%d%%)", humanize.Comma(int64(u.NotModified)), 100*u.NotModified/max(u.Requests-u.RobotsRequests, 1))
}

func pause(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

// rules says how a host's robots.txt was had, and which version of it.
func rules(u *harvest.HostUse) string {
	if len(u.RobotsHash) > 12 {
		return fit(u.Robots, 40) + " " + u.RobotsHash[:12]
	}
	return fit(u.Robots, 40)
}

// printManners writes what hosts wanted of a run beyond the source's own settings.
func printManners(w io.Writer, hosts harvest.HostUses) {
	for i := range hosts {
		u := &hosts[i]
		if u.Capped {
			fmt.Fprintf(w, "  note      %s announces a crawl-delay of %s; %s was kept, the source's limit\n", safeLine(u.Host), u.CrawlDelay, u.Delay)
		}
		if u.Refused > 0 {
			fmt.Fprintf(w, "  note      %s answered %s with 429 or 503 and was asked more slowly\n", safeLine(u.Host), number(u.Refused, "request", "requests"))
		}
	}
}
