package normalize_test

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/normalize"
)

func TestFinish(t *testing.T) {
	src := &config.Source{ID: "respect", Publisher: "RESPECT", Language: "en"}
	rec := harvest.Record{
		URL: "https://Respect.example/guide/?utm_source=x", Title: "Nepal&amp;#8217;s human trafficking routes ",
		TitleAlt: []string{"A", "a", " A ", "Nepal’s human trafficking routes"}, CategoriesRaw: []string{"GuidancePublications", "guidancepublications"},
		Summary: "Workers from Nepal are dependent on f...Read More", Authors: []string{"Jo Doe", "JO DOE", ""},
		SummaryBasis: harvest.SummaryBasis{Kind: harvest.SummaryCard},
		Documents:    []harvest.Document{{URL: "https://respect.example/A-HRC-48-52.pdf"}, {URL: "https://respect.example/A-HRC-48-52.pdf#page=2", Title: "PDF"}},
		Provenance:   map[string]harvest.Evidence{"title": {Basis: "door", Detail: "title.rendered"}},
	}
	normalize.Finish(&rec, src, vocabulary)
	want := harvest.Record{
		URL: "https://respect.example/guide/", CanonicalURL: "https://respect.example/guide/", Title: "Nepal’s human trafficking routes",
		TitleAlt: []string{"A"}, Category: "guidance", CategoryRaw: "GuidancePublications", CategoriesRaw: []string{"GuidancePublications"},
		Summary: "Workers from Nepal are dependent on f", SummaryBasis: harvest.SummaryBasis{Kind: harvest.SummaryCard, Truncated: true},
		Language: harvest.Language{Value: "en"}, Authors: []string{"Jo Doe"}, Publisher: "RESPECT", Countries: []string{"NP"}, Topics: []string{"human-trafficking"},
		Documents: []harvest.Document{{URL: "https://respect.example/A-HRC-48-52.pdf", Title: "PDF"}},
		Provenance: map[string]harvest.Evidence{
			"title":         {Basis: "door", Detail: "title.rendered"},
			"canonical_url": {Basis: "rule", Detail: "the normal form of url"},
			"category":      {Basis: "rule", Detail: "part of a label: Guidance"},
			"language":      {Basis: "text", Detail: "title and summary"},
			"countries":     {Basis: "text", Detail: "Nepal"},
			"topics":        {Basis: "text", Detail: "human trafficking"},
			"publisher":     {Basis: "default", Detail: "publisher of the source"},
		},
	}
	if diff := cmp.Diff(want, rec); diff != "" {
		t.Error(diff)
	}
}

func TestFinishKeepsWhatTheDoorSays(t *testing.T) {
	rec := harvest.Record{URL: "https://example.org/a", Title: "Modern slavery in Nepal", Category: "law", Topics: []string{"x"}, Countries: []string{"IN"}, Language: harvest.Language{Value: "fr"}, Publisher: "P", Identifiers: harvest.Identifiers{ISBN: "9789280865165"}}
	normalize.Finish(&rec, &config.Source{Publisher: "Other"}, vocabulary)
	if rec.Category != "law" || rec.Topics[0] != "x" || rec.Countries[0] != "IN" || rec.Language.Value != "fr" || rec.Publisher != "P" || rec.Identifiers.ISBN != "9789280865165" {
		t.Errorf("changed: %+v", rec)
	}
}

func TestFinishRefusesImpossibleValues(t *testing.T) {
	rec := harvest.Record{
		URL: "https://example.org/a", Title: "T", Published: harvest.Date{Value: "2021-13", Precision: harvest.PrecisionMonth}, Modified: harvest.Date{Value: "2021-03-15", Precision: harvest.PrecisionYear},
		Documents: []harvest.Document{{URL: "mailto:x"}}, Translations: []harvest.Translation{{Language: "fr_FR", URL: "https://example.org/fr"}, {Language: "??", URL: "https://example.org/x"}},
		CanonicalURL: "javascript:void(0)", Countries: []string{"np", "NP"},
	}
	normalize.Finish(&rec, nil, nil)
	want := harvest.Record{
		URL: "https://example.org/a", CanonicalURL: "https://example.org/a", Title: "T", Modified: harvest.Date{Value: "2021-03-15", Precision: harvest.PrecisionDay},
		Translations: []harvest.Translation{{Language: "fr-FR", URL: "https://example.org/fr"}}, Countries: []string{"NP"},
		Provenance: map[string]harvest.Evidence{"canonical_url": {Basis: "rule", Detail: "the normal form of url"}},
	}
	if diff := cmp.Diff(want, rec); diff != "" {
		t.Error(diff)
	}
}

func TestFinishTwiceIsOnce(t *testing.T) {
	text := rapid.Custom(func(t *rapid.T) string {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"Nepal", "Jordan", "&amp;amp;", "&lt;b&gt;", "slavery", "...", "Read More", "[…]", "Report:", " - ", "2021", "ISBN 978-92-808-6516-5", "A/HRC/48/52", "\n\n", "العمل القسري", "\u202e", "\u0301", "e", "schema:Report", "&", "<p>"}), 0, 12).Draw(t, "words")
		s := ""
		for _, w := range words {
			s += w + rapid.SampledFrom([]string{" ", "", "\u00a0"}).Draw(t, "gap")
		}
		return s
	})
	address := rapid.SampledFrom([]string{"", "https://example.org/reports/a", "https://Example.org/a?utm_source=b#c", "not an address", "https://www.google.com/url?q=https://example.org/"})
	src := &config.Source{Publisher: " The &amp; Publisher", Language: "en"}
	rapid.Check(t, func(t *rapid.T) {
		rec := harvest.Record{
			URL: address.Draw(t, "url"), CanonicalURL: address.Draw(t, "canonical"), Title: text.Draw(t, "title"), Summary: text.Draw(t, "summary"),
			TitleAlt: rapid.SliceOfN(text, 0, 3).Draw(t, "alt"), CategoriesRaw: rapid.SliceOfN(text, 0, 3).Draw(t, "labels"), CategoryRaw: text.Draw(t, "label"),
			Authors: rapid.SliceOfN(text, 0, 3).Draw(t, "authors"), Publisher: text.Draw(t, "publisher"), Licence: text.Draw(t, "licence"),
			Documents: []harvest.Document{{URL: address.Draw(t, "document"), Title: text.Draw(t, "document title")}},
			Language:  harvest.Language{Declared: rapid.SampledFrom([]string{"", "en_us", "ar", "zz!"}).Draw(t, "declared")},
		}
		normalize.Finish(&rec, src, vocabulary)
		once := clone(rec)
		normalize.Finish(&rec, src, vocabulary)
		if diff := cmp.Diff(once, rec); diff != "" {
			t.Fatalf("finishing again changes:\n%s", diff)
		}
	})
}

// clone copies what Finish could change in place.
func clone(r harvest.Record) harvest.Record {
	r.TitleAlt, r.CategoriesRaw, r.Authors = append([]string(nil), r.TitleAlt...), append([]string(nil), r.CategoriesRaw...), append([]string(nil), r.Authors...)
	r.Documents = append([]harvest.Document(nil), r.Documents...)
	p := make(map[string]harvest.Evidence, len(r.Provenance))
	maps.Copy(p, r.Provenance)
	if r.Provenance != nil {
		r.Provenance = p
	}
	return r
}
