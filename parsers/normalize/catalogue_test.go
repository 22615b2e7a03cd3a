package normalize_test

import (
	"bufio"
	"encoding/json"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/normalize"
)

// testdata/labels.jsonl has 284 documents of the field that bear a label: the
// label as their source prints it, and the type that a person who read them gave
// them. At least 95 % must get a type, every one of a source that has a file, and
// 91 % that of the person. The rest is
// not in label, title and address: news that are filed under what they tell of,
// one label of one source for several types (whoever knew the best type for each
// label of each source would agree with 271), and three that are not about the
// subject at all. A source file decides first, so one that maps a label otherwise
// shows here.
func TestCategoryOfRealLabels(t *testing.T) {
	cfg, problems := config.Load("../../config/harvest.yaml")
	if cfg == nil {
		t.Fatal(problems)
	}
	vocab, err := config.LoadVocabulary()
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open("testdata/labels.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all, mapped, agreed int
	counts := make(map[harvest.SourceID]struct{ labelled, mapped int })
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var d struct {
			Source                  harvest.SourceID
			Label, Type, Title, URL string
		}
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			t.Fatal(err)
		}
		src, _ := cfg.Source(d.Source)
		got, raw, detail := normalize.Category([]string{d.Label}, src, vocab, harvest.Record{Title: d.Title, URL: d.URL})
		all++
		count := counts[d.Source]
		count.labelled++
		if got != "" {
			mapped++
			count.mapped++
		} else if src != nil {
			t.Errorf("%s: %q of %q means nothing", d.Source, d.Label, d.Title)
		}
		counts[d.Source] = count
		if got == d.Type {
			agreed++
		} else {
			t.Logf("%s: %q is %q by %s %q, a person says %q: %s", d.Source, d.Label, got, detail, raw, d.Type, d.Title)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(counts)) {
		t.Logf("%-30s %d of %d get a type", id, counts[id].mapped, counts[id].labelled)
	}
	t.Logf("of %d labelled documents %d get a type, %d the one that a person gave", all, mapped, agreed)
	if all != 284 || mapped*100 < all*95 {
		t.Errorf("%d of %d labelled documents get a type, want 95 %% of 284", mapped, all)
	}
	if agreed*100 < all*91 {
		t.Errorf("%d of %d get the type that a person gave, want 91 %%", agreed, all)
	}
}
