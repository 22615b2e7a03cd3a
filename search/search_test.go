package search_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/search"
)

func TestWordsInTheirForms(t *testing.T) {
	ix := indexed(t,
		titled("en", "Children trafficked for forced labour", "en"),
		titled("en-form", "Survivors' voices on organised crime", "en-GB"),
		titled("fr", "Lutter contre L’esclavage moderne et la traite des êtres humains", "fr"),
		titled("es", "La trata de personas: niñas explotadas y educación", "es"),
		titled("pt", "Escravidão contemporânea e condições de trabalho", "pt-BR"),
		titled("de", "Maßnahmen gegen Menschenhändler und Zwangsarbeiten", "de"),
		titled("ru", "Борьба с торговлей людьми и принудительным трудом", "ru"),
		titled("ar", "مكافحة الاتجار بالأشخاص والعبودية", "ar"),
		titled("ar-marks", "العُبُودِيَّة الحَدِيثَة", "ar"),
		titled("ne", "जबरजस्ती श्रम र मानव बेचबिखन", "ne"),
		titled("zh", "打击强迫劳动和人口贩运", "zh"),
		titled("ja", "現代奴隷制に関する報告書", "ja"),
		titled("ko", "강제노동을 근절하기 위한 보고서", "ko"),
		titled("th", "การค้ามนุษย์ในประเทศไทย", "th"),
		titled("none", "Zażółć gęślą jaźń: wyzysk", ""),
		titled("wide", "Ｆｏｒｃｅｄ　ｌａｂｏｒ ２０２１", "en"),
		titled("symbol", "Report A/HRC/42/44 of the U.N. rapporteur, Delta 8.7", "en"),
	)
	for _, tt := range []struct {
		query string
		want  []string
	}{
		{"trafficking", []string{"en"}},
		{"TRAFFICKED", []string{"en"}},
		{"child", nil}, // an irregular plural is not a form that a stemmer knows
		{"survivor voice", []string{"en-form"}},
		{"organising", []string{"en-form"}},
		{"esclavage", []string{"fr"}},
		{"l'esclavage", []string{"fr"}},
		{"l’esclavages", []string{"fr"}},
		{"etres humaines", []string{"fr"}},
		{"nina", []string{"es"}},
		{"explotada", []string{"es"}},
		{"educacion", []string{"es"}},
		{"educaciones", []string{"es"}},
		{"escravidao", []string{"pt"}},
		{"condição", []string{"pt"}},
		{"massnahme", []string{"de"}},
		{"Menschenhändlern", []string{"de"}},
		{"menschenhandler", []string{"de"}},
		{"торговля человека людях", nil},
		{"торговля", []string{"ru"}},
		{"принудительный труд", []string{"ru"}},
		{"اتجار", []string{"ar"}},
		{"الاتجار", []string{"ar"}},
		{"أشخاص", []string{"ar"}},
		{"عبودية", []string{"ar", "ar-marks"}},
		{"العبوديه", []string{"ar", "ar-marks"}},
		{"والعبودية", []string{"ar", "ar-marks"}},
		{"श्रम", []string{"ne"}},
		{"श्र", nil},
		{"बेचबिखन", []string{"ne"}},
		{"强迫劳动", []string{"zh"}},
		{"人口贩运", []string{"zh"}},
		{"劳", []string{"zh"}},
		{"运", []string{"zh"}},
		{"迫强", nil},
		{"強迫", nil},
		{"奴隷制", []string{"ja"}},
		{"노동", []string{"ko"}},
		{"강제노동", []string{"ko"}},
		{"มนุษย์", []string{"th"}},
		{"zazolc gesla", []string{"none"}},
		{"forced labor 2021", []string{"wide"}},
		{"A/HRC/42/44", []string{"symbol"}},
		{"hrc 42", []string{"symbol"}},
		{"42/42", nil},
		{"un rapporteur", []string{"symbol"}},
		{"u.n.", []string{"symbol"}},
		{`"delta 8.7"`, []string{"symbol"}},
		{"the trafficking of children", []string{"en"}}, // "the" and "of" are not insisted on
	} {
		t.Run(tt.query, func(t *testing.T) {
			if diff := cmp.Diff(append([]string{}, tt.want...), found(t, ix, words("%s", tt.query))); diff != "" {
				t.Errorf("query %q (-want +got):\n%s", tt.query, diff)
			}
		})
	}
}

func TestSyntax(t *testing.T) {
	a := titled("a", "Modern slavery in supply chains", "en")
	a.Summary = "A study of forced labour. The authors ask companies."
	a.Authors = []string{"Amara Okafor", "Li Wei"}
	a.Publisher = "Institute of Labour"
	b := titled("b", "Supply of labour", "en")
	b.Summary = "Slavery and its chains, modern and old."
	c := titled("c", "Anti-slavery law", "en")
	c.TitleAlt = []string{"Loi contre l’esclavage"}
	c.Topics = []string{"child-labour"}
	c.Identifiers.DOI = "10.1234/abc.5"
	ix := indexed(t, a, b, c)
	for _, tt := range []struct {
		query string
		want  []string
	}{
		{"", []string{"a", "b", "c"}},
		{"   ", []string{"a", "b", "c"}},
		{"slavery", []string{"a", "b", "c"}},
		{"slavery labour", []string{"a", "b", "c"}},
		{"slavery AND chains", []string{"a", "b"}},
		{`"modern slavery"`, []string{"a"}},
		{`“modern slavery”`, []string{"a"}},
		{`«supply chains»`, []string{"a"}},
		{`"labour the authors"`, []string{"a"}},
		{`"supply chain"`, nil}, // a phrase stands as typed
		{`"chains a study"`, nil},
		{`"law loi"`, nil}, // not from one title into the next
		{`"slavery law"`, []string{"c"}},
		{"anti-slavery", []string{"c"}},
		{"slav*", []string{"a", "b", "c"}},
		{"compan*", []string{"a"}},
		{"anti-slav*", []string{"c"}},
		{"zzz*", nil},
		{"slavary~", []string{"a", "b", "c"}},
		{"slavxxy~", nil},
		{"slavxxy~2", []string{"a", "b", "c"}},
		{"law~", []string{"c"}},
		{"slavery -law", []string{"a", "b"}},
		{"slavery −law", []string{"a", "b"}},
		{"slavery NOT (law OR companies)", []string{"b"}},
		{`-"modern slavery"`, []string{"b", "c"}},
		{"-slavery", nil},
		{"slavery - law", []string{"c"}},
		{"companies OR law", []string{"a", "c"}},
		{"companies or law", nil},
		{"(companies OR law) slavery", []string{"a", "c"}},
		{"supply (companies OR old)", []string{"a", "b"}},
		{"title:slavery", []string{"a", "c"}},
		{"TITLE:slavery", []string{"a", "c"}},
		{"title:esclavage", []string{"c"}},
		{"title:(labour OR law)", []string{"b", "c"}},
		{`title:"supply chains"`, []string{"a"}},
		{"title:suppl* -title:chains", []string{"b"}},
		{"author:okafor", []string{"a"}},
		{"author:slavery", nil},
		{`author:"li wei"`, []string{"a"}},
		{`author:"okafor li"`, nil},
		{"publisher:institute", []string{"a"}},
		{"okafor labour", []string{"a"}},
		{"child labour", []string{"c"}},
		{"10.1234/abc.5", []string{"c"}},
		{"slavery: a study", []string{"a"}},
		{"slavery & chains", []string{"a", "b"}},
		{"+slavery +chains", []string{"a", "b"}},
		{"what is slavery?", nil},
		{"the of", []string{"a", "b"}[:1]},
	} {
		t.Run(tt.query, func(t *testing.T) {
			if diff := cmp.Diff(append([]string{}, tt.want...), found(t, ix, words("%s", tt.query))); diff != "" {
				t.Errorf("query %q (-want +got):\n%s", tt.query, diff)
			}
		})
	}
}

func TestSyntaxErrors(t *testing.T) {
	ix := indexed(t, titled("a", "Modern slavery", "en"))
	for _, tt := range []struct{ query, want string }{
		{`"modern slavery`, `query, column 1: this quotation mark is not closed; add another one after the phrase`},
		{`modern (slavery`, `query, column 8: this parenthesis is not closed; add )`},
		{`modern) slavery`, `query, column 7: this parenthesis closes nothing; remove it`},
		{`()`, `query, column 1: there is no word in it; type letters or digits`},
		{`*very`, `query, column 1: a * may only stand at the end of a word; write the beginning of the word, as in traffick*`},
		{`mod sla*ry`, `query, column 8: a * may only stand at the end of a word; write the beginning of the word, as in traffick*`},
		{`*`, `query, column 1: a * needs the beginning of a word before it; as in traffick*`},
		{`s*`, `query, column 1: "s*" begins too many words; write at least 2 letters before the *`},
		{`tilte:slavery`, `query, column 1: there is no field "tilte"; known are author:, publisher: and title:; put the words in quotes to search for them as they stand`},
		{`OR slavery`, `query, column 1: OR needs a word on both sides; write it in lower case or in quotes to search for the word "or"`},
		{`slavery OR`, `query, column 11: OR needs a word on both sides; write it in lower case or in quotes to search for the word "or"`},
		{`slavery NOT`, `query, column 9: NOT needs a word after it; name what to leave out, or write it in lower case`},
		{`!!!`, `query, column 1: there is no word in it; type letters or digits`},
		{strings.Repeat("(", 20) + "a" + strings.Repeat(")", 20), `query, column 9: too many parentheses within each other; at most 8 levels`},
		{strings.Repeat("word ", 65), `query, column 321: too many words; at most 64 words and phrases are searched for`},
		{strings.Repeat("x", 1001), `query, column 1001: the query has 1001 characters; at most 1000 are searched for`},
	} {
		t.Run(tt.query[:min(len(tt.query), 20)], func(t *testing.T) {
			_, err := ix.Search(t.Context(), words("%s", tt.query), search.Options{})
			if _, ok := errors.AsType[*search.SyntaxError](err); !ok {
				t.Fatalf("query %q: %v, want a SyntaxError", tt.query, err)
			}
			if got := err.Error(); got != tt.want {
				t.Errorf("query %q:\n got %s\nwant %s", tt.query, got, tt.want)
			}
		})
	}
}

func TestFilters(t *testing.T) {
	record := func(name, source, category, language, published string, state harvest.State) harvest.Record {
		r := titled(name, "Slavery report", language)
		r.Source, r.Category, r.State = harvest.SourceID(source), category, state
		if published != "" {
			date, err := harvest.ParseDate(published)
			if err != nil {
				t.Fatal(err)
			}
			r.Published = date
		}
		return r
	}
	about := func(r harvest.Record, topics, countries string) harvest.Record {
		r.Topics, r.Countries = strings.Fields(topics), strings.Fields(countries)
		return r
	}
	ix := indexed(t,
		about(record("a", "one", "report", "en", "2021", ""), "mining", "IN"),
		about(record("b", "one", "law", "en-GB", "2021-03", ""), "mining", "NP"),
		about(record("c", "two", "report", "fr", "2021-03-15", ""), "fishing", "NP IN"),
		record("d", "two", "report", "zh-Hant-TW", "2022-01-01", ""),
		record("e", "two", "", "", "", ""),
		record("f", "two", "law", "en", "1999-12-31", harvest.StateGone),
		record("g", "two", "law", "en", "2020", harvest.StateWithdrawn),
	)
	date := func(s string) harvest.Date {
		d, err := harvest.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, tt := range []struct {
		name string
		q    harvest.Query
		want string
	}{
		{"nothing", harvest.Query{}, "a b c d e"},
		{"words", harvest.Query{Words: "slavery"}, "a b c d e"},
		{"source", harvest.Query{Sources: []harvest.SourceID{"one"}}, "a b"},
		{"unknown source", harvest.Query{Sources: []harvest.SourceID{"on"}}, ""},
		{"unknown source and words", harvest.Query{Sources: []harvest.SourceID{"on"}, Words: "slavery"}, ""},
		{"unknown words", harvest.Query{Sources: []harvest.SourceID{"one"}, Words: "zebra"}, ""},
		{"category", harvest.Query{Categories: []string{"report"}, Words: "reports"}, "a c d"},
		{"language", harvest.Query{Languages: []string{"en"}}, "a b"},
		{"language with region", harvest.Query{Languages: []string{"EN-gb"}}, "b"},
		{"language with script", harvest.Query{Languages: []string{"zh-hant"}}, "d"},
		{"since a year", harvest.Query{Since: date("2021")}, "a b c d"},
		{"since a month", harvest.Query{Since: date("2021-02")}, "b c d"},
		{"since the same month", harvest.Query{Since: date("2021-03")}, "b c d"},
		{"since a day", harvest.Query{Since: date("2021-03-15")}, "c d"},
		{"since the day after", harvest.Query{Since: date("2021-03-16")}, "d"},
		{"since the last day", harvest.Query{Since: date("2022-01-01")}, "d"},
		{"since the future", harvest.Query{Since: date("2023")}, ""},
		{"any state", harvest.Query{States: []harvest.State{harvest.AnyState}}, "a b c d e f g"},
		{"gone", harvest.Query{States: []harvest.State{harvest.StateGone}}, "f"},
		{"gone and since", harvest.Query{States: []harvest.State{harvest.StateGone}, Since: date("2000")}, ""},
		{"withdrawn keeps no text", harvest.Query{States: []harvest.State{harvest.AnyState}, Words: "slavery"}, "a b c d e f"},
		{"changed since", harvest.Query{ChangedSince: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}, "a b c d e"},
		{"changed since later", harvest.Query{ChangedSince: time.Date(2026, 3, 1, 12, 0, 0, 1, time.UTC)}, ""},
		{"changed since earlier", harvest.Query{ChangedSince: time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)}, "a b c d e"},
		{"topic", harvest.Query{Topics: []string{"mining"}}, "a b"},
		{"topic, not its part", harvest.Query{Topics: []string{"min"}}, ""},
		{"one of two topics", harvest.Query{Topics: []string{"mining", "fishing", "mining"}}, "a b c"},
		{"country", harvest.Query{Countries: []string{"NP"}}, "b c"},
		{"one of two countries", harvest.Query{Countries: []string{"NP", "IN"}}, "a b c"},
		{"topic and country", harvest.Query{Topics: []string{"mining"}, Countries: []string{"NP"}}, "b"},
		{"year", harvest.Query{Years: []int{2021}}, "a b c"},
		{"one of two years", harvest.Query{Years: []int{2022, 1999}, States: []harvest.State{harvest.AnyState}}, "d f"},
		{"one of two sources", harvest.Query{Sources: []harvest.SourceID{"one", "two"}, Categories: []string{"law", "report"}}, "a b c d"},
		{"one of two languages", harvest.Query{Languages: []string{"fr", "zh"}, Words: "slavery"}, "c d"},
		{"one of two states", harvest.Query{States: []harvest.State{harvest.StateGone, harvest.StateWithdrawn}}, "f g"},
		{"an operator", harvest.Query{Topics: []string{"$where"}, Countries: []string{"$gt"}}, ""},
		{"all together", harvest.Query{Words: "slavery -law", Sources: []harvest.SourceID{"two"}, Categories: []string{"report"}, Languages: []string{"fr"}, Since: date("2021-03-01")}, "c"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := strings.Join(found(t, ix, tt.q), " "); got != tt.want {
				t.Errorf("found %q, want %q", got, tt.want)
			}
		})
	}
}

func TestOrder(t *testing.T) {
	dated := func(name, title, summary, published string) harvest.Record {
		r := titled(name, title, "en")
		r.Summary = summary
		r.Published, _ = harvest.ParseDate(published)
		return r
	}
	ix := indexed(t,
		dated("title", "Slavery", "", "2019"),
		dated("text", "A report", "On slavery in the world today.", "2022-05"),
		dated("stem", "A report", "On the slaveries in the world today.", "2022-06"),
		dated("far", "A report", strings.Repeat("Nothing to see here. ", 50)+"Slavery.", "2022-05-02"),
		dated("undated", "Slavery and the law of the sea in the nineteenth century", "", ""),
	)
	got := ranked(t, ix, words("slavery"), search.Options{})
	if want := []string{"title", "undated", "text"}; !slices.Equal(got[:3], want) {
		t.Errorf("by relevance: %v, want %v first", got, want)
	}
	if slices.Index(got, "stem") < slices.Index(got, "text") {
		t.Errorf("by relevance: another form before the word itself: %v", got)
	}
	want := []string{"stem", "far", "text", "title", "undated"}
	for _, q := range []harvest.Query{words("slavery"), {}} {
		if got := ranked(t, ix, q, search.Options{Order: search.Newest}); !slices.Equal(got, want) {
			t.Errorf("newest of %q: %v, want %v", q.Words, got, want)
		}
	}
	if got := ranked(t, ix, harvest.Query{}, search.Options{}); !slices.Equal(got, want) {
		t.Errorf("without words: %v, want newest first %v", got, want)
	}
	if got := ranked(t, ix, harvest.Query{Limit: 2}, search.Options{Offset: 1}); !slices.Equal(got, want[1:3]) {
		t.Errorf("second page: %v, want %v", got, want[1:3])
	}
	for _, bad := range []search.Options{{Order: "best"}, {Offset: -1}, {Offset: search.MaxHits + 1}} {
		if _, err := ix.Search(t.Context(), words("slavery"), bad); err == nil {
			t.Errorf("options %+v are accepted", bad)
		}
	}
	if _, err := ix.Search(t.Context(), harvest.Query{After: "test:a"}, search.Options{}); err == nil {
		t.Error("a query with After is accepted")
	}
}

func TestHitsStreamEverythingInOrder(t *testing.T) {
	var records []harvest.Record
	for i := range 2500 {
		r := titled(fmt.Sprintf("%04d", i), "Slavery "+strings.Repeat("word ", i%7), "en")
		if i%5 > 0 {
			r.Published = harvest.YearDate(1990 + i%5)
		}
		records = append(records, r)
	}
	ix := indexed(t, records...)
	for _, order := range []search.Order{search.ByRelevance, search.Newest, search.ByRecord} {
		for _, q := range []harvest.Query{{Words: "slavery"}, {}, {Words: "slavery", Limit: 1500}} {
			want := ranked(t, ix, q, search.Options{Order: order})
			got := []string{}
			for hit, err := range ix.Hits(t.Context(), q, order) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, string(hit.Record[len("test:"):]))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s of %+v: pages differ from the whole (-want +got):\n%s", order, q, diff)
			}
		}
	}
}
