package register

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/item"
)

// StepFile is the step of the door; behind "?" stands how many rows an earlier
// reading has taken.
const StepFile = "file"

const (
	// part is how many rows are taken at one reading; a longer file is fetched
	// once for each part, so that neither memory nor journal grows with it.
	part = 20_000
	// maxParts ends a file that does not.
	maxParts = 100
)

// Door reads registers. It is immutable and safe for concurrent use.
type Door struct {
	source     *config.Source
	vocabulary *config.Vocabulary
	register   config.Register
	format     Format
	door       int
	part       int
}

// New returns the door at that position of the source, whose settings are
// given, for files of a format. Nothing is fetched.
func New(src *config.Source, vocab *config.Vocabulary, door int, settings config.Register, f Format) *Door {
	return &Door{source: src, vocabulary: vocab, register: settings, format: f, door: door, part: part}
}

// Seeds asks for the files. A file cannot be asked for changes only.
func (d *Door) Seeds(time.Time) ([]harvest.Request, bool) {
	out := make([]harvest.Request, 0, len(d.register.Start))
	for _, start := range d.register.Start {
		out = append(out, harvest.Request{URL: start, Kind: harvest.KindDiscovery, Door: d.door, Step: StepFile, Page: 1})
	}
	return out, false
}

// Streams reports that files are read piece by piece.
func (d *Door) Streams(*harvest.Request) bool { return true }

// open reads up to the first row of a file.
func (d *Door) open(body []byte) (*table, error) {
	lines, err := d.format.Open(body)
	if err != nil {
		return nil, err
	}
	return openTable(lines, d.wanted())
}

// Recognise tells a table by the columns that the source file names.
func (d *Door) Recognise(p *harvest.Page) (req harvest.Request, why string, ok bool) {
	t, err := d.open(p.Body)
	seeds, _ := d.Seeds(time.Time{})
	if err != nil || len(seeds) == 0 {
		return req, "", false
	}
	return seeds[0], fmt.Sprintf("it is a table with %d columns", len(named(t.columns))), true
}

// visit is the reading of one file.
type visit struct {
	*Door
	page *harvest.Page
	from int
	out  harvest.Parsed
}

func (v *visit) fail(why string) {
	v.out.Events = append(v.out.Events, harvest.Event{Outcome: harvest.ParseFailed, URL: v.page.URL, Reason: why})
}

// Parse answers for one file. It is pure and accepts any bytes.
func (d *Door) Parse(p *harvest.Page) harvest.Parsed {
	name, rest, _ := strings.Cut(p.Request.Step, "?from=")
	from, err := strconv.Atoi(rest)
	if err != nil || from < 0 {
		from = 0
	}
	v := visit{Door: d, page: p, from: from}
	switch {
	case name != StepFile:
		return harvest.Parsed{Notes: []string{fmt.Sprintf("the %s door has no step %q", d.format.Kind, name)}}
	case p.Outcome == harvest.Fetched:
		return v.file()
	case p.Outcome == harvest.Cancelled, p.Outcome == harvest.NotModified, p.Outcome == harvest.Skipped, p.Outcome == harvest.Duplicate:
		return harvest.Parsed{}
	}
	return v.broken(fmt.Sprintf("%s (%d) %s", p.Outcome, p.Status, p.Reason), false)
}

// broken answers for what is no table. When it is the only file, the door does
// not work; elsewhere the run has a hole.
func (v *visit) broken(why string, fetched bool) harvest.Parsed {
	if len(v.register.Start) == 1 && v.from == 0 {
		return harvest.Parsed{Dead: v.page.Request.URL + ": " + strings.TrimSpace(why)}
	}
	if fetched {
		v.fail(why)
	}
	return v.out
}

// file reads a table.
func (v *visit) file() harvest.Parsed {
	t, err := v.open(v.page.Body)
	if err != nil {
		return v.broken(err.Error(), true)
	}
	if v.register.WholeFile {
		rec := v.whole(v.page)
		item.Finish(&v.out, &rec, v.source, v.vocabulary)
		return v.out
	}
	v.rows(t)
	if n := len(t.skipped); n > 0 && v.from == 0 {
		v.out.Notes = append(v.out.Notes, fmt.Sprintf("%s: %d sheets lack the columns and were left out: %s", v.page.Request.URL, n, clip(strings.Join(t.skipped, ", "), 200)))
	}
	return v.out
}

// rows makes a record or an event of each row.
func (v *visit) rows(t *table) {
	for n := 0; ; n++ {
		r, err := t.next(v.wanted())
		switch {
		case err != nil:
			v.fail(fmt.Sprintf("row %d: %s", n+1, err))
			return
		case r == nil:
			return
		case n < v.from:
			continue
		case n == v.from+v.part:
			v.more(n)
			return
		}
		rec := v.adapt(r, v.page.URL)
		if rec.URL == "" {
			v.out.Events = append(v.out.Events, harvest.Event{Outcome: harvest.NoURL, URL: v.page.URL, Reason: fmt.Sprintf("row %d has no address", n+1)})
			continue
		}
		item.Finish(&v.out, &rec, v.source, v.vocabulary)
	}
}

// more asks for the file again, for the rows behind those that were taken.
func (v *visit) more(from int) {
	if from >= maxParts*v.part {
		v.fail(fmt.Sprintf("it has more than %d rows; the rest was left out", from))
		return
	}
	v.out.Requests = append(v.out.Requests, harvest.Request{
		URL: v.page.Request.URL, Kind: harvest.KindDiscovery, Door: v.door, Step: fmt.Sprintf("%s?from=%d", StepFile, from), Page: 1,
		Depth: v.page.Request.Depth + 1, Referrer: v.page.URL,
	})
}
