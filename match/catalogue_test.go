package match_test

import (
	"bufio"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest/match"
)

// TestRealDuplicates groups real items of many libraries, of which a person
// has said which are one document. testdata/catalogue.jsonl holds facts only:
// titles, dates, addresses.
func TestRealDuplicates(t *testing.T) {
	f, err := os.Open("testdata/catalogue.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var corpus match.Corpus
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		d, err := match.ReadDescription(lines.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if err := corpus.Add(&d); err != nil {
			t.Fatal(err)
		}
	}
	found := corpus.Cluster()
	of := make(map[string][]string)
	err = found.Each(func(id, cluster string) error {
		of[cluster] = append(of[cluster], id)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var groups []string
	for _, ids := range of {
		if len(ids) > 1 {
			slices.Sort(ids)
			groups = append(groups, strings.Join(ids, "+"))
		}
	}
	slices.Sort(groups)
	want := []string{
		"i041+i325",      // the 2022 global estimates, at their publisher and at a library
		"i108+i109+i110", // the typology, at three libraries
		"i296+i301",      // the handbook on direct assistance, at its publisher and at a library
	}
	if diff := cmp.Diff(want, groups); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// One document by their contents, with too little in their titles to say so:
	// a person is asked.
	review := map[string]bool{"i197+i199": false, "i307+i315": false, "i307+i316": false, "i315+i316": false}
	err = found.Pairs(func(p match.Pair) error {
		if _, known := review[p.A+"+"+p.B]; known {
			review[p.A+"+"+p.B] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for pair, asked := range review {
		if !asked {
			t.Errorf("nobody is asked about %s", pair)
		}
	}
}
