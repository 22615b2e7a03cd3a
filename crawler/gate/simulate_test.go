package gate_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/gate"
)

// world is a site that lives: it grows, mends what it has, publishes in batches
// of one kind, opens new sections, loses pages, and is seen in part when it
// answers most requests by 304. It is read into figures by the code that reads
// real records.
type world struct {
	rng        *rand.Rand
	kind       string
	items      []*item
	store      map[harvest.RecordID]*harvest.Record
	categories []string
	runs       []harvest.Run
	week       int
	config     string
	// rereads is the share of unchanged pages that are sent whole.
	rereads float64
	// weekly is how many items come in a week on average.
	weekly float64
	next   int
}

type item struct {
	record harvest.Record
	dirty  bool // changed since it was read
}

var languages = []string{"en", "en", "en", "en", "en", "en", "fr", "es"}

func newWorld(seed uint64, kind string) *world {
	w := &world{
		rng: rand.New(rand.NewPCG(seed, 87)), kind: kind, store: map[harvest.RecordID]*harvest.Record{},
		categories: []string{"report", "news", "guidance", "policy"}, config: "a",
	}
	size := 0
	switch kind {
	case "small":
		size, w.weekly, w.rereads = 40, 0.7, 1
	case "medium":
		size, w.weekly, w.rereads = 400, 4, 0.2
	case "large":
		size, w.weekly, w.rereads = 3000, 25, 0.02
	case "restless": // every page changes a little all the time, new ones in bursts
		size, w.weekly, w.rereads = 250, 6, 1
	}
	for range size {
		w.publish(w.categories[w.rng.IntN(len(w.categories))])
	}
	return w
}

// publish adds an item of that category.
func (w *world) publish(category string) {
	w.next++
	id := harvest.RecordID(fmt.Sprintf("world:%06d", w.next))
	r := harvest.Record{
		ID: id, Source: "world", URL: fmt.Sprintf("https://world.example/%s/%d", category, w.next),
		Title: w.sentence(3 + w.rng.IntN(10)), Category: category, CategoryRaw: strings.ToUpper(category),
		Language:   harvest.Language{Value: languages[w.rng.IntN(len(languages))]},
		Provenance: map[string]harvest.Evidence{},
	}
	w.fill(&r)
	w.items = append(w.items, &item{record: r, dirty: true})
}

// fill gives a record what records of its kind have on this site.
func (w *world) fill(r *harvest.Record) {
	has := map[string]float64{"summary": 0.97, "published": 0.99, "authors": 0.4, "documents": 0.1, "publisher": 1, "doi": 0.02}
	if r.Category == "report" {
		has["documents"], has["authors"] = 0.9, 0.8
	}
	if r.Category == "news" {
		has["authors"] = 0.1
	}
	for field, p := range has {
		if w.rng.Float64() >= p {
			continue
		}
		switch field {
		case "summary":
			r.Summary = w.sentence(25)
			r.Provenance["summary"] = harvest.Evidence{Basis: "selector", Detail: ".entry-content p (1 of 2)"}
			if w.rng.Float64() < 0.1 {
				r.Provenance["summary"] = harvest.Evidence{Basis: "meta", Detail: "description"}
			}
		case "published":
			r.Published = harvest.Date{Value: fmt.Sprint(2000 + w.rng.IntN(25)), Precision: harvest.PrecisionYear}
		case "authors":
			r.Authors = []string{w.sentence(2)}
		case "documents":
			r.Documents = []harvest.Document{{URL: r.URL + ".pdf"}}
		case "publisher":
			r.Publisher = "World"
		case "doi":
			r.Identifiers.DOI = fmt.Sprintf("10.1234/%d", w.rng.IntN(1e6))
		}
	}
}

var vocabulary = strings.Fields("forced labour supply chain fishing migrant child report policy brief modern slavery garment worker rights survey evidence law remedy brick kiln debt bondage recruitment fees annual review")

func (w *world) sentence(n int) string {
	var out []string
	for range n {
		out = append(out, vocabulary[w.rng.IntN(len(vocabulary))])
	}
	return strings.Join(out, " ") + fmt.Sprint(" ", w.rng.IntN(1e6))
}

// live lets a week pass.
func (w *world) live() {
	w.week++
	rate := w.weekly
	switch season := w.week % 52; {
	case season >= 30 && season < 35, season >= 50: // summer, new year
		rate *= 0.2
	case season >= 10 && season < 13: // conferences
		rate *= 3
	}
	for range poisson(w.rng, rate) {
		w.publish(w.categories[w.rng.IntN(len(w.categories))])
	}
	if w.rng.Float64() < 0.04 { // a batch of one kind, such as the papers of a workshop
		kind := w.categories[w.rng.IntN(len(w.categories))]
		for range 5 + w.rng.IntN(int(3*w.weekly)+10) {
			w.publish(kind)
		}
	}
	if w.rng.Float64() < 0.05 && len(w.categories) < 9 { // a new section
		w.categories = append(w.categories, fmt.Sprintf("section-%d", len(w.categories)))
	}
	edits := 0.01
	if w.kind == "restless" {
		edits = 0.3
	}
	for _, it := range w.items {
		if w.rng.Float64() < edits {
			it.record.Summary = w.sentence(25)
			if w.rng.Float64() < 0.03 { // an edit may lose something
				it.record.Summary = ""
			}
			if w.rng.Float64() < 0.01 {
				it.record.Authors = nil
			}
			it.dirty = true
		}
	}
	if w.rng.Float64() < 0.1 { // some are taken off
		n := w.rng.IntN(1 + len(w.items)/50)
		for range n {
			at := w.rng.IntN(len(w.items))
			w.items = slices.Delete(w.items, at, at+1)
		}
	}
}

func poisson(rng *rand.Rand, mean float64) int {
	n := 0
	for t := rng.ExpFloat64(); t < mean; t += rng.ExpFloat64() {
		n++
	}
	return n
}

// visit is a run of the site as it is now, changed by what a break does to
// records on the way. It is judged, and kept as history when it holds; when it
// does not, somebody looks, finds all in order, and publishes it.
func (w *world) visit(breaks func(r *harvest.Record)) []harvest.GateResult {
	run, commit := w.run(breaks)
	history := gate.Baseline(w.runs, run.ID)
	results := gate.Judge(noGates, history, &run, true)
	failed := gate.Failed(results)
	run.State, run.Gates = harvest.RunPassed, results
	if len(failed) > 0 {
		run.Ruling = &harvest.Ruling{Publish: true}
	}
	commit()
	w.runs = append(w.runs, run)
	return failed
}

func (w *world) run(breaks func(r *harvest.Record)) (harvest.Run, func()) {
	at := time.Date(2024, 1, 1, 3, 0, 0, 0, time.UTC).AddDate(0, 0, 7*w.week)
	run := harvest.Run{ID: harvest.NewRunID("world", at), Source: "world", StartedAt: at, Config: w.config}
	var sum gate.Sum
	outage := w.rng.Float64() < 0.1 // a bad hour: some pages answer 404 that are there
	seen := 0
	fresh := map[harvest.RecordID]*harvest.Record{}
	kept := map[harvest.RecordID]bool{}
	add := func(r gate.Reading) {
		packed := sum.Pack(&r)
		sum.Learn(sum.Words())
		if _, err := sum.Add(packed); err != nil {
			panic(err)
		}
	}
	unread := 0
	for _, it := range w.items {
		if outage && w.rng.Float64() < 0.02 {
			sum.Page(true, false)
			continue
		}
		now := it.record
		now.Provenance = maps.Clone(it.record.Provenance)
		sent := it.dirty || w.rng.Float64() < w.rereads
		if breaks != nil {
			breaks(&now)
			sent = true
		}
		sum.Page(false, false)
		was := w.store[now.ID]
		if !sent && was != nil {
			unread++
			kept[now.ID] = true
			seen++
			continue
		}
		seen++
		reading := gate.Read(&now, was)
		add(reading)
		if was != nil {
			kept[now.ID] = true
		}
		for _, e := range reading.Fields {
			if e.Example.URL != "" {
				sum.AddExample(e.Name, e.Example)
			}
		}
		fresh[now.ID] = &now
	}
	sum.Saw(unread, 0)
	f := sum.Figures()
	f.Standing, f.Whole = len(w.store), true
	for id := range w.store {
		if !kept[id] {
			f.Missed++
		}
	}
	run.Figures = &f
	run.Outcomes = map[harvest.Outcome]int{harvest.NewRecord: f.New, harvest.UnchangedRecord: seen - f.New}
	return run, func() {
		maps.Copy(w.store, fresh)
		for id := range w.store { // what is not seen is gone soon
			if !kept[id] && fresh[id] == nil && w.rng.Float64() < 0.4 {
				delete(w.store, id)
			}
		}
		for _, it := range w.items {
			it.dirty = false
		}
	}
}
