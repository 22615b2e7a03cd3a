package search_test

import (
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/search"
)

// result searches an index that holds only the record.
func result(t *testing.T, r harvest.Record, query string) search.Result {
	t.Helper()
	res, err := indexed(t, r).Search(t.Context(), words("%s", query), search.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Hits) != 1 {
		t.Fatalf("%q finds %d records, want the one there is", query, len(res.Hits))
	}
	return res
}

func TestSnippet(t *testing.T) {
	filler := strings.Repeat("Nothing of the kind is said in this place. ", 20)
	for _, tt := range []struct {
		name, title, summary, language, query string
		wantTitle, wantText                   string
	}{
		{
			name: "words in their forms", title: "Trafficked children", language: "en", query: "trafficking child*",
			summary:   "The traffickers of children.",
			wantTitle: "[Trafficked] [children]", wantText: "The [traffickers] of [children].",
		},
		{
			name: "phrase", title: "Labour", language: "en", query: `"forced labour"`,
			summary:   "Forced and other labour; forced labour too.",
			wantTitle: "Labour", wantText: "Forced and other labour; [forced labour] too.",
		},
		{
			name: "elision and accents", title: "L’esclavage", language: "fr", query: "esclavages etre",
			summary:   "La traite des êtres humains.",
			wantTitle: "[L’esclavage]", wantText: "La traite des [êtres] humains.",
		},
		{
			name: "arabic", title: "مكافحة الاتجار", language: "ar", query: "اتجار",
			summary:   "",
			wantTitle: "مكافحة [الاتجار]", wantText: "",
		},
		{
			name: "chinese", title: "打击强迫劳动和人口贩运", language: "zh", query: "强迫劳动",
			wantTitle: "打击[强迫劳动]和人口贩运",
		},
		{
			name: "one character", title: "打击强迫劳动", language: "zh", query: "动",
			wantTitle: "打击强迫劳[动]",
		},
		{
			name: "nothing excluded is marked", title: "Slavery", language: "en", query: "slavery -labour",
			summary:   "Old slavery.",
			wantTitle: "[Slavery]", wantText: "Old [slavery].",
		},
		{
			name: "only in the title", title: "Slavery and labour", language: "en", query: "title:slavery labour",
			summary:   "Slavery is no labour.",
			wantTitle: "[Slavery] and [labour]", wantText: "Slavery is no [labour].",
		},
		{
			name: "fuzzy", title: "Slavery", language: "en", query: "slvaery~2",
			wantTitle: "[Slavery]",
		},
		{
			name: "the passage in the middle", title: "Report", language: "en", query: "slavery chains",
			summary:   filler + "Slavery alone. " + filler + "Here slavery is in chains of supply. " + filler,
			wantTitle: "Report", wantText: "… place. Here [slavery] is in [chains] of supply. Nothing of …",
		},
		{
			name: "without words the beginning", title: "Report", language: "en", query: "",
			summary:   "Here it starts and goes on. " + filler,
			wantTitle: "Report", wantText: "Here it starts and goes on. Nothing of the kind is said in …",
		},
		{
			name: "tags and controls", title: "Slavery <b onclick=x()>now</b>\x1b[31m\u202e", language: "en", query: "slavery",
			summary:   "<script>alert(1)</script>Slavery < 5 & > 3",
			wantTitle: "[Slavery]  now  [31m", wantText: " alert(1) [Slavery] < 5 & > 3",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := titled("a", tt.title, tt.language)
			r.Summary = tt.summary
			res := result(t, r, tt.query)
			if got := res.Title(&r).Marked("[", "]"); got != tt.wantTitle {
				t.Errorf("title %q, want %q", got, tt.wantTitle)
			}
			if got := res.Snippet(&r, 60).Marked("[", "]"); got != tt.wantText {
				t.Errorf("text %q, want %q", got, tt.wantText)
			}
		})
	}
}

func TestSnippetOfAnotherField(t *testing.T) {
	r := titled("a", "Report", "en")
	r.Summary, r.Publisher = "A summary.", "Institute of Labour"
	if got := result(t, r, "institute").Snippet(&r, 60).Marked("[", "]"); got != "[Institute] of Labour" {
		t.Errorf("text %q", got)
	}
}

// FuzzSearch checks that any query is answered or refused with a reason, and
// that snippets of any text are safe and whole.
func FuzzSearch(f *testing.F) {
	r := titled("a", "Trafficked children of L’esclavage 强迫劳动 العبودية", "en")
	r.Summary = "Some summary (with parentheses) about anti-slavery law in 2021."
	ix := open(f, f.TempDir())
	syncWith(f, ix, newCatalogue(r))
	for _, q := range []string{
		`slavery "forced labour" -x traf* slvry~2`, `title:(a OR b) AND NOT c`, `"`, `((((((((((a`, `*:*`, `a OR`, `-`, `--a`, `NOT NOT a`, `+`,
		`强`, `强迫*`, `title:强`, `"强"`, `U.N.`, `l’`, "\u202e\x00\xff", `1,000.5`, `a\b`, `x:y`, `:`, `a: b`, `~`, `a~`, `()`, `"" a`, `the`,
	} {
		f.Add(q, q)
	}
	f.Fuzz(func(t *testing.T, query, text string) {
		res, err := ix.Search(t.Context(), words("%s", query), search.Options{})
		if err != nil {
			var syntax *search.SyntaxError
			if !errors.As(err, &syntax) {
				t.Fatalf("query %q: %v", query, err)
			}
			if syntax.Column < 1 || syntax.Problem == "" || syntax.Hint == "" {
				t.Errorf("query %q: %+v says too little", query, syntax)
			}
			return
		}
		record := titled("b", text, "en")
		record.Summary = text
		for _, s := range []search.Snippet{res.Title(&record), res.Snippet(&record, 40), res.Snippet(&r, 40)} {
			if !utf8.ValidString(s.Text) || strings.ContainsFunc(s.Text, unicode.IsControl) {
				t.Errorf("snippet %q is not safe", s.Text)
			}
			at := 0
			for _, m := range s.Marks {
				if m.Start < at || m.End <= m.Start || m.End > len(s.Text) || !utf8.ValidString(s.Text[m.Start:m.End]) {
					t.Fatalf("marks %v of %q", s.Marks, s.Text)
				}
				at = m.End
			}
		}
	})
}
