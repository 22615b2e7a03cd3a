package match_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/harvest87/harvest/match"
)

// group runs the whole of matching and returns the sizes of the groups and
// the report.
func sizes(t *testing.T, descriptions []match.Description) (map[int]int, match.Report) {
	t.Helper()
	var c match.Corpus
	for i := range descriptions {
		if err := c.Add(&descriptions[i]); err != nil {
			t.Fatal(err)
		}
	}
	found := c.Cluster()
	of := make(map[string]int)
	if err := found.Each(func(_, cluster string) error { of[cluster]++; return nil }); err != nil {
		t.Fatal(err)
	}
	out := make(map[int]int)
	for _, n := range of {
		out[n]++
	}
	return out, found.Report
}

// TestThousandsOfOneTitle bounds the comparisons of ten thousand records with
// one title: the same in all, in other years, by other people, and generic.
func TestThousandsOfOneTitle(t *testing.T) {
	const n = 10_000
	for _, tt := range []struct {
		name    string
		make    func(i int) match.Description
		largest int // size of the largest group allowed
		whole   bool
	}{
		{"identical", func(int) match.Description {
			return match.Description{Title: kilnTitle, Date: "2019", Publisher: "Institute"}
		}, n, true},
		{"identical and generic", func(int) match.Description { return match.Description{Title: "Introduction"} }, 1, false},
		{"other years", func(i int) match.Description {
			return match.Description{Title: kilnTitle, Date: fmt.Sprint(1000 + i%1900)}
		}, 6, false},
		{"other authors", func(i int) match.Description {
			return match.Description{Title: kilnTitle, Date: "2019", Authors: []string{fmt.Sprintf("%s%s Xu", word(uint64(i)), word(uint64(i*7)))}}
		}, 40, false},
		{"a number more each", func(i int) match.Description {
			return match.Description{Title: fmt.Sprintf("%s, part %d", kilnTitle, i)}
		}, 1, false},
		{"a word more each", func(i int) match.Description { return match.Description{Title: kilnTitle + " " + word(uint64(i)*31)} }, 400, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			descriptions := make([]match.Description, n)
			for i := range descriptions {
				descriptions[i] = tt.make(i)
				descriptions[i].ID, descriptions[i].Source = fmt.Sprintf("r%05d", i), fmt.Sprintf("s%d", i%50)
			}
			got, report := sizes(t, descriptions)
			if most := n * 300; report.Compared > most {
				t.Errorf("%d comparisons of %d records, want at most %d", report.Compared, n, most)
			}
			for size := range got {
				if size > tt.largest {
					t.Errorf("a group of %d, want at most %d", size, tt.largest)
				}
			}
			if tt.whole && got[n] != 1 {
				t.Errorf("groups %v, want one of all", got)
			}
		})
	}
}

const kilnTitle = "Debt bondage in the brick kilns of the Kathmandu valley"

// TestChainsAreCut gives descriptions of which each is like the next, and the
// first is unlike the last.
func TestChainsAreCut(t *testing.T) {
	var descriptions []match.Description
	const links = 60
	for i := range links {
		var words []string
		for w := range 12 {
			words = append(words, word(uint64(i+w)*977+13))
		}
		descriptions = append(descriptions, match.Description{ID: fmt.Sprintf("r%03d", i), Source: fmt.Sprintf("s%d", i), Title: strings.Join(words, " ")})
	}
	got, _ := sizes(t, descriptions)
	for size := range got {
		if size > 12 {
			t.Errorf("a chain of %d unlike descriptions", size)
		}
	}
}

func TestOddDescriptions(t *testing.T) {
	long := strings.Repeat("slavery in the supply chains of the world ", 2500) // 100 KB
	var descriptions []match.Description
	for i, title := range []string{
		"", " ", "!!!", "\x00", "\xff\xfe", long, long, "🐟🐟🐟 🚢", "🐟🐟🐟 🚢", "\u202eزاتغاركشاا", "<script>alert(1)</script>", "&amp;amp;amp;", strings.Repeat("a", 100_000),
		strings.Repeat("(", 5000), strings.Repeat("1 ", 5000), strings.Repeat(". ", 5000), strings.Repeat("a. b, ", 2000), "ﷺ", "İ", "ß", "１２３ ４５６",
	} {
		descriptions = append(descriptions, match.Description{
			ID: fmt.Sprint(i), Source: "s", Title: title, Authors: []string{title, title}, Publisher: title, Venue: title, Pages: title, Volume: title,
			Summary: title, Date: title, Citation: i%2 == 0, TitleAlt: []string{title, title}, Edition: title, Language: title,
		})
	}
	sizes(t, descriptions)
}

func FuzzCompare(f *testing.F) {
	f.Add(`{"id":"1","title":"Debt bondage, volume II","year":2019}`, `{"id":"2","title":"Debt bondage","authors":"A. Sato"}`)
	f.Add(`{"id":1,"citation":"r. e. schapire. the strength of weak learnability. machine learning, 5(2):197-227, 1990."}`, `{"id":"2","text":"x"}`)
	f.Add(`{"id":"a","title":["x",{"value":"y"}],"authors":[{"name":"z"},7,null]}`, `{"id":"b","pages":"1--","volume":"iv","isbn":"0-306-40615-2"}`)
	f.Fuzz(func(t *testing.T, x, y string) {
		a, errA := match.ReadDescription([]byte(x))
		b, errB := match.ReadDescription([]byte(y))
		if errA != nil || errB != nil {
			return
		}
		v, w := match.Compare(&a, &b), match.Compare(&b, &a)
		if a.ID != b.ID && (v.Answer != w.Answer || math.Abs(v.Score-w.Score) > 1e-9) {
			t.Errorf("%s %v, the other way round %s %v", v.Answer, v.Score, w.Answer, w.Score)
		}
		if v.Score < 0 || v.Score > 1 {
			t.Errorf("score %v", v.Score)
		}
		if text, err := json.Marshal(v); err != nil || !utf8.Valid(text) {
			t.Errorf("%s: %v", text, err)
		}
		b.ID = a.ID + "'"
		clusters([]match.Description{a, b, a})
	})
}
