package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler"
)

// progress is how one source stands, as its live lines show it.
type progress struct {
	source harvest.SourceID
	last   crawler.Progress
	end    *harvest.Run // nil while it goes on
	past   []moment     // oldest first, over the last rateOver
}

// moment is how it stood earlier.
type moment struct {
	at    time.Time
	done  int
	hosts map[string]int // requests
}

const (
	rateOver    = 15 * time.Second // over which rates are taken
	sampleEvery = 500 * time.Millisecond
)

// update takes in how the run stands.
func (p *progress) update(now *crawler.Progress, at time.Time) {
	if p.last.Run != now.Run {
		p.end, p.past = nil, nil
	}
	p.last = *now
	if n := len(p.past); n > 0 && at.Sub(p.past[n-1].at) < sampleEvery {
		return
	}
	s := moment{at: at, done: now.Done, hosts: make(map[string]int, len(now.Hosts))}
	for i := range now.Hosts {
		s.hosts[now.Hosts[i].Host] = now.Hosts[i].Requests
	}
	p.past = append(p.past, s)
	for len(p.past) > 2 && at.Sub(p.past[1].at) >= rateOver {
		p.past = p.past[1:]
	}
}

// rate is how many there were a second of late; 0 when that cannot be said.
func (p *progress) rate(now time.Time, count int, before func(*moment) int) float64 {
	if len(p.past) == 0 {
		return 0
	}
	took := now.Sub(p.past[0].at).Seconds()
	if took < sampleEvery.Seconds() {
		return 0
	}
	return float64(count-before(&p.past[0])) / took
}

func failing(outcomes map[harvest.Outcome]int) int {
	n := 0
	for o, count := range outcomes {
		if o.Info().Severity == harvest.Failing {
			n += count
		}
	}
	return n
}

// maxName is how much of a name is shown, in columns.
const maxName = 30

// line is the line of the source, whatever its width; names have that width.
func (p *progress) line(now time.Time, names int) string {
	name := text.Pad(fit(string(p.source), names), names, ' ')
	if r := p.end; r != nil {
		line := fmt.Sprintf("%s %s: %d new, %d changed, %d unchanged", name, r.State,
			r.Outcomes[harvest.NewRecord], r.Outcomes[harvest.ChangedRecord], r.Outcomes[harvest.UnchangedRecord])
		if n := failing(r.Outcomes); n > 0 {
			line += fmt.Sprintf(", %s", number(n, "error", "errors"))
		}
		return line
	}
	l := &p.last
	all, left := l.Done+l.Pending+l.InFlight, l.Pending+l.InFlight
	rate := p.rate(now, l.Done, func(s *moment) int { return s.done })
	parts := []string{fmt.Sprintf("%s %s %s of %s pages", name, bar(l.Done, all), humanize.Comma(int64(l.Done)), humanize.Comma(int64(all)))}
	if rate > 0 {
		parts = append(parts, rateText(rate))
	}
	if n := failing(l.Outcomes); n > 0 {
		parts = append(parts, number(n, "error", "errors"))
	}
	if rate > 0 && left > 0 {
		parts = append(parts, "about "+leftText(float64(left)/rate)+" left")
	}
	for _, x := range []struct {
		n    int
		what string
	}{
		{l.Outcomes[harvest.NewRecord], "new"},
		{l.Outcomes[harvest.ChangedRecord], "changed"},
		{l.Outcomes[harvest.UnchangedRecord], "unchanged"},
	} {
		if x.n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", humanize.Comma(int64(x.n)), x.what))
		}
	}
	return strings.Join(parts, ", ")
}

func rateText(rate float64) string { return fmt.Sprintf("%.1f/s", rate) }

// leftText is a span of time as people say it.
func leftText(seconds float64) string {
	d := time.Duration(min(seconds, 1e8)) * time.Second
	switch {
	case d < time.Minute:
		return d.Round(time.Second).String()
	case d < 2*time.Hour:
		return fmt.Sprintf("%dm", int(d.Round(time.Minute).Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh", int(d.Round(time.Hour).Hours()))
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}

const barWidth = 12

func bar(done, all int) string {
	full := 0
	if all > 0 {
		full = min(barWidth, barWidth*done/all)
	}
	return "[" + strings.Repeat("=", full) + strings.Repeat(" ", barWidth-full) + "]"
}

// hosts are the lines of the hosts of a run that goes on, the most asked
// first, at most that many.
func (p *progress) hosts(now time.Time, most int) []string {
	if p.end != nil || most <= 0 {
		return nil
	}
	uses := slices.Clone(p.last.Hosts)
	slices.SortStableFunc(uses, func(a, b harvest.HostUse) int { return cmp.Compare(b.Requests, a.Requests) })
	slowest, names := p.slowest(now), 0
	for i := range uses {
		names = max(names, min(maxName, text.StringWidthWithoutEscSequences(uses[i].Host)))
	}
	var lines []string
	for i := range uses {
		if len(lines) == most-1 && len(uses) > most {
			return append(lines, fmt.Sprintf("  and %s", number(len(uses)-i, "more host", "more hosts")))
		}
		lines = append(lines, p.host(now, &uses[i], names, uses[i].Host == slowest))
	}
	return lines
}

func (p *progress) host(now time.Time, u *harvest.HostUse, names int, slowest bool) string {
	parts := []string{fmt.Sprintf("  %s %s", text.Pad(fit(u.Host, names), names, ' '), number(u.Requests, "request", "requests"))}
	if rate := p.rate(now, u.Requests, func(s *moment) int { return s.hosts[u.Host] }); rate > 0 {
		parts = append(parts, rateText(rate))
	}
	if u.Delay > 0 {
		parts = append(parts, u.Delay.String()+" apart")
	}
	if u.NotModified > 0 {
		parts = append(parts, fmt.Sprintf("%s not modified", humanize.Comma(int64(u.NotModified))))
	}
	if u.Refused > 0 {
		parts = append(parts, fmt.Sprintf("%s refused (429, 503)", humanize.Comma(int64(u.Refused))))
	}
	if slowest {
		parts = append(parts, "slowest")
	}
	return strings.Join(parts, ", ")
}

// slowest is the host, of several, whose requests are answered at the lowest
// rate of late; empty when that cannot be said.
func (p *progress) slowest(now time.Time) string {
	name, lowest, rated := "", 0.0, 0
	for i := range p.last.Hosts {
		u := &p.last.Hosts[i]
		rate := p.rate(now, u.Requests, func(s *moment) int { return s.hosts[u.Host] })
		if rate <= 0 {
			continue // done, or not begun
		}
		if rated++; rated == 1 || rate < lowest {
			name, lowest = u.Host, rate
		}
	}
	if rated < 2 {
		return ""
	}
	return name
}

// layout is what a terminal of that size shows: a line for each source, those
// that go on first, and below each as many of its hosts as there is room for.
// No line is as wide as the terminal, so that none is broken.
func layout(all []*progress, now time.Time, columns, rows int) []string {
	room := max(1, rows-2) // one for the cursor, one for what was asked
	sources := slices.Clone(all)
	slices.SortStableFunc(sources, func(a, b *progress) int { return cmp.Compare(boolInt(a.end != nil), boolInt(b.end != nil)) })
	more := 0
	if len(sources) > room {
		more = len(sources) - room + 1
		sources = sources[:room-1]
	}
	spare, running, names := room-len(sources)-boolInt(more > 0), 0, 0
	for _, p := range sources {
		running += boolInt(p.end == nil)
		names = max(names, min(maxName, text.StringWidthWithoutEscSequences(string(p.source))))
	}
	var lines []string
	for _, p := range sources {
		lines = append(lines, p.line(now, names))
		if p.end != nil {
			continue
		}
		hosts := p.hosts(now, spare/max(1, running))
		spare, running = spare-len(hosts), running-1
		lines = append(lines, hosts...)
	}
	if more > 0 {
		lines = append(lines, fmt.Sprintf("and %s", number(more, "more source", "more sources")))
	}
	for i := range lines {
		lines[i] = cut(lines[i], max(1, columns-1))
	}
	return lines
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
