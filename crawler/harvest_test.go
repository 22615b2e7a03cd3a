package crawler_test

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func mustHarvest(t *testing.T, o crawler.Options) harvest.Run {
	t.Helper()
	run, err := crawler.Harvest(t.Context(), o)
	if err != nil {
		t.Fatalf("harvest: %v", err)
	}
	return run
}

// later is the clock of a second run.
func later() time.Time { return time.Now().Add(time.Hour) }

func TestHarvestRecordsEveryItemOnce(t *testing.T) {
	s, store := newSite(25), newMemoryStore()
	run := mustHarvest(t, options(s, store, &memoryJournal{}))
	if run.State != harvest.RunPassed || run.Outcomes[harvest.NewRecord] != 25 || len(store.records) != 25 {
		t.Errorf("run %s (%s), outcomes %v, %d records; want passed with 25 new", run.State, run.Reason, run.Outcomes, len(store.records))
	}
	if run.Outcomes[harvest.Fetched] != 25+13 || run.Requests != 25+13 {
		t.Errorf("fetched %d pages with %d requests, want 38 of each", run.Outcomes[harvest.Fetched], run.Requests)
	}
	if got := store.runs[run.ID]; !cmp.Equal(got, run) {
		t.Errorf("the stored report differs from the returned one:\n%s", cmp.Diff(run, got))
	}
}

// A process can die before the journal has an entry or after; in both cases
// records may already stand in the store. Whatever the moment, the run taken
// up again must end with the records of a run that nothing disturbed, and must
// not fetch again what the journal says is done.
func TestHarvestKilledAtAnyAppendGoesOn(t *testing.T) {
	const items = 9
	for _, stored := range []bool{false, true} {
		for die := 1; ; die++ {
			name := fmt.Sprintf("after append %d, entry stored %v", die, stored)
			s, store := newSite(items), newMemoryStore()
			journal := &memoryJournal{dieAfter: die, stored: stored}
			o := options(s, store, journal)
			o.Workers = 1
			if _, err := crawler.Harvest(t.Context(), o); err == nil {
				break // the run needs no more appends than that
			}
			before := len(s.asked)
			again := &memoryJournal{entries: journal.entries}
			o = options(s, store, again)
			o.Workers = 1
			run := mustHarvest(t, o)
			if run.State != harvest.RunPassed || len(store.records) != items || run.Outcomes[harvest.NewRecord] != items {
				t.Fatalf("%s: %s (%s), %d records, outcomes %v", name, run.State, run.Reason, len(store.records), run.Outcomes)
			}
			twice := 0
			for _, n := range s.asked {
				twice += n - 1
			}
			if twice > 1 {
				t.Errorf("%s: %d pages fetched twice (%d known before), want at most the one in flight", name, twice, before)
			}
		}
	}
}

func TestHarvestAgainFindsEverythingUnchanged(t *testing.T) {
	for _, etags := range []bool{true, false} {
		s, store := newSite(6), newMemoryStore()
		s.etags = etags
		mustHarvest(t, options(s, store, &memoryJournal{}))
		o := options(s, store, &memoryJournal{})
		o.Now = later
		o.ID, o.ScheduledAt = harvest.NewRunID("library", o.ScheduledAt.Add(time.Hour)), o.ScheduledAt.Add(time.Hour)
		run := mustHarvest(t, o)
		if run.State != harvest.RunPassed || run.Outcomes[harvest.UnchangedRecord] != 6 || run.Outcomes[harvest.NewRecord] != 0 {
			t.Errorf("etags %v: %s, outcomes %v; want 6 unchanged", etags, run.State, run.Outcomes)
		}
		if etags && run.Outcomes[harvest.NotModified] != 6 {
			t.Errorf("%d pages not modified, want 6", run.Outcomes[harvest.NotModified])
		}
		for id, n := range store.puts {
			if n != 1 {
				t.Errorf("etags %v: %s was written %d times, want once", etags, id, n)
			}
		}
	}
}

func TestChangedCardOrSourceFileReadsThePageAgain(t *testing.T) {
	s, store := newSite(2), newMemoryStore()
	s.etags = true
	mustHarvest(t, options(s, store, &memoryJournal{}))
	o := options(s, store, &memoryJournal{})
	o.Now = later
	o.ID, o.Fingerprint = "library@2", "another version of the file"
	run := mustHarvest(t, o)
	if run.Outcomes[harvest.NotModified] != 0 || run.Outcomes[harvest.UnchangedRecord] != 2 {
		t.Errorf("outcomes %v; want both pages parsed again and found unchanged", run.Outcomes)
	}
}

func TestCanonicalPageIsRecordedInStead(t *testing.T) {
	tests := []struct {
		name      string
		canonical string
		fails     bool
		want      string // title
	}{
		{"canonical page is fetched", home + "report", false, "Report by another address: itself"},
		{"canonical page cannot be had", home + "report", true, "Report by another address"},
		{"canonical of a foreign host is not followed", "https://elsewhere.example/report", false, "Report by another address"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, store := newSite(0), newMemoryStore()
			s.pages[home+"list/1"] = "item " + home + "copy?from=list\n"
			s.pages[home+"copy?from=list"] = "title Report by another address\ncanonical " + tt.canonical + "\n"
			s.pages[home+"report"] = "title Report by another address: itself\ncanonical " + home + "report\n"
			if tt.fails {
				s.fail[home+"report"] = harvest.NotFoundPage
			}
			run := mustHarvest(t, options(s, store, &memoryJournal{}))
			if diff := cmp.Diff([]string{tt.want}, store.titles()); diff != "" {
				t.Errorf("titles: %s (outcomes %v)", diff, run.Outcomes)
			}
		})
	}
}

func TestDuplicateRecordIsWrittenOnce(t *testing.T) {
	s, store := newSite(0), newMemoryStore()
	s.pages[home+"list/1"] = "item " + home + "a\nitem " + home + "b\nitem " + home + "a\n"
	s.pages[home+"a"] = "title Report\ncanonical " + home + "a\n"
	s.pages[home+"b"] = "title Report\ncanonical " + home + "a\n"
	o := options(s, store, &memoryJournal{})
	o.Workers = 1 // else b may be read before a, and the canonical page counts once more
	run := mustHarvest(t, o)
	if len(store.records) != 1 || run.Outcomes[harvest.DuplicateRecord] != 1 || run.Outcomes[harvest.Duplicate] < 1 {
		t.Errorf("%d records, outcomes %v; want one record, one duplicate record, duplicate addresses", len(store.records), run.Outcomes)
	}
}

// A record may link out, but not to where only this machine or its network leads.
func TestPrivateAddressesAreNotRecorded(t *testing.T) {
	private := []string{
		"http://localhost/", "http://router/", "http://a.localhost:80/", "http://printer.local/", "http://metadata.google.internal/", "http://127.0.0.2/",
		"http://169.254.169.254/latest/", "http://10.1.2.3/", "http://192.168.0.1/", "http://172.16.0.1/", "http://100.64.0.1/", "http://0.0.0.0/", "http://[::1]/",
		"http://[fd00::1]/", "http://[fe80::1]/", "http://[::ffff:10.0.0.1]/", "http://224.0.0.1/",
	}
	s, store := newSite(0), newMemoryStore()
	for _, to := range append(private, "https://publisher.example/1", "http://93.184.216.34/2", "http://[2606:2800:220:1::1]/3", "http://172.32.0.1/4") {
		s.pages[home+"list/1"] += "record " + to + " Title\n"
	}
	s.pages[home+"list/1"] += "card " + home + "go Redirected\nitem " + home + "go\n"
	s.pages[home+"go"] = "title Redirected\nlanded http://10.0.0.1/\n"
	run := mustHarvest(t, options(s, store, &memoryJournal{}))
	var urls []string
	for _, r := range store.records {
		urls = append(urls, r.URL)
	}
	slices.Sort(urls)
	want := []string{"http://172.32.0.1/4", "http://93.184.216.34/2", "http://[2606:2800:220:1::1]/3", home + "go", "https://publisher.example/1"}
	if diff := cmp.Diff(want, urls); diff != "" || run.Outcomes[harvest.OffScope] != len(private)+1 {
		t.Errorf("recorded (-want +got):\n%s\noutcomes %v", diff, run.Outcomes)
	}
}

func TestInvalidRecordsAreCountedNotWritten(t *testing.T) {
	s, store := newSite(3), newMemoryStore()
	s.pages[home+"item/2"] = "label Guidance\n"
	run := mustHarvest(t, options(s, store, &memoryJournal{}))
	if len(store.records) != 2 || run.Outcomes[harvest.NoTitle] != 1 || run.State != harvest.RunPassed {
		t.Errorf("%s, %d records, outcomes %v; want 2 records and one %s", run.State, len(store.records), run.Outcomes, harvest.NoTitle)
	}
}

func TestScopePatternsHoldForRecordsOfListings(t *testing.T) {
	s, store := newSite(1), newMemoryStore()
	s.pages[home+"list/1"] += "record " + home + "en/report Wanted\nrecord " + home + "jobs/cook Unwanted\n"
	o := options(s, store, &memoryJournal{})
	o.Source.Scope.Include = []*regexp.Regexp{regexp.MustCompile("/en/|/item/")}
	run := mustHarvest(t, o)
	if diff := cmp.Diff([]string{"Report 1", "Wanted"}, store.titles()); diff != "" || run.Outcomes[harvest.OffScope] != 1 {
		t.Errorf("%s, outcomes %v", diff, run.Outcomes)
	}
}

func TestExpectedRefusalIsNoHole(t *testing.T) {
	s, store := newSite(2), newMemoryStore()
	s.pages[home+"list/1"] += "next " + home + "probe\n"
	s.fail[home+"probe"] = harvest.ClientError
	run := mustHarvest(t, options(s, store, &memoryJournal{}))
	if run.State != harvest.RunPassed || run.Outcomes[harvest.Declined] != 1 || run.Outcomes[harvest.ClientError] != 0 {
		t.Errorf("%s (%s), outcomes %v; want passed with one declined", run.State, run.Reason, run.Outcomes)
	}
}

func TestCanonicalsNeverLoseARecord(t *testing.T) {
	tests := []struct {
		name  string
		pages map[string]string
		want  []string
	}{
		{"in a circle", map[string]string{"a": "title A\ncanonical " + home + "b\n", "b": "title B\ncanonical " + home + "a\n"}, []string{"A", "B"}},
		{"to a page of the list that is not there", map[string]string{"a": "title A\ncanonical " + home + "b\n", "b": ""}, []string{"A"}},
		{"to a page of the list that is there", map[string]string{"a": "title A\ncanonical " + home + "b\n", "b": "title A!\n"}, []string{"A!"}},
		{"to a page out of scope", map[string]string{"a": "title A\ncanonical " + home + "archive/a\n", "b": "title B\n"}, []string{"A", "B"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, store, journal := newSite(0), newMemoryStore(), &memoryJournal{}
			s.pages[home+"list/1"] = "item " + home + "a\nitem " + home + "b\n"
			for name, body := range tt.pages {
				if body == "" {
					s.fail[home+name] = harvest.NotFoundPage
				}
				s.pages[home+name] = body
			}
			o := options(s, store, journal)
			o.Source.Scope.Exclude = []*regexp.Regexp{regexp.MustCompile("/archive/")}
			run := mustHarvest(t, o)
			if diff := cmp.Diff(tt.want, store.titles()); diff != "" || run.State != harvest.RunPassed {
				t.Errorf("%s (%s): %s; outcomes %v", run.State, run.Reason, diff, run.Outcomes)
			}
		})
	}
}

func TestReportStaysSmallWhateverASitePrints(t *testing.T) {
	s, store := newSite(1), newMemoryStore()
	for i := range 2000 {
		s.pages[home+"item/1"] += fmt.Sprintf("label %d %s\n", i, strings.Repeat("x", 1000))
	}
	run := mustHarvest(t, options(s, store, &memoryJournal{}))
	size := 0
	for l := range run.Labels {
		size += len(l)
	}
	if len(run.Labels) == 0 || size > 200_000 {
		t.Errorf("%d labels of %d octets", len(run.Labels), size)
	}
}

func TestCardThatLinksOutIsRecordedWithoutAVisit(t *testing.T) {
	s, store := newSite(1), newMemoryStore()
	s.pages[home+"list/1"] += "card https://publisher.example/report A report by others\n"
	run := mustHarvest(t, options(s, store, &memoryJournal{}))
	if diff := cmp.Diff([]string{"A report by others", "Report 1"}, store.titles()); diff != "" {
		t.Error(diff)
	}
	if s.asked["https://publisher.example/report"] != 0 || run.Outcomes[harvest.OffScope] != 1 || run.State != harvest.RunPassed {
		t.Errorf("%s, asked %v, outcomes %v", run.State, s.asked, run.Outcomes)
	}
}

func TestEveryPageEndsOnce(t *testing.T) {
	s, store := newSite(3), newMemoryStore()
	s.pages[home+"item/2"] = "noindex\n"
	run := mustHarvest(t, options(s, store, &memoryJournal{}))
	ends := 0
	for o, n := range run.Outcomes {
		if o.Info().Subject == harvest.SubjectPage {
			ends += n
		}
	}
	if ends != len(s.asked) || run.Outcomes[harvest.NoIndexed] != 1 {
		t.Errorf("%d endings for %d pages: %v", ends, len(s.asked), run.Outcomes)
	}
}

func TestOffScopeLinksAreNotFetched(t *testing.T) {
	s, store := newSite(1), newMemoryStore()
	s.pages[home+"list/1"] += "item https://elsewhere.example/x\nitem " + home + "admin/x\n"
	o := options(s, store, &memoryJournal{})
	run := mustHarvest(t, o)
	if s.asked["https://elsewhere.example/x"] != 0 || run.Outcomes[harvest.OffScope] != 1 {
		t.Errorf("asked %v, outcomes %v; want the foreign host left alone", s.asked, run.Outcomes)
	}
}

func TestStopKeepsFinishedWorkAndGoesOnLater(t *testing.T) {
	s, store, journal := newSite(8), newMemoryStore(), &memoryJournal{}
	ctx, stop := context.WithCancel(t.Context())
	s.onAsk = func(url string) {
		if url == home+"item/5" {
			stop()
		}
	}
	o := options(s, store, journal)
	o.Workers = 1
	run, err := crawler.Harvest(ctx, o)
	if err != nil || run.State != harvest.RunInterrupted {
		t.Fatalf("run %s, err %v; want interrupted without an error", run.State, err)
	}
	if len(store.records) != 4 {
		t.Errorf("%d records before the stop, want the 4 that were finished", len(store.records))
	}
	s.onAsk = nil
	o = options(s, store, &memoryJournal{entries: journal.entries})
	run = mustHarvest(t, o)
	if run.State != harvest.RunPassed || run.Resumed != 1 || len(store.records) != 8 || s.asked[home+"item/1"] != 1 {
		t.Errorf("%s, resumed %d, %d records, first item asked %d times", run.State, run.Resumed, len(store.records), s.asked[home+"item/1"])
	}
}

func TestStoreAwayIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, store := newSite(3), newMemoryStore()
		store.away = 4
		run := mustHarvest(t, options(s, store, &memoryJournal{}))
		if run.State != harvest.RunPassed || len(store.records) != 3 {
			t.Errorf("%s (%s), %d records; want all 3 once the store is back", run.State, run.Reason, len(store.records))
		}
	})
}

func TestStoreAwayForLongInterruptsTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, store, journal := newSite(3), newMemoryStore(), &memoryJournal{}
		store.away = 1 << 30
		o := options(s, store, journal)
		run, err := crawler.Harvest(t.Context(), o)
		if err == nil || run.State != harvest.RunInterrupted {
			t.Fatalf("run %s, err %v; want interrupted with the store's error", run.State, err)
		}
		store.away = 0
		run = mustHarvest(t, options(s, store, &memoryJournal{entries: journal.entries}))
		if run.State != harvest.RunPassed || len(store.records) != 3 {
			t.Errorf("%s, %d records after the store came back", run.State, len(store.records))
		}
	})
}

func TestIncrementalRunAsksFromTheLastWholeRun(t *testing.T) {
	s, store := newSite(3), newMemoryStore()
	o := options(s, store, &memoryJournal{})
	o.Doors = []crawler.Door{lineDoor{start: home + "list/1", incremental: true}}
	first := mustHarvest(t, o)
	if first.Incremental {
		t.Error("the first run is incremental, there is nothing to build on")
	}
	o.ID, o.Journal = "library@2", &memoryJournal{}
	second := mustHarvest(t, o)
	if !second.Incremental || !second.Since.Equal(first.StartedAt) {
		t.Errorf("second run incremental %v since %v, want since %v", second.Incremental, second.Since, first.StartedAt)
	}
	o.ID, o.Full, o.Journal = "library@3", true, &memoryJournal{}
	if third := mustHarvest(t, o); third.Incremental {
		t.Error("a full run is incremental")
	}
	o.ID, o.Full, o.Journal, o.Fingerprint = "library@4", false, &memoryJournal{}, "file-2"
	if fourth := mustHarvest(t, o); fourth.Incremental {
		t.Error("a run with a changed source file is incremental")
	}
}

// unitStore is a store that makes one write of several calls. What a write
// that fails has written is forgotten.
type unitStore struct {
	*memoryStore
	units, fail int
}

func (u *unitStore) Together(ctx context.Context, f func(context.Context) error) error {
	u.units++
	u.mu.Lock()
	records, pages := maps.Clone(u.records), maps.Clone(u.pages)
	u.mu.Unlock()
	err := f(ctx)
	if err == nil && u.fail > 0 {
		u.fail--
		err = fmt.Errorf("commit: %w", harvest.ErrUnavailable)
	}
	if err != nil {
		u.mu.Lock()
		u.records, u.pages = records, pages
		u.mu.Unlock()
	}
	return err
}

func TestUnitThatFailsIsWrittenAgain(t *testing.T) {
	s := newSite(12)
	store := &unitStore{memoryStore: newMemoryStore(), fail: 2}
	o := options(s, store.memoryStore, &memoryJournal{})
	o.Store = store
	run, err := crawler.Harvest(t.Context(), o)
	if err != nil || run.State != harvest.RunPassed {
		t.Fatalf("run ended %s (%s), %v", run.State, run.Reason, err)
	}
	if got := run.Outcomes[harvest.NewRecord]; got != 12 || len(store.records) != 12 || len(store.pages) != 12 {
		t.Errorf("%d counted as new, %d records and %d pages in the store; want 12 of each", got, len(store.records), len(store.pages))
	}
	if store.units < 3 {
		t.Errorf("%d units; want those that failed written again", store.units)
	}
}
