package match_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/match"
)

// A pass over batches asks to write the same as an update for each of them does,
// while records change between the batches, works come and go, and a write fails.
func TestPassGivesWhatUpdatesGive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newStore()
		pass := match.NewPass(s)
		for range rapid.IntRange(5, 30).Draw(t, "steps") {
			batch := map[harvest.RecordID]harvest.Record{}
			for range rapid.IntRange(1, 4).Draw(t, "records") {
				r := drawRecord(t, rapid.IntRange(0, 9).Draw(t, "record"))
				r.ID = harvest.RecordID(fmt.Sprintf("%s/%s", r.Source, strings.Split(string(r.ID), "/")[1]))
				r.Work = s.records[r.ID].Work // as the store gives it
				batch[r.ID] = r
			}
			var records []harvest.Record
			for _, r := range batch {
				records = append(records, r)
			}
			pass.Keys(records)
			s.put(records...)
			want, err := match.Update(t.Context(), s, records)
			if err != nil {
				t.Fatal(err)
			}
			got, err := pass.Update(t.Context(), records)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("(-update +pass):\n%s", diff)
			}
			if rapid.IntRange(0, 9).Draw(t, "fails") == 0 { // nothing is written
				pass.Forget()
				continue
			}
			s.putWorks(got.Works)
			pass.Wrote(got.Works)
		}
	})
}

// What a pass has looked at it does not read again.
func TestPassReadsARecordOnce(t *testing.T) {
	s := newStore()
	pass := match.NewPass(s)
	const batches = 20
	for n := range batches {
		r := harvest.Record{
			ID: harvest.RecordID(fmt.Sprintf("library:%02d", n)), Source: "library", URL: fmt.Sprintf("https://library.example/%d", n),
			Title: fmt.Sprintf("Forced labour on fishing vessels, part %d", n), State: harvest.StateActive,
		}
		pass.Keys([]harvest.Record{r})
		s.put(r)
		changes, err := pass.Update(t.Context(), []harvest.Record{r})
		if err != nil {
			t.Fatal(err)
		}
		s.putWorks(changes.Works)
		pass.Wrote(changes.Works)
	}
	if s.reads != 0 {
		t.Errorf("%d records were read from the store, all of them known", s.reads)
	}
}
