package parsers

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/csvfile"
	"github.com/harvest87/harvest/parsers/feed"
	"github.com/harvest87/harvest/parsers/jsonapi"
	"github.com/harvest87/harvest/parsers/links"
	"github.com/harvest87/harvest/parsers/listing"
	"github.com/harvest87/harvest/parsers/oaipmh"
	"github.com/harvest87/harvest/parsers/sitemap"
	"github.com/harvest87/harvest/parsers/wordpress"
	"github.com/harvest87/harvest/parsers/xlsxfile"
)

// Door is what every folder of this package implements; a run declares its own
// view of it as crawler.Door.
//
// A door is pure and is called from several goroutines at once. It accepts any
// bytes, keeps neither the page nor its request, and the slices it returns
// belong to the caller.
type Door interface {
	// Seeds are the first requests. When since is not zero the door asks only
	// for what changed at or after that moment, if its protocol can; the
	// second result says whether it does.
	Seeds(since time.Time) (requests []harvest.Request, incremental bool)

	// Parse answers for one page of any outcome.
	Parse(page *harvest.Page) harvest.Parsed
}

// kinds are the doors of this version by the word that a source file uses.
var kinds = []struct {
	name string
	set  func(*config.Door) bool // whether the door has settings of the kind
	open func(*config.Source, *config.Vocabulary, int) (Door, error)
}{
	{"csv", func(d *config.Door) bool { return d.CSV != nil }, as(csvfile.New)},
	{"feed", func(d *config.Door) bool { return d.Feed != nil }, as(feed.New)},
	{"json", func(d *config.Door) bool { return d.JSON != nil }, as(jsonapi.New)},
	{"links", func(d *config.Door) bool { return d.Links != nil }, as(links.New)},
	{"listing", func(d *config.Door) bool { return d.Listing != nil }, as(listing.New)},
	{"oai-pmh", func(d *config.Door) bool { return d.OAIPMH != nil }, as(oaipmh.New)},
	{"sitemap", func(d *config.Door) bool { return d.Sitemap != nil }, as(sitemap.New)},
	{"wordpress", func(d *config.Door) bool { return d.WordPress != nil }, as(wordpress.New)},
	{"xlsx", func(d *config.Door) bool { return d.XLSX != nil }, as(xlsxfile.New)},
}

// as lets a kind of door stand for any.
func as[D Door](open func(*config.Source, *config.Vocabulary, int) (D, error)) func(*config.Source, *config.Vocabulary, int) (Door, error) {
	return func(s *config.Source, v *config.Vocabulary, i int) (Door, error) { return open(s, v, i) }
}

// Kinds lists the kinds of door that New knows, sorted.
func Kinds() []string {
	var out []string
	for _, k := range kinds {
		out = append(out, k.name)
	}
	slices.Sort(out)
	return out
}

// New returns the door at that position of the source file, from 0. vocab may
// be nil; records then have no controlled category. The error says what in the
// door's configuration cannot be used.
func New(src *config.Source, vocab *config.Vocabulary, door int) (Door, error) {
	if door < 0 || door >= len(src.Doors) {
		return nil, fmt.Errorf("source %s has no door %d", src.ID, door)
	}
	d := &src.Doors[door]
	for _, k := range kinds {
		if k.name != d.Kind {
			continue
		}
		if !k.set(d) {
			return nil, fmt.Errorf("source %s: door %d: %s has no settings", src.ID, door, d.Kind)
		}
		opened, err := k.open(src, vocab, door)
		if err != nil {
			return nil, fmt.Errorf("source %s: door %d: %s: %w", src.ID, door, d.Kind, err)
		}
		return opened, nil
	}
	return nil, fmt.Errorf("source %s: door %d: no door %q in this version; known: %s", src.ID, door, d.Kind, strings.Join(Kinds(), ", "))
}
