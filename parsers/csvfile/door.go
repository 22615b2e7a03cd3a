package csvfile

import (
	"fmt"
	"slices"
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

// Door reads tables. It is immutable and safe for concurrent use.
type Door struct {
	source     *config.Source
	vocabulary *config.Vocabulary
	csv        config.CSV
	door       int
	part       int
}

// New returns the door at that position of the source, which must be of the
// kind csv. Nothing is fetched.
func New(src *config.Source, vocab *config.Vocabulary, door int) (*Door, error) {
	return &Door{source: src, vocabulary: vocab, csv: *src.Doors[door].CSV, door: door, part: part}, nil
}

// Seeds asks for the files. A file cannot be asked for changes only.
func (d *Door) Seeds(time.Time) ([]harvest.Request, bool) {
	out := make([]harvest.Request, 0, len(d.csv.Start))
	for _, start := range d.csv.Start {
		out = append(out, harvest.Request{URL: start, Kind: harvest.KindDiscovery, Door: d.door, Step: StepFile, Page: 1})
	}
	return out, false
}

// Streams reports that files are read piece by piece.
func (d *Door) Streams(*harvest.Request) bool { return true }

// Recognise tells a table by the columns that the source file names.
func (d *Door) Recognise(p *harvest.Page) (req harvest.Request, why string, ok bool) {
	t, err := open(p.Body)
	seeds, _ := d.Seeds(time.Time{})
	if err != nil || len(seeds) == 0 || !d.csv.WholeFile && d.lacks(t) != "" {
		return req, "", false
	}
	return seeds[0], fmt.Sprintf("it is a table with %d columns", len(t.columns)), true
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
		return harvest.Parsed{Notes: []string{fmt.Sprintf("the csv door has no step %q", name)}}
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
	if len(v.csv.Start) == 1 && v.from == 0 {
		return harvest.Parsed{Dead: v.page.Request.URL + ": " + strings.TrimSpace(why)}
	}
	if fetched {
		v.fail(why)
	}
	return v.out
}

// file reads a table.
func (v *visit) file() harvest.Parsed {
	t, err := open(v.page.Body)
	if err != nil {
		return v.broken(err.Error(), true)
	}
	if v.csv.WholeFile {
		rec := v.whole(v.page)
		item.Finish(&v.out, &rec, v.source, v.vocabulary)
		return v.out
	}
	if why := v.lacks(t); why != "" {
		return v.broken(why, true)
	}
	v.rows(t)
	return v.out
}

// lacks says which column is missing without which no row is a record.
func (d *Door) lacks(t *table) string {
	for _, templates := range needed(&d.csv.Fields) {
		var wanted []string
		for _, text := range templates {
			missing := ""
			for _, c := range (template{text}).columns() {
				if !slices.Contains(t.columns, fold(c)) {
					missing = c
				}
			}
			if missing == "" {
				wanted = nil
				break
			}
			wanted = append(wanted, missing)
		}
		if len(wanted) > 0 {
			return fmt.Sprintf("has no column %q; it has %s", wanted[0], clip(strings.Join(t.columns, ", "), 300))
		}
	}
	return ""
}

// rows makes a record or an event of each row.
func (v *visit) rows(t *table) {
	for n := 0; ; n++ {
		row, err := t.next()
		switch {
		case err != nil:
			v.fail(fmt.Sprintf("row %d: %s", n+1, err))
			return
		case row == nil:
			return
		case n < v.from:
			continue
		case n == v.from+v.part:
			v.more(n)
			return
		}
		rec := v.adapt(row, v.page.URL)
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

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}
