package oaipmh_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/oaipmh"
)

// repository answers by the arguments of a request.
type repository func(args url.Values) string

// walk is what became of a repository when a door went through it.
type walk struct {
	asked       []string // verbs with what was asked for
	records     []string
	events      []harvest.Event
	notes       string
	dead        string
	modified    []time.Time
	incremental bool
}

// through drives a door through a repository as a run would, without its
// fetcher: each address and step once.
func through(t *testing.T, d *oaipmh.Door, since time.Time, r repository) (w walk) {
	t.Helper()
	pending, incremental := d.Seeds(since)
	w.incremental = incremental
	seen := make(map[string]bool)
	for len(pending) > 0 {
		req := pending[0]
		pending = pending[1:]
		if key := req.Step + req.URL; seen[key] {
			continue
		} else if seen[key] = true; len(seen) > 200 {
			t.Fatal("the door never ends")
		}
		u, err := url.Parse(req.URL)
		if err != nil {
			t.Fatal(err)
		}
		args := u.Query()
		p := &harvest.Page{Request: req, URL: req.URL, Outcome: harvest.Fetched, Status: 200}
		switch body := r(args); {
		case strings.HasPrefix(body, "status "):
			fmt.Sscanf(body, "status %d", &p.Status)
			p.Outcome = harvest.ClientError
		case args.Get("verb") == "Identify" && body == "":
			p.Body = []byte(identity(""))
		default:
			p.Body = []byte(body)
		}
		var short []string
		for _, name := range slices.Sorted(mapKeys(args)) {
			if name != "metadataPrefix" && name != "verb" {
				short = append(short, name+"="+args.Get(name))
			}
		}
		w.asked = append(w.asked, strings.TrimSpace(args.Get("verb")+" "+strings.Join(short, " ")))
		got := d.Parse(p)
		for _, rec := range got.Records {
			w.records = append(w.records, rec.Title)
		}
		for _, next := range got.Requests {
			if !next.Modified.IsZero() {
				w.modified = append(w.modified, next.Modified)
			}
		}
		w.events = append(w.events, got.Events...)
		w.notes += strings.Join(got.Notes, "\n")
		if got.Dead != "" {
			w.dead = got.Dead
			return w
		}
		pending = append(pending, got.Requests...)
	}
	return w
}

func mapKeys(v url.Values) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range v {
			if !yield(k) {
				return
			}
		}
	}
}

func reply(s string) string {
	return `<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2024-05-02T10:00:00Z</responseDate>` + s + `</OAI-PMH>`
}

func identity(granularity string) string {
	return reply(`<Identify><repositoryName>Library</repositoryName><earliestDatestamp>2024-01-01</earliestDatestamp><granularity>` + granularity + `</granularity></Identify>`)
}

func refusal(code string) string { return reply(`<error code="` + code + `">No.</error>`) }

// page is a page of records with those numbers.
func page(token string, numbers ...int) string {
	var b strings.Builder
	for _, n := range numbers {
		fmt.Fprintf(&b, `<record><header><identifier>oai:library:%d</identifier><datestamp>2024-02-03</datestamp></header><metadata><dc><title>%d</title><identifier>%s/item/%d</identifier></dc></metadata></record>`, n, n, home, n)
	}
	return reply("<ListRecords>" + b.String() + "<resumptionToken>" + token + "</resumptionToken></ListRecords>")
}
