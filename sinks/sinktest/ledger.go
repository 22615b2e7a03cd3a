package sinktest

import (
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/harvest87/harvest"
)

var ledgerTests = []contract{
	{"page facts come back by URL, unknown ones are absent", pagesKeep},
	{"page facts are replaced", pagesReplace},
	{"one URL of two sources has two entries", pagesOfSources},
	{"many pages in one call", pagesMany},
	{"a run's report comes back whole", runsKeep},
	{"a run's report is replaced", runsReplace},
	{"runs come newest first, of one source or all, at most limit", runsOrder},
	{"an unknown run is not found", runsNotFound},
	{"totals count records, works, runs and active records by source", statsCount},
	{"an empty catalogue has empty totals", statsEmpty},
}

func page(n int) harvest.PageFacts {
	return harvest.PageFacts{
		Source: "alpha", URL: fmt.Sprintf("https://alpha.example/item/%d?q=%%27+OR+1", n),
		Validators: harvest.Validators{ETag: `W/"a'b\"c"`, LastModified: "Sun, 01 Mar 2026 03:00:00 GMT"},
		Hash:       "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Status: 200,
		FetchedAt: minute(n).Add(250 * time.Millisecond), Config: "0badcafe",
		Content: "5d41402abc4b2a76", Since: minute(n).Add(-time.Hour), Changes: 3, ChangedAt: minute(n).Add(-time.Minute), Links: []byte{0, 0xff, byte(n)},
		Size: 5_000_000_000, Records: []harvest.RecordID{"alpha:2", "alpha:1"},
	}
}

func (s *suite) pages(source harvest.SourceID, urls ...string) map[string]harvest.PageFacts {
	s.Helper()
	got, err := s.Pages(s.Context(), source, urls)
	s.must("pages", err)
	for url, p := range got {
		if p.FetchedAt.Location() != time.UTC {
			s.Errorf("%s: fetched at %v, want UTC", url, p.FetchedAt)
		}
	}
	return got
}

func pagesKeep(s *suite) {
	least := harvest.PageFacts{Source: "alpha", URL: "https://alpha.example/least", Status: 404, FetchedAt: minute(3)}
	s.must("put pages", s.PutPages(s.Context(), []harvest.PageFacts{page(1), page(2), least}))
	s.same("pages", map[string]harvest.PageFacts{page(1).URL: page(1), least.URL: least},
		s.pages("alpha", page(1).URL, least.URL, "https://alpha.example/unknown", page(1).URL))
	s.same("no URLs", 0, len(s.pages("alpha")))
}

func pagesReplace(s *suite) {
	s.must("put pages", s.PutPages(s.Context(), []harvest.PageFacts{page(1)}))
	second := harvest.PageFacts{Source: "alpha", URL: page(1).URL, Status: 410, FetchedAt: minute(61)}
	s.must("put pages", s.PutPages(s.Context(), []harvest.PageFacts{second}))
	s.same("replaced", map[string]harvest.PageFacts{second.URL: second}, s.pages("alpha", second.URL))

	third := page(1)
	third.Status = 304
	s.must("put pages", s.PutPages(s.Context(), []harvest.PageFacts{second, page(2), third}))
	s.same("the last of two in one call", third, s.pages("alpha", third.URL)[third.URL])
}

func pagesOfSources(s *suite) {
	ours, theirs := page(1), page(1)
	theirs.Source, theirs.Hash = "beta", "other"
	s.must("put pages", s.PutPages(s.Context(), []harvest.PageFacts{ours, theirs}))
	s.same("ours", map[string]harvest.PageFacts{ours.URL: ours}, s.pages("alpha", ours.URL))
	s.same("theirs", map[string]harvest.PageFacts{theirs.URL: theirs}, s.pages("beta", theirs.URL))
	s.same("of an unknown source", 0, len(s.pages("gamma", ours.URL)))
}

func pagesMany(s *suite) {
	var all []harvest.PageFacts
	var urls []string
	want := make(map[string]harvest.PageFacts)
	for n := range min(s.backend.MaxBatch, 1500) {
		all = append(all, page(n))
		urls = append(urls, page(n).URL)
		want[page(n).URL] = page(n)
	}
	s.must("put pages", s.PutPages(s.Context(), all))
	s.same("pages", want, s.pages("alpha", urls...))
}

// report is a run with every field filled, and with names that mean something
// to a document store.
func report() harvest.Run {
	return harvest.Run{
		ID: firstRun, Source: "alpha",
		ScheduledAt: minute(0), StartedAt: minute(1).Add(time.Millisecond), EndedAt: minute(9),
		State: harvest.RunPartial, Reason: "listing ended at page 3 of 9", Resumed: 2, Config: "0badcafe",
		Incremental: true, Since: minute(-600),
		Doors: []harvest.DoorTrial{
			{Door: "wordpress", Reason: "no API at /wp-json/", Worked: minute(-900)}, {Door: "listing", Used: true},
		},
		Outcomes: map[harvest.Outcome]int{harvest.Fetched: 120, harvest.NewRecord: 90, harvest.ServerError: 3},
		Samples: []harvest.Event{
			{Outcome: harvest.ServerError, URL: "https://alpha.example/?a=1&b='", Record: "alpha:1", Reason: `500 "oops"`},
			{Outcome: harvest.NoTitle},
		},
		Requests: 130, WireBytes: 1_234_567, Bytes: 8_589_934_592,
		Notes: []string{"robots.txt: crawl-delay 10 s", "مرحبا"},
		Hosts: harvest.HostUses{
			{Host: "alpha.example"},
			{
				Host: "files.example", Requests: 130, RobotsRequests: 2, NotModified: 7, Saved: 77_000, Refused: 3,
				WireBytes: 1_234_567, Bytes: 8_589_934_592, Waited: 4 * time.Minute, Delay: 30 * time.Second,
				CrawlDelay: 2 * time.Minute, Capped: true, Robots: "read", RobotsHash: "e3b0c442",
			},
		},
		Labels: map[string]int{
			"News & Analysis": 12, "a.b.c": 1, "$where": 2, ".": 3, "$": 4, `quote " and '`: 5,
			"नेपाली": 6, "with space ": 7, "_id": 8, "back\\slash": 9, "a\tb": 10, "😀": 11,
		},
		Newest: true, Replay: true, Held: 17,
		Figures: &harvest.Figures{
			Standing: 120, New: 3, Again: 80, Unread: 30, Changed: 8, Whole: true, Missed: 7, Invalid: 1,
			Fields: []harvest.FieldFigures{{
				Name: "summary", New: 3, Had: 80, Lost: 8,
				By: []harvest.Tally{{Name: "selector .a.b $c", Count: 70}}, Was: []harvest.Tally{{Name: "meta og:description", Count: 8}},
				Examples: []harvest.Example{{Record: "alpha:1", URL: "https://alpha.example/?a=1&b='", Before: "what it said", After: ""}},
			}},
			Categories: []harvest.Tally{{Name: "report", Count: 2}, {Name: "none", Count: 1}}, Languages: []harvest.Tally{{Name: "en", Count: 3}},
			Lengths: []harvest.Tally{{Name: "64", Count: 3}}, CategoryMoves: []harvest.Tally{{Name: "news → report", Count: 2}},
			LanguageMoves: []harvest.Tally{{Name: "en → es", Count: 1}},
			TopTitle:      `"home" & more`, TopCount: 4, Asked: 120, Lost: 3, Repeats: 2,
		},
		Gates: []harvest.GateResult{
			{Gate: "lost.summary", Failed: true, Seen: 0.1, High: 0.05, History: 9, Says: "10 % …", Hints: []string{"a", "b"}, Examples: []harvest.Example{{URL: "u"}}},
			{Gate: "new", Seen: 3, High: 60.5},
		},
		Ruling: &harvest.Ruling{Publish: true, Author: "ada", Reason: "it's so", At: minute(99), Done: true},
	}
}

func (s *suite) run(id harvest.RunID) harvest.Run {
	s.Helper()
	r, err := s.Catalogue.Run(s.Context(), id)
	s.must("run "+string(id), err)
	return r
}

func runsKeep(s *suite) {
	full := report()
	for field, value := range reflect.ValueOf(&full).Elem().Fields() {
		if value.IsZero() {
			s.Errorf("the report of this test has no %s: whether it is kept is not seen", field.Name)
		}
	}
	least := harvest.Run{ID: secondRun, Source: "alpha", ScheduledAt: minute(60), StartedAt: minute(60), State: harvest.RunRunning}
	s.must("put run", s.PutRun(s.Context(), report()))
	s.must("put run", s.PutRun(s.Context(), least))
	s.same("full report", report(), s.run(firstRun))
	s.same("least report", least, s.run(secondRun))
	runs, err := s.Runs(s.Context(), "", 0)
	s.must("runs", err)
	s.same("listed", []harvest.Run{least, report()}, runs)
	for _, r := range runs {
		if r.StartedAt.Location() != time.UTC || r.ScheduledAt.Location() != time.UTC {
			s.Errorf("times %v and %v are not in UTC", r.StartedAt, r.ScheduledAt)
		}
	}
}

func runsReplace(s *suite) {
	r := report()
	s.must("put run", s.PutRun(s.Context(), r))
	again := harvest.Run{ID: r.ID, Source: r.Source, ScheduledAt: r.ScheduledAt, StartedAt: r.StartedAt, State: harvest.RunPassed}
	s.must("put run", s.PutRun(s.Context(), again))
	s.same("replaced", again, s.run(r.ID))
	s.same("its argument", report(), r)
}

func runsOrder(s *suite) {
	var alpha, all []harvest.RunID
	for n := range 6 {
		source := harvest.SourceID([]string{"alpha", "beta"}[n%2])
		// Written in another order than scheduled.
		at := minute([]int{30, 10, 50, 20, 60, 40}[n])
		s.must("put run", s.PutRun(s.Context(), harvest.Run{
			ID: harvest.NewRunID(source, at), Source: source, ScheduledAt: at, StartedAt: minute(99 - n), State: harvest.RunPassed,
		}))
	}
	for _, n := range []int{60, 50, 40, 30, 20, 10} {
		source := harvest.SourceID("alpha")
		if n == 10 || n == 20 || n == 40 {
			source = "beta"
		}
		id := harvest.NewRunID(source, minute(n))
		all = append(all, id)
		if source == "alpha" {
			alpha = append(alpha, id)
		}
	}
	for _, c := range []struct {
		source harvest.SourceID
		limit  int
		want   []harvest.RunID
	}{
		{"", 0, all},
		{"", 4, all[:4]},
		{"", 99, all},
		{"alpha", 0, alpha},
		{"alpha", 1, alpha[:1]},
		{"alpha", 9, alpha},
		{"alph", 0, nil},
		{"$where", 0, nil},
		{"' OR 1=1 --", 5, nil},
	} {
		runs, err := s.Runs(s.Context(), c.source, c.limit)
		s.must("runs", err)
		var got []harvest.RunID
		for _, r := range runs {
			got = append(got, r.ID)
		}
		s.same(fmt.Sprintf("runs of %q, limit %d", c.source, c.limit), c.want, got)
	}
}

func runsNotFound(s *suite) {
	for _, id := range []harvest.RunID{"alpha@unknown", ""} {
		if r, err := s.Catalogue.Run(s.Context(), id); !errors.Is(err, harvest.ErrNotFound) {
			s.Errorf("run %q: %+v, %v; want not found", id, r, err)
		}
	}
}

func statsCount(s *suite) {
	library(s)
	s.putWorks(harvest.Work{ID: "w:1", Members: []harvest.Member{{Record: "alpha:a", Method: "doi"}, {Record: "beta:e", Method: "doi"}}})
	s.must("put run", s.PutRun(s.Context(), report()))
	got, err := s.Stats(s.Context())
	s.must("stats", err)
	s.same("stats", harvest.Stats{
		Records: 9, Works: 1, Runs: 1, LastChanged: minute(9),
		BySource: map[harvest.SourceID]int{"alpha": 4, "beta": 2, "gamma": 1},
	}, got)
}

func statsEmpty(s *suite) {
	got, err := s.Stats(s.Context())
	s.must("stats", err)
	s.same("stats", harvest.Stats{}, got)
}
