package match_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/match"
)

func doi(s string) func(*harvest.Record) {
	return func(r *harvest.Record) { r.Identifiers.DOI = s }
}

func published(year int, publisher string) func(*harvest.Record) {
	return func(r *harvest.Record) { r.Published, r.Publisher = harvest.YearDate(year), publisher }
}

func document(url string) func(*harvest.Record) {
	return func(r *harvest.Record) { r.Documents = []harvest.Document{{URL: url}} }
}

func in(language string, changes ...func(*harvest.Record)) func(*harvest.Record) {
	return func(r *harvest.Record) {
		r.Language.Value = language
		for _, change := range changes {
			change(r)
		}
	}
}

func TestLink(t *testing.T) {
	const pdf = "https://pub.example/report.pdf"
	typology := "The Typology of Modern Slavery: Defining Sex and Labor Trafficking"
	for _, tt := range []struct {
		name    string
		records []harvest.Record
		want    []string
	}{
		{"nothing in common", []harvest.Record{record("a/1", typology, nil), record("b/1", "Fishing vessels and flags", nil)}, nil},
		{"one long title and nothing else", []harvest.Record{record("a/1", typology, nil), record("b/1", typology, nil)}, []string{"a/1+b/1: likeness"}},
		{"one short title and nothing else", []harvest.Record{record("a/1", "Cocoa in Ghana", nil), record("b/1", "Cocoa in Ghana", nil)}, nil},
		{"one DOI", []harvest.Record{
			record("a/1", "Forced labour in Nepal", doi("10.1/X")), record("b/1", "Forced Labour in Nepal: a survey of brick kilns", doi("10.1/x")),
		}, []string{"a/1+b/1: doi"}},
		{"one DOI, other titles", []harvest.Record{
			record("a/1", "Brick kilns", doi("10.1/x")), record("b/1", "A survey of bonded workers", doi("10.1/x")),
		}, []string{"a/1+b/1: doi"}},
		{"one DOI, language versions", []harvest.Record{
			record("a/1", "Forced labour in brick kilns", doi("10.1/x")), record("a/2", "Travail forcé dans les briqueteries", in("fr", doi("10.1/x"))),
		}, []string{"a/1+a/2: doi"}},
		{"language versions without a common key are no exact repeats", []harvest.Record{
			record("a/1", "Forced labour in brick kilns", published(2021, "Institute")),
			record("a/2", "Travail forcé dans les briqueteries", in("fr", published(2021, "Institute"))),
		}, nil},
		{"a journal's DOI on every page of a source", []harvest.Record{
			record("a/1", "Bonded workers of Nepal", doi("10.1/j")), record("a/2", "Fishing vessels and flags", doi("10.1/j")),
			record("a/3", "Domestic servitude laws", doi("10.1/j")),
		}, nil},
		{"a symbol that many talk about", []harvest.Record{
			record("a/1", "Why the goals matter", symbol("A/RES/70/1")), record("b/1", "Cocoa in Ghana", symbol("A/RES/70/1")),
			record("c/1", "Fishing vessels and flags", symbol("A/RES/70/1")), record("d/1", "Domestic servitude laws", symbol("A/RES/70/1")),
			record("e/1", "Transforming our world: the 2030 Agenda", symbol("A/RES/70/1")),
			record("f/1", "Transforming our World: The 2030 Agenda for Sustainable Development", symbol("A/RES/70/1")),
		}, []string{"e/1+f/1: un-symbol"}},
		{"one address", []harvest.Record{
			record("a/1", typology, func(r *harvest.Record) { r.URL = "https://www.pub.example/typology/" }),
			record("b/1", "The typology of modern slavery", func(r *harvest.Record) { r.CanonicalURL = "http://pub.example/typology?utm_source=b" }),
		}, []string{"a/1+b/1: url"}},
		{"a site that declares its front page canonical everywhere", []harvest.Record{
			record("a/1", "Cocoa in Ghana", func(r *harvest.Record) { r.CanonicalURL = "https://a.example/" }),
			record("a/2", "Cocoa in Ghana", func(r *harvest.Record) { r.CanonicalURL = "https://a.example" }),
		}, nil},
		{"one page declared canonical by unlike ones", []harvest.Record{
			record("a/1", "Cocoa in Ghana", func(r *harvest.Record) { r.CanonicalURL = "https://a.example/list" }),
			record("a/2", "Fishing vessels and flags", func(r *harvest.Record) { r.CanonicalURL = "https://a.example/list" }),
		}, nil},
		{"one file's address", []harvest.Record{
			record("a/1", typology, document(pdf)), record("b/1", "Typology of modern slavery", document("http://www.pub.example/report.pdf")),
		}, []string{"a/1+b/1: document-url"}},
		{"the page of one is the file of the other", []harvest.Record{
			record("a/1", typology, document(pdf)), record("b/1", typology, func(r *harvest.Record) { r.URL = pdf }),
		}, []string{"a/1+b/1: document-url"}},
		{"translations that name each other", []harvest.Record{
			record("a/1", "Ten facts on brick kilns", in("en", translatedAt("https://a.example/a/2"))), record("a/2", "Diez datos sobre los hornos", in("es", translatedAt("https://a.example/a/1"))),
			record("a/3", "Fishing vessels and flags", nil),
		}, []string{"a/1+a/2: translation"}},
		{"a translation that one names", []harvest.Record{
			record("a/1", "Ten facts on brick kilns, volume 1", in("en", translatedAt("https://a.example/a/2"))), record("a/2", "Diez datos sobre los hornos", in("es")),
		}, []string{"a/1+a/2: translation"}},
		{"a translation in the same language is none", []harvest.Record{
			record("a/1", "Ten facts on brick kilns", translatedAt("https://a.example/a/2")), record("a/2", "Fishing vessels and flags", nil),
		}, nil},
		{"one record in many editions of one title, told by year", []harvest.Record{
			record("a/1", "Freedom Fund yearbook", published(2018, "Fund")), record("b/1", "Freedom Fund yearbook", published(2019, "Fund")),
			record("c/1", "Freedom Fund yearbook", published(2020, "Fund")),
		}, nil},
		{"a file in everybody's footer", []harvest.Record{
			record("a/1", "Cocoa in Ghana", document(pdf)), record("a/2", "Fishing vessels and flags", document(pdf)),
			record("b/1", "Domestic servitude laws", document(pdf)),
		}, nil},
		{"one file, years in the titles differ", []harvest.Record{
			record("a/1", "Freedom Fund report 2020", document(pdf)), record("b/1", "Freedom Fund report 2021", document(pdf)),
		}, nil},
		{"one file, volumes differ", []harvest.Record{
			record("a/1", "Handbook for prosecutors, Volume II", document(pdf)), record("b/1", "Handbook for Prosecutors: volume 3", document(pdf)),
			record("c/1", "Handbook for prosecutors (vol. 2)", document(pdf)),
		}, []string{"a/1+c/1: document-url"}},
		{"one content", []harvest.Record{
			record("a/1", typology, sha("ab")), record("b/1", typology, sha("AB")), record("c/1", "Cocoa in Ghana", sha("ab")),
		}, []string{"a/1+b/1: sha256"}},
		{"exact repeat by year and publisher", []harvest.Record{
			record("a/1", "Cocoa in Ghana", published(2017, "Polaris")), record("b/1", "COCOA in  Ghana!", published(2017, "Polaris.")),
			record("c/1", "Cocoa in Ghana", published(2018, "Polaris")), record("d/1", "Cocoa in Ghana", published(2017, "")),
			record("e/1", "Cocoa in Ghana", published(2017, "Other")),
		}, []string{"a/1+b/1: likeness"}},
		{"exact repeat of a long title by year", []harvest.Record{
			record("a/1", typology, published(2017, "Polaris")),
			record("b/1", "THE TYPOLOGY OF MODERN SLAVERY – DEFINING SEX AND LABOR TRAFFICKING", published(2017, "Library")),
			record("c/1", typology, published(2018, "Polaris")), record("d/1", typology, published(2017, "")), record("e/1", typology, nil),
		}, []string{"a/1+b/1+d/1+e/1: likeness"}},
		{"exact repeat by summary", []harvest.Record{
			record("a/1", "Cocoa in Ghana", summary("A long summary of twelve words or more, told the very same way twice over.")),
			record("b/1", "Cocoa in Ghana", summary("A long summary of twelve words or more,  told the very same way twice over")),
			record("c/1", "Cocoa in Ghana", summary("Short.")), record("d/1", "Cocoa in Ghana", summary("Short.")),
		}, []string{"a/1+b/1: likeness"}},
		{"repeat with dates far apart", []harvest.Record{
			record("a/1", "Statement on the situation in Libya", dated("2021-03-01", "OHCHR")),
			record("b/1", "Statement on the situation in Libya", dated("2021-11-01", "OHCHR")),
			record("c/1", "Statement on the situation in Libya", dated("2021-03", "OHCHR")),
		}, []string{"a/1+c/1: likeness"}},
		{"generic titles are no repeats", []harvest.Record{
			record("a/1", "Annual report 2021", published(2021, "Institute")), record("b/1", "Annual Report 2021", published(2021, "Institute")),
		}, nil},
		{"sure identifiers that differ forbid a repeat", []harvest.Record{
			record("a/1", typology, both(doi("10.1/a"), published(2017, "Polaris"))), record("b/1", typology, both(doi("10.1/b"), published(2017, "Polaris"))),
		}, nil},
		{"and forbid it through a third record", []harvest.Record{
			record("a/1", typology, both(doi("10.1/a"), published(2017, "Polaris"))), record("b/1", typology, both(doi("10.1/b"), published(2017, "Polaris"))),
			record("c/1", typology, published(2017, "Polaris")),
		}, []string{"a/1+c/1: likeness"}},
		{"chapters share the ISBN of their book", []harvest.Record{
			record("a/1", "Slavery in antiquity", both(doi("10.1/b.1"), isbn)), record("a/2", "Slavery in modern times", both(doi("10.1/b.2"), isbn)),
		}, nil},
		{"a withdrawn record belongs to no work", []harvest.Record{
			record("a/1", typology, doi("10.1/a")), record("b/1", typology, both(doi("10.1/a"), func(r *harvest.Record) { r.State = harvest.StateWithdrawn })),
		}, nil},
		{"a gone record stays", []harvest.Record{
			record("a/1", typology, doi("10.1/a")), record("b/1", typology, both(doi("10.1/a"), func(r *harvest.Record) { r.State = harvest.StateGone })),
		}, []string{"a/1+b/1: doi"}},
		{"through several keys", []harvest.Record{
			record("a/1", typology, doi("10.1/a")), record("b/1", typology, both(doi("10.1/a"), document(pdf))), record("c/1", typology, document(pdf)),
			record("d/1", "Cocoa in Ghana", nil),
		}, []string{"a/1+b/1+c/1: document-url, doi"}},
		{"one title in a script without spaces", []harvest.Record{
			record("a/1", "人口贩运问题全球报告", in("zh", published(2020, "联合国"))), record("b/1", "人口贩运问题 全球报告", in("zh", published(2020, "联合国"))),
		}, []string{"a/1+b/1: likeness"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(append([]string{}, tt.want...), groups(match.Link(tt.records))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func translatedAt(url string) func(*harvest.Record) {
	return func(r *harvest.Record) { r.Translations = []harvest.Translation{{Language: "xx", URL: url}} }
}

func symbol(s string) func(*harvest.Record) {
	return func(r *harvest.Record) { r.Identifiers.UNSymbol = s }
}

func sha(s string) func(*harvest.Record) {
	return func(r *harvest.Record) {
		r.Documents = []harvest.Document{{URL: r.URL + "/x.pdf", SHA256: s}}
	}
}

func summary(s string) func(*harvest.Record) {
	return func(r *harvest.Record) { r.Summary = s }
}

func isbn(r *harvest.Record) { r.Identifiers.ISBN = "9789221234567" }

func dated(date, publisher string) func(*harvest.Record) {
	return func(r *harvest.Record) {
		r.Published, _ = harvest.ParseDate(date)
		r.Publisher = publisher
	}
}

func both(changes ...func(*harvest.Record)) func(*harvest.Record) {
	return func(r *harvest.Record) {
		for _, change := range changes {
			change(r)
		}
	}
}

func TestEvidenceAndIdentity(t *testing.T) {
	works := match.Link([]harvest.Record{
		record("b/1", "Cocoa farming in Ghana", doi("10.1/X")), record("a/1", "Cocoa farming in Ghana", both(doi("10.1/x"), document("https://p.example/x.pdf"))),
		record("c/1", "Cocoa farming in Ghana", document("https://p.example/x.pdf")),
	})
	want := []harvest.Work{{ID: harvest.NewWorkID([]harvest.RecordID{"a/1"}), Members: []harvest.Member{
		{Record: "a/1", Method: "doi", Score: 1, Evidence: "10.1/x", Language: "en"},
		{Record: "b/1", Method: "doi", Score: 1, Evidence: "10.1/x", Language: "en"},
		{Record: "c/1", Method: "document-url", Score: 1, Evidence: "p.example/x.pdf", Language: "en"},
	}}}
	if diff := cmp.Diff(want, works); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// drawRecord makes a record from few values, so that records meet often and
// contradict each other often.
func drawRecord(t *rapid.T, id int) harvest.Record {
	pick := func(name string, values ...string) string { return rapid.SampledFrom(values).Draw(t, name) }
	r := record(fmt.Sprintf("%s/%d", pick("source", "a", "b", "c"), id), pick("title",
		"Cocoa farming in Ghana", "Cocoa farming in Ghana: a survey", "Cocoa farming in Ghana 2020", "Cocoa farming in Ghana 2021",
		"Fishing vessels and flags", "Annual report 2021"), nil)
	r.Language.Value = pick("language", "en", "fr", "")
	r.Identifiers.DOI = pick("doi", "", "", "", "10.1/a", "10.1/b")
	r.Identifiers.UNSymbol = pick("symbol", "", "", "", "A/1", "A/2")
	r.Published, _ = harvest.ParseDate(pick("date", "2020", "2020-03", "2020-09-01"))
	r.Publisher = pick("publisher", "", "Institute")
	r.CanonicalURL = pick("url", "", "", "https://p.example/1", "https://p.example/2")
	if u := pick("document", "", "", "https://p.example/1", "https://p.example/x.pdf"); u != "" {
		r.Documents = []harvest.Document{{URL: u, SHA256: pick("hash", "", "ab")}}
	}
	if pick("state", "active", "active", "active", "withdrawn") == "withdrawn" {
		r.State = harvest.StateWithdrawn
	}
	return r
}

func TestWorksDoNotDependOnOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var records []harvest.Record
		for i := range rapid.IntRange(2, 25).Draw(t, "records") {
			records = append(records, drawRecord(t, i))
		}
		said := drawDecisions(t, records)
		want := match.Link(records, said...)
		shuffled := slices.Clone(records)
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if diff := cmp.Diff(want, match.Link(shuffled, said...)); diff != "" {
			t.Fatalf("another order gives other works:\n%s", diff)
		}
		s := newStore()
		s.decisions = said
		for len(shuffled) > 0 {
			n := rapid.IntRange(1, len(shuffled)).Draw(t, "batch")
			if err := s.update(t.Context(), shuffled[:n]...); err != nil {
				t.Fatal(err)
			}
			shuffled = shuffled[n:]
		}
		if diff := cmp.Diff(want, s.allWorks()); diff != "" {
			t.Fatalf("increments give other works (-whole +increments):\n%s", diff)
		}
	})
}

// drawDecisions says of some pairs that they are, or are not, one document.
func drawDecisions(t *rapid.T, records []harvest.Record) []harvest.Decision {
	var out []harvest.Decision
	for range rapid.IntRange(0, 4).Draw(t, "decisions") {
		a, b := rapid.SampledFrom(records).Draw(t, "a").ID, rapid.SampledFrom(records).Draw(t, "b").ID
		d := harvest.Decision{A: min(a, b), B: max(a, b), Same: rapid.Bool().Draw(t, "same"), Author: "Ana"}
		known := slices.ContainsFunc(out, func(o harvest.Decision) bool { return o.A == d.A && o.B == d.B })
		if a != b && !known {
			out = append(out, d)
		}
	}
	return out
}

// TestDecisionsHold says of random pairs what holds for every set of works:
// those said to differ are apart.
func TestDecisionsHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var records []harvest.Record
		for i := range rapid.IntRange(2, 15).Draw(t, "records") {
			records = append(records, drawRecord(t, i))
		}
		said := drawDecisions(t, records)
		of := make(map[harvest.RecordID]harvest.WorkID)
		for _, w := range match.Link(records, said...) {
			for _, m := range w.Members {
				of[m.Record] = w.ID
			}
		}
		withdrawn := make(map[harvest.RecordID]bool)
		for _, r := range records {
			withdrawn[r.ID] = r.State == harvest.StateWithdrawn
			if withdrawn[r.ID] && of[r.ID] != "" {
				t.Fatalf("%s is withdrawn and in %q", r.ID, of[r.ID])
			}
		}
		apart := slices.ContainsFunc(said, func(d harvest.Decision) bool { return !d.Same })
		for _, d := range said {
			together := of[d.A] != "" && of[d.A] == of[d.B]
			if !d.Same && together || d.Same && !together && !apart && !withdrawn[d.A] && !withdrawn[d.B] {
				t.Fatalf("%+v, yet they are in %q and %q", d, of[d.A], of[d.B])
			}
		}
	})
}

func TestWorksFollowChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newStore()
		for range rapid.IntRange(5, 40).Draw(t, "steps") {
			r := drawRecord(t, rapid.IntRange(0, 9).Draw(t, "record"))
			r.ID = harvest.RecordID(fmt.Sprintf("%s/%s", r.Source, strings.Split(string(r.ID), "/")[1]))
			r.Work = "" // as the crawler gives it
			if err := s.update(t.Context(), r); err != nil {
				t.Fatal(err)
			}
		}
		// What has gone leaves its work at once.
		for _, w := range s.works {
			for _, m := range w.Members {
				if r := s.records[m.Record]; r.State == harvest.StateWithdrawn || r.Work != w.ID {
					t.Fatalf("%s is in %s, state %s, work %s", m.Record, w.ID, r.State, r.Work)
				}
			}
		}
		// A pass over all records, as after losing the works, settles what
		// keys that many held have left behind.
		if err := s.update(t.Context(), s.all()...); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(match.Link(s.all()), s.allWorks()); diff != "" {
			t.Fatalf("(-whole +after changes):\n%s", diff)
		}
		if again, err := match.Update(t.Context(), s, s.all()); err != nil || len(again.Works) > 0 {
			t.Fatalf("nothing changed, yet there is something to write: %v, %v", again.Works, err)
		}
	})
}

func TestManyHoldersOfOneKey(t *testing.T) {
	var records []harvest.Record
	for i := range 3000 {
		records = append(records, record(fmt.Sprintf("a/%04d", i), "Cocoa farming in Ghana", document("https://p.example/x.pdf")))
	}
	for i := range 3000 {
		records = append(records, record(fmt.Sprintf("b/%04d", i), fmt.Sprintf("Page x%c%c of the catalogue of things", 'a'+i%26, 'a'+i/26%26), document("https://p.example/x.pdf")))
	}
	works := match.Link(records)
	sizes := make(map[int]int)
	for _, w := range works {
		sizes[len(w.Members)]++
	}
	if sizes[3000] != 1 {
		t.Errorf("sizes of works %v, want one of 3000", sizes)
	}
	for size := range sizes {
		if size > 10 && size != 3000 {
			t.Errorf("%d unlike records are chained", size)
		}
	}
}

// BenchmarkLink measures records per second where a tenth have a twin, and
// where all have one title and one file.
func BenchmarkLink(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprintf("records=%d", n), func(b *testing.B) {
			records := make([]harvest.Record, n)
			for i := range records {
				records[i] = record(fmt.Sprintf("s%d/%d", i%40, i), fmt.Sprintf("Survey %x of workers in region %x", i*7919, i*104729), published(1990+i%30, "Institute"))
				if i%10 == 0 && i > 0 {
					records[i].Title, records[i].Published = records[i-1].Title, records[i-1].Published
				}
			}
			for b.Loop() {
				match.Link(records)
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "records/s")
		})
	}
	b.Run("one-title=10000", func(b *testing.B) {
		records := make([]harvest.Record, 10_000)
		for i := range records {
			records[i] = record(fmt.Sprintf("s%d/%d", i%40, i), "Survey of workers", both(published(2020, "Institute"), document("https://p.example/x.pdf")))
		}
		for b.Loop() {
			match.Link(records)
		}
	})
}

// BenchmarkUpdate measures one new record among many.
func BenchmarkUpdate(b *testing.B) {
	s := newStore()
	var records []harvest.Record
	for i := range 2000 {
		records = append(records, record(fmt.Sprintf("s%d/%d", i%40, i), fmt.Sprintf("Survey %x of workers", i/2), published(2020, "Institute")))
	}
	if err := s.update(b.Context(), records...); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := match.Update(b.Context(), s, records[:1]); err != nil {
			b.Fatal(err)
		}
	}
}
