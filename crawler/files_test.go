package crawler_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler"
)

// lineFiles reads files of one line: "ending WORDS".
type lineFiles struct{}

func (lineFiles) Edition() string { return "1" }

func (lineFiles) Wanted(rec *harvest.Record) []string {
	var out []string
	for _, d := range rec.Documents {
		out = append(out, d.URL)
	}
	return out
}

func (lineFiles) Read(_ context.Context, body []byte) ([]byte, harvest.Outcome, string) {
	ending, words, _ := strings.Cut(string(body), " ")
	facts, err := json.Marshal(words)
	if err != nil {
		panic(err)
	}
	return facts, harvest.Outcome(ending), ""
}

func (lineFiles) Enter(rec *harvest.Record, address string, facts []byte) {
	i := slices.IndexFunc(rec.Documents, func(d harvest.Document) bool { return d.URL == address })
	if err := json.Unmarshal(facts, &rec.Documents[i].Title); err != nil {
		panic(err)
	}
}

const filed = home + "files/a.pdf"

// A file is fetched once, and asked for again when its record is read and its
// facts are old; what is known of it stands in between.
func TestFilesAreReadWithTheirRecords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, store := newSite(2), newMemoryStore()
		s.etags = true
		s.pages[home+"item/1"] = "title Report 1\ndocument " + filed + "\n"
		s.pages[filed] = "document-read first words"
		asked := func() int { return s.asked[filed] }
		want := []struct {
			outcome harvest.Outcome
			asked   int
			title   string
		}{
			{harvest.DocumentRead, 1, "first words"},
			{harvest.DocumentUnchanged, 0, "first words"},
			{harvest.DocumentUnchanged, 1, "first words"},
			{harvest.DocumentRead, 1, "other words"},
			{harvest.DocumentMissing, 1, "other words"},
		}
		weekly(t, s, store, len(want), func(week int, o *crawler.Options) {
			o.Documents, o.Source.Documents.Again = lineFiles{}, 10*day
			o.Fingerprint = string(rune('a' + week)) // so that the item is read again
			o.Full = week == 3
			switch week {
			case 3:
				s.pages[filed] = "document-read other words"
			case 4:
				s.fail[filed] = harvest.ServerError
				o.Full = true
			}
		}, func(week int) {
			w := want[week]
			var titles []string
			for _, r := range store.records {
				for _, d := range r.Documents {
					titles = append(titles, d.Title)
				}
			}
			if n := asked(); n != w.asked || !slices.Equal(titles, []string{w.title}) {
				t.Errorf("week %d: asked %d times, titles %q; want %d, %q", week, n, titles, w.asked, w.title)
			}
			for _, r := range store.runs {
				if r.Config == string(rune('a'+week)) && (r.Outcomes[w.outcome] != 1 || r.State != harvest.RunPassed) {
					t.Errorf("week %d: %s (%s), outcomes %v, want %s", week, r.State, r.Reason, r.Outcomes, w.outcome)
				}
			}
		})
	})
}

// However a file ends, its record is written and the run passes.
func TestBadFilesDoNotHurt(t *testing.T) {
	for fails, want := range map[harvest.Outcome]harvest.Outcome{
		harvest.NotFoundPage: harvest.DocumentMissing, harvest.TimedOut: harvest.DocumentMissing, harvest.TooLarge: harvest.DocumentTooLarge,
		harvest.RobotsDenied: harvest.DocumentRefused, harvest.UnexpectedType: harvest.DocumentEmpty, harvest.LoginRequired: harvest.DocumentRefused,
	} {
		s, store := newSite(2), newMemoryStore()
		s.pages[home+"item/1"] = "title Report 1\ndocument " + filed + "\ndocument https://elsewhere.example/b.pdf\n"
		s.fail[filed] = fails
		o := options(s, store, new(memoryJournal))
		o.Documents = lineFiles{}
		run, err := crawler.Harvest(t.Context(), o)
		if err != nil || run.State != harvest.RunPassed || run.Records() != 2 {
			t.Errorf("%s: %s (%s), %v, %d records", fails, run.State, run.Reason, err, run.Records())
		}
		n := 1
		if want == harvest.DocumentRefused {
			n = 2 // the other is of another host
		}
		if run.Outcomes[want] != n || run.Outcomes[harvest.DocumentRefused] < 1 || s.asked["https://elsewhere.example/b.pdf"] != 0 {
			t.Errorf("%s: outcomes %v, want %s", fails, run.Outcomes, want)
		}
	}
}

// Files count in the budget of the run, and no page is lost to them.
func TestFilesKeepToTheBudget(t *testing.T) {
	s, store := newSite(6), newMemoryStore()
	for i, item := range []string{"1", "2", "3", "4", "5", "6"} {
		file := home + "files/" + item + ".pdf"
		s.pages[home+"item/"+item] = "title Report " + item + "\ndocument " + file + "\n"
		s.pages[file] = "document-read " + string(rune('a'+i))
	}
	o := options(s, store, new(memoryJournal))
	o.Documents, o.Workers, o.Source.Limits.Requests = lineFiles{}, 1, 1000
	run, err := crawler.Harvest(t.Context(), o)
	if err != nil || run.Requests != 9+6 || run.Outcomes[harvest.DocumentRead] != 6 || run.Outcomes[harvest.Fetched] != 9 {
		t.Errorf("%v: %d requests, outcomes %v", err, run.Requests, run.Outcomes)
	}
	store = newMemoryStore()
	o = options(s, store, new(memoryJournal))
	o.Documents, o.Workers, o.Source.Limits.Requests = lineFiles{}, 1, 6
	run, err = crawler.Harvest(t.Context(), o)
	if err != nil || run.Requests > 7 || run.Outcomes[harvest.OverLimit] == 0 {
		t.Errorf("%v: %d requests, outcomes %v", err, run.Requests, run.Outcomes)
	}
}
