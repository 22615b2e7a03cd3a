package match_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/harvest87/harvest/match"
)

// library makes descriptions of documents one after the other: titles of words
// that are used as unevenly as words are (Zipf), two authors, a publisher, a
// year, every fifth with a summary. One document in five is described again,
// with a typo, without its subtitle, or with its authors cut to initials.
type library struct {
	rng   *rand.Rand
	words *rand.Zipf
	last  match.Description
	n     int
}

func newLibrary() *library {
	rng := rand.New(rand.NewPCG(1, 87))
	return &library{rng: rng, words: rand.NewZipf(rng, 1.07, 30, 60_000)}
}

var syllables = strings.Fields("ba ce di fo gu ha je ki lo mu na pe qui ro su ta ve wi xo zy bra cle dri flo gru")

// word spells a number as a word.
func word(n uint64) string {
	var b strings.Builder
	for n = n*7 + 31; n > 0; n /= uint64(len(syllables)) {
		b.WriteString(syllables[n%uint64(len(syllables))])
	}
	return b.String()
}

func (l *library) text(n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = word(l.words.Uint64())
	}
	return strings.Join(words, " ")
}

// next makes the next description; document says of what.
func (l *library) next() (d match.Description, document int) {
	l.n++
	if l.n%6 == 0 {
		d = l.last
		switch l.n / 6 % 3 {
		case 0:
			d.Title = strings.Replace(d.Title, "u", "uu", 1)
		case 1:
			d.Title, _, _ = strings.Cut(d.Title, ":")
		default:
			d.Authors = []string{d.Authors[0][:1] + ". " + strings.Fields(d.Authors[0])[1]}
		}
	} else {
		d = match.Description{
			Title: l.text(4+l.rng.IntN(4)) + ": " + l.text(3+l.rng.IntN(4)), Publisher: "Institute of " + l.text(1),
			Authors: []string{l.text(1) + " " + l.text(1), l.text(1) + " " + l.text(1)},
			Date:    strconv.Itoa(1980 + l.rng.IntN(45)),
		}
		if l.n%5 == 0 {
			d.Summary = l.text(60)
		}
		l.last = d
	}
	d.ID, d.Source = fmt.Sprintf("s%d:%08d", l.n%40, l.n), fmt.Sprintf("s%d", l.n%40)
	if l.n%6 == 0 {
		return d, l.n - 1
	}
	return d, l.n
}

// residentMB is the most memory that the process has had, in megabytes, 0 where
// /proc does not say.
func residentMB() float64 {
	status, _ := os.ReadFile("/proc/self/status")
	_, rest, _ := bytes.Cut(status, []byte("VmHWM:"))
	fields := bytes.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kb, _ := strconv.Atoi(string(fields[0]))
	return float64(kb) / 1024
}

// BenchmarkCorpus shows the curve: what a record costs, in time and memory,
// when more are grouped at once, and what was found. The largest number of
// records is 300,000, or what HARVEST_MATCH_RECORDS says.
func BenchmarkCorpus(b *testing.B) {
	most := 300_000
	if n, err := strconv.Atoi(os.Getenv("HARVEST_MATCH_RECORDS")); err == nil {
		most = n
	}
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(1200 << 20))
	for _, n := range []int{10_000, 30_000, 100_000, 300_000, 1_000_000} {
		if n > most {
			continue
		}
		b.Run(fmt.Sprintf("records=%d", n), func(b *testing.B) {
			for b.Loop() {
				l := newLibrary()
				var c match.Corpus
				document := make([]uint32, 0, n)
				start := time.Now()
				for range n {
					d, of := l.next()
					document = append(document, uint32(of))
					if err := c.Add(&d); err != nil {
						b.Fatal(err)
					}
				}
				added := time.Since(start)
				found := c.Cluster()
				b.ReportMetric(float64(time.Since(start).Microseconds())/float64(n), "µs/record")
				b.ReportMetric(float64(added.Microseconds())/float64(n), "µs/record-reading")
				right, joined, again := 0, 0, 0
				i := 0
				byCluster := make(map[string]uint32)
				err := found.Each(func(_, cluster string) error {
					if of, known := byCluster[cluster]; known {
						joined++
						if of == document[i] {
							right++
						}
					} else {
						byCluster[cluster] = document[i]
					}
					if i > 0 && document[i] == document[i-1] {
						again++
					}
					i++
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(right)/float64(max(joined, 1)), "precision")
				b.ReportMetric(float64(right)/float64(max(again, 1)), "recall")
				b.ReportMetric(float64(found.Report.Compared)/float64(n), "pairs/record")
				b.ReportMetric(residentMB(), "MB-resident")
			}
		})
	}
}
