package sinktest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks"
)

var enduranceTests = []contract{
	{"two writers of one new ID end with one record", raceNew},
	{"every change of racing writers is counted once", raceChanges},
	{"writers of different records do not hinder each other", raceApart},
	{"two catalogues on one store see each other", twoCatalogues},
	{"a call with a cancelled context ends with an error", cancelBefore},
	{"a call cut off in the middle leaves whole records and can be repeated", cancelDuring},
	{"a stream ends after its first error", cancelStream},
	{"a record of a megabyte", megabyte},
	{"a batch of many", bigBatch},
	{"any Unicode", unicodeText},
	{"a NUL is refused or kept, never cut at", nul},
	{"reopened, everything is there", reopen},
	{"calls after close fail", closed},
}

// together calls f in many goroutines at once and waits for all.
func (s *suite) together(f func(writer int)) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for w := range s.backend.Writers {
		wg.Go(func() {
			<-start
			f(w)
		})
	}
	close(start)
	wg.Wait()
}

func writerRun(w int) harvest.RunID {
	return harvest.NewRunID("alpha", dawn.Add(time.Duration(w)*time.Hour))
}

func raceNew(s *suite) {
	for round := range 5 {
		r := small(round)
		outcomes := make([]harvest.Outcome, s.backend.Writers)
		s.together(func(w int) {
			changes, err := s.Put(s.Context(), writerRun(w), minute(1), []harvest.Record{r})
			if err != nil || len(changes) != 1 {
				s.Errorf("writer %d: %v, %v", w, changes, err)
				return
			}
			outcomes[w] = changes[0].Outcome
		})
		got := s.get(r.ID)
		for w, o := range outcomes {
			want := harvest.UnchangedRecord
			if got.FirstRun == writerRun(w) {
				want = harvest.NewRecord
			}
			if o != want {
				s.Errorf("round %d, writer %d was told %s, want %s; the record was found by %s", round, w, o, want, got.FirstRun)
			}
		}
		if got.Revision != 1 {
			s.Errorf("round %d: revision %d, want 1", round, got.Revision)
		}
	}
	s.same("records", 5, s.count(harvest.Query{States: []harvest.State{harvest.AnyState}}))
}

func raceChanges(s *suite) {
	outcomes := make([]harvest.Outcome, s.backend.Writers)
	s.together(func(w int) {
		changes, err := s.Put(s.Context(), writerRun(w), minute(w), []harvest.Record{retitled(small(1), fmt.Sprintf("Title %d", w))})
		if err != nil || len(changes) != 1 {
			s.Errorf("writer %d: %v, %v", w, changes, err)
			return
		}
		outcomes[w] = changes[0].Outcome
	})
	found := 0
	for w, o := range outcomes {
		switch o {
		case harvest.NewRecord:
			found++
		case harvest.ChangedRecord:
		default:
			s.Errorf("writer %d was told %q", w, o)
		}
	}
	got := s.get(small(1).ID)
	if found != 1 || got.Revision != s.backend.Writers {
		s.Errorf("%d found it and revision is %d, want 1 and %d", found, got.Revision, s.backend.Writers)
	}
	if want := minute(s.backend.Writers - 1); !got.LastSeen.Equal(want) {
		s.Errorf("last seen %v, want the latest, %v", got.LastSeen, want)
	}
}

func raceApart(s *suite) {
	const each = 10
	s.together(func(w int) {
		for n := range each {
			if _, err := s.Put(s.Context(), writerRun(w), minute(1), []harvest.Record{small(w*each + n)}); err != nil {
				s.Errorf("writer %d: %v", w, err)
			}
			if _, err := s.Count(s.Context(), harvest.Query{Sources: []harvest.SourceID{"alpha"}}); err != nil {
				s.Errorf("writer %d counts: %v", w, err)
			}
		}
	})
	s.same("records", each*s.backend.Writers, s.count(harvest.Query{}))
}

func twoCatalogues(s *suite) {
	other := s.backend.Reopen(s.T, s.Catalogue)
	defer other.Close()
	s.put(firstRun, minute(1), small(1))
	got, err := other.Record(s.Context(), small(1).ID)
	s.must("record in the other", err)
	s.same("record", s.get(small(1).ID), got)
	changes, err := other.Put(s.Context(), secondRun, minute(61), []harvest.Record{retitled(small(1), "Other")})
	s.must("put in the other", err)
	s.same("changes", []harvest.Change{{Record: small(1).ID, Outcome: harvest.ChangedRecord}}, changes)
	s.same("title", "Other", s.get(small(1).ID).Title)

	s.together(func(w int) {
		c := []sinks.Catalogue{s.Catalogue, other}[w%2]
		for n := range 5 {
			if _, err := c.Put(s.Context(), writerRun(w), minute(n), []harvest.Record{small(2), small(10 + w)}); err != nil {
				s.Errorf("writer %d: %v", w, err)
			}
		}
	})
	s.same("records", 2+s.backend.Writers, s.count(harvest.Query{}))
}

func cancelBefore(s *suite) {
	s.put(firstRun, minute(1), small(1))
	ctx := cancelled(s.Context())
	_, putErr := s.Put(ctx, secondRun, minute(61), []harvest.Record{small(2)})
	_, touchErr := s.Touch(ctx, minute(61), []harvest.RecordID{small(1).ID})
	_, recordErr := s.Record(ctx, small(1).ID)
	_, countErr := s.Count(ctx, harvest.Query{})
	_, pagesErr := s.Pages(ctx, "alpha", []string{"https://alpha.example/"})
	_, runErr := s.Catalogue.Run(ctx, firstRun)
	_, runsErr := s.Runs(ctx, "", 0)
	_, workErr := s.Work(ctx, "w:1")
	_, statsErr := s.Stats(ctx)
	_, holdersErr := s.Holders(ctx, []string{"k"}, 1)
	_, pendingErr := s.Pending(ctx, "", 1)
	_, worksErr := s.Works(ctx, "", 1)
	_, decisionsErr := s.Decisions(ctx, nil)
	_, doubtsErr := s.Doubts(ctx, 1)
	for name, err := range map[string]error{
		"put": putErr, "touch": touchErr, "record": recordErr, "count": countErr, "pages": pagesErr, "run": runErr,
		"runs": runsErr, "work": workErr, "stats": statsErr, "ping": s.Ping(ctx),
		"put keys":  s.PutKeys(ctx, keyMap{small(1).ID: {"k"}}),
		"put works": s.PutWorks(ctx, minute(1), []harvest.Work{work("w:1", member(1, "doi"))}),
		"put pages": s.PutPages(ctx, []harvest.PageFacts{page(1)}),
		"put run":   s.PutRun(ctx, report()),
		"records":   refused(s, "records", s.Records(ctx, harvest.Query{})),
		"lookup":    refused(s, "lookup", s.Lookup(ctx, []harvest.RecordID{small(1).ID})),
		"holders":   holdersErr, "pending": pendingErr, "works": worksErr, "decisions": decisionsErr, "doubts": doubtsErr,
		"settle":        s.Settle(ctx, []harvest.Record{small(1)}),
		"unsettle":      s.Unsettle(ctx),
		"put decision":  s.PutDecision(ctx, harvest.Decision{A: "a:1", B: "b:1", Author: "Ana", At: minute(1)}),
		"drop decision": s.DropDecision(ctx, "a:1", "b:1"),
		"put doubts":    s.PutDoubts(ctx, []harvest.RecordID{"a:1"}, []harvest.Doubt{{A: "a:1", B: "b:1"}}),
	} {
		if err == nil {
			s.Errorf("%s: no error", name)
		} else if !errors.Is(err, context.Canceled) {
			s.Errorf("%s: %v, want one that wraps context.Canceled", name, err)
		}
		if errors.Is(err, harvest.ErrNotFound) || errors.Is(err, harvest.ErrUnavailable) {
			s.Errorf("%s: %v: the store is there, it is the caller who left", name, err)
		}
	}
	s.same("records", 1, s.count(harvest.Query{States: []harvest.State{harvest.AnyState}}))
}

// cancelDuring cuts a big write off at several moments. Whatever was written
// then is whole, and the same call again completes it as if nothing had been.
func cancelDuring(s *suite) {
	batch := min(s.backend.MaxBatch, 500)
	for round, cut := range []time.Duration{50 * time.Microsecond, time.Millisecond, 4 * time.Millisecond, 16 * time.Millisecond} {
		if (round+1)*batch > s.backend.MaxRecords {
			break
		}
		records := smalls((round + 1) * batch)[round*batch:]
		for i := range records {
			records[i].Summary = strings.Repeat("The whole text. ", 40)
			records[i].Documents = full().Documents
		}
		ctx, cancel := context.WithTimeout(s.Context(), cut)
		_, err := s.Put(ctx, firstRun, minute(1), records)
		cancel()
		written := make(map[harvest.RecordID]harvest.Record)
		for _, r := range s.find(harvest.Query{States: []harvest.State{harvest.AnyState}}) {
			written[r.ID] = bare(r)
		}
		for _, r := range records {
			got, ok := written[r.ID]
			if err == nil && !ok {
				s.Errorf("cut after %v: no error, but %s is missing", cut, r.ID)
			}
			if ok {
				s.same("a record of a call that was cut off", r, got)
			}
		}
		for i, o := range s.put(firstRun, minute(2), records...) {
			if o != harvest.NewRecord {
				s.Errorf("cut after %v and repeated: record %d is %s, want new", cut, i, o)
			}
		}
	}
}

func cancelStream(s *suite) {
	s.put(firstRun, minute(1), smalls(min(s.backend.MaxRecords, 1500))...)
	ctx, cancel := context.WithCancel(s.Context())
	defer cancel()
	seen, errs := 0, 0
	for _, err := range s.Records(ctx, harvest.Query{}) {
		if errs > 0 {
			s.Fatal("the stream went on after an error")
		}
		if err != nil {
			errs++
			continue
		}
		if seen++; seen == 3 {
			cancel()
		}
	}
	// A small rest may already have been in memory.
	if errs == 0 && seen < s.count(harvest.Query{}) {
		s.Errorf("%d records and no error: a cut stream looks like a whole one", seen)
	}
}

func megabyte(s *suite) {
	r := full()
	r.Summary = strings.Repeat("Текст, नेपाली, 中文 and \"quotes\".\n", 25_000)
	if len(r.Summary) < 1<<20 {
		s.Fatalf("only %d octets", len(r.Summary))
	}
	s.put(firstRun, minute(1), r)
	s.same("outcome", []harvest.Outcome{harvest.UnchangedRecord}, s.put(secondRun, minute(61), r))
	if got := bare(s.get(r.ID)); !cmp.Equal(r, got, cmpopts.EquateEmpty()) {
		s.Errorf("a summary of %d octets came back as %d", len(r.Summary), len(got.Summary))
	}
	s.same("streamed", 1, len(s.find(harvest.Query{})))
}

func bigBatch(s *suite) {
	records := smalls(s.backend.MaxBatch)
	for i := range records {
		records[i].Summary = strings.Repeat("Some text of a usual length. ", 20)
	}
	for i, o := range s.put(firstRun, minute(1), records...) {
		if o != harvest.NewRecord {
			s.Fatalf("record %d: %s", i, o)
		}
	}
	for i := range records {
		if i%2 == 0 {
			records[i].Title += " (changed)"
		}
	}
	for i, o := range s.put(secondRun, minute(61), records...) {
		if want := []harvest.Outcome{harvest.ChangedRecord, harvest.UnchangedRecord}[i%2]; o != want {
			s.Fatalf("record %d: %s, want %s", i, o, want)
		}
	}
	s.same("count", len(records), s.count(harvest.Query{}))
}

// unusual are texts that have been seen to break stores.
var unusual = []string{
	"العربية: مكافحة الرق", "नेपाली भाषा", "日本語と한국어", "Tiếng Việt (NFC)", "e\u0301 (NFD)", "👩🏽‍🌾 and 🇳🇵",
	"\u202ertl override\u202c", "\ufeffBOM", "\ufffd replacement", "\U0010fffd", "\uffff noncharacter", "\u2028 and \u2029",
	"zero\u200bwidth\u200dnon\u00adbreaking\u00a0", "\x01\x1f\x7f\u0085", "tab\tline\r\n", `back\slash \u0041 \x00 \'`,
	`"'` + "`" + `{}[]()<>&;--/*`, " leading and trailing ", "ﬁ ligature", "K (kelvin)", "İıßẞ",
}

func unicodeText(s *suite) {
	var records []harvest.Record
	for i, text := range unusual {
		if !utf8.ValidString(text) {
			s.Fatalf("%q is not UTF-8", text)
		}
		r := full()
		r.ID = harvest.NewRecordID("alpha", text, "")
		r.NativeID, r.Title, r.Summary, r.CategoryRaw, r.Publisher = text, "t "+text, text, text, text
		r.TitleAlt, r.Authors, r.CategoriesRaw = unusual[:i+1], []string{text, text}, []string{text}
		r.Documents = []harvest.Document{{URL: "https://alpha.example/a.pdf", Title: text}}
		r.Provenance = map[string]harvest.Evidence{"title": {Basis: "text", Detail: text}}
		records = append(records, r)
	}
	s.put(firstRun, minute(1), records...)
	for _, r := range records {
		s.same(fmt.Sprintf("%q", r.Summary), r, bare(s.get(r.ID)))
	}
	for i, o := range s.put(secondRun, minute(61), records...) {
		if o != harvest.UnchangedRecord {
			s.Errorf("%q put again: %s", records[i].Summary, o)
		}
	}
	keys := keyMap{records[0].ID: unusual}
	s.must("put keys", s.PutKeys(s.Context(), keys))
	for _, text := range unusual {
		s.same(fmt.Sprintf("with key %q", text), []harvest.RecordID{records[0].ID}, s.withKeys(text))
	}
}

// nul checks the one code point that normalised text never has. A store that
// ends strings at it would lose the rest without a word.
func nul(s *suite) {
	r := small(1)
	r.Title, r.Summary, r.Authors = "before\x00after", "\x00", []string{"a\x00b"}
	_, err := s.Put(s.Context(), firstRun, minute(1), []harvest.Record{r})
	if err != nil {
		s.same("refused, so not written", 0, s.count(harvest.Query{States: []harvest.State{harvest.AnyState}}))
		return
	}
	s.same("record", r, bare(s.get(r.ID)))
}

func reopen(s *suite) {
	s.put(firstRun, minute(1), full(), small(1), small(2))
	s.put(secondRun, minute(61), retitled(small(2), "Changed"))
	s.backend.SetState(s.T, s.Catalogue, small(2).ID, harvest.StateGone)
	one := work("w:1", member(1, "doi"), member(2, "doi"))
	s.putWorks(one)
	s.must("put keys", s.PutKeys(s.Context(), keyMap{small(1).ID: {"k"}}))
	s.must("put pages", s.PutPages(s.Context(), []harvest.PageFacts{page(1)}))
	s.must("put run", s.PutRun(s.Context(), report()))
	before := s.find(harvest.Query{States: []harvest.State{harvest.AnyState}})
	stats, err := s.Stats(s.Context())
	s.must("stats", err)
	s.must("close", s.Close())

	again := &suite{Catalogue: s.backend.Reopen(s.T, s.Catalogue), T: s.T, backend: s.backend}
	s.T.Cleanup(func() { again.Close() })
	again.must("ping", again.Ping(s.Context()))
	again.same("records", before, again.find(harvest.Query{States: []harvest.State{harvest.AnyState}}))
	again.works([]harvest.Work{one}, map[int]harvest.WorkID{1: "w:1", 2: "w:1"})
	again.same("keys", []harvest.RecordID{small(1).ID}, again.withKeys("k"))
	again.same("pages", map[string]harvest.PageFacts{page(1).URL: page(1)}, again.pages("alpha", page(1).URL))
	again.same("run", report(), again.run(firstRun))
	got, err := again.Stats(s.Context())
	again.must("stats", err)
	again.same("stats", stats, got)
	again.same("put again", []harvest.Outcome{harvest.UnchangedRecord}, again.put(thirdRun, minute(121), full()))
}

func closed(s *suite) {
	s.put(firstRun, minute(1), small(1))
	s.must("ping", s.Ping(s.Context()))
	s.must("close", s.Close())
	if err := s.Ping(s.Context()); err == nil {
		s.Error("ping after close: no error")
	}
	if _, err := s.Put(s.Context(), firstRun, minute(1), []harvest.Record{small(1)}); err == nil {
		s.Error("put after close: no error")
	}
	if _, err := s.Record(s.Context(), small(1).ID); err == nil || errors.Is(err, harvest.ErrNotFound) {
		s.Errorf("record after close: %v, want an error other than not found", err)
	}
	refused(s, "records after close", s.Records(s.Context(), harvest.Query{}))
}
