package match_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/match"
)

// TestBoundsDoNotDependOnOrder passes the bounds on how many share a key, a
// block and a title while records come in batches: the works are those of all
// at once.
func TestBoundsDoNotDependOnOrder(t *testing.T) {
	const n = 320
	for _, tt := range []struct {
		name string
		make func(i int) harvest.Record
	}{
		{"one title, pairs by author", func(i int) harvest.Record {
			return record(fmt.Sprintf("s%d/%03d", i%7, i), "Debt bondage in the brick kilns", func(r *harvest.Record) {
				r.Authors = []string{fmt.Sprintf("%s %s", word(uint64(i/2)*131), word(uint64(i/2)*17+5))}
			})
		}},
		{"one title, many years", func(i int) harvest.Record {
			return record(fmt.Sprintf("s%d/%03d", i%7, i), "Brick kilns bulletin", published(1990+i%30, "Institute"))
		}},
		{"one title, columns", func(i int) harvest.Record {
			return record(fmt.Sprintf("s%d/%03d", i%3, i), "Guest editorial", func(r *harvest.Record) {
				published(1990+i%17, "Institute")(r)
				r.Authors = []string{word(uint64(i%40)*131) + " " + word(uint64(i%40)*17+5)}
			})
		}},
		{"one main title, pairs by subtitle", func(i int) harvest.Record {
			return record(fmt.Sprintf("s%d/%03d", i%7, i), "Debt bondage in brick kilns: "+word(uint64(i/2)*131)+" "+word(uint64(i/2)*17+5)+" "+word(uint64(i/2)*19+3), nil)
		}},
		{"one file, pairs by title", func(i int) harvest.Record {
			return record(fmt.Sprintf("s%d/%03d", i%7, i), word(uint64(i/2)*131)+" "+word(uint64(i/2)*17+5), document("https://p.example/x.pdf"))
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var records []harvest.Record
			for i := range n {
				records = append(records, tt.make(i))
			}
			want := match.Link(records)
			rand.New(rand.NewPCG(3, 3)).Shuffle(n, func(i, j int) { records[i], records[j] = records[j], records[i] })
			s := newStore()
			for from := 0; from < n; {
				to := min(n, from+1+from%53)
				if err := s.update(t.Context(), records[from:to]...); err != nil {
					t.Fatal(err)
				}
				from = to
			}
			if diff := cmp.Diff(groups(want), groups(s.allWorks())); diff != "" {
				t.Errorf("(-whole +increments):\n%s", diff)
			}
		})
	}
}
