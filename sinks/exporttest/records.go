// Package exporttest is what every format of export is checked with: records
// that are full, bare and hostile, the golden file, and what must hold for any
// writer. It is for tests only.
package exporttest

import (
	"iter"
	"slices"
	"time"

	"github.com/harvest87/harvest"
)

// Full is a record that has everything.
func Full() harvest.Record {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.FixedZone("", 3600))
	return harvest.Record{
		ID: "test:000000000000000f", Source: "test", NativeID: "wp:1",
		URL: "https://test.example/?a=1&b=2_3%20#x", CanonicalURL: "https://test.example/a",
		Title: `Slavery & “modern” labour: 100% of $5 {per} #1 day_a \ ~^`, TitleAlt: []string{"L’esclavage moderne"},
		Category: "report", CategoryRaw: "Report", CategoriesRaw: []string{"Report", "Law; Policy"},
		Summary:      "First paragraph, with <markup> & more.\n\nSecond paragraph.",
		SummaryBasis: harvest.SummaryBasis{Kind: harvest.SummaryAbstract},
		Published:    harvest.MonthDate(2021, 3), Modified: harvest.DayDate(2022, 1, 31),
		Language: harvest.Language{Value: "en-GB", Declared: "fr"},
		Authors:  []string{"Bales, Kevin", "José A. Muñoz", "Anti-Slavery International", "Department for Work, Pensions"}, Publisher: "International Labour Organization",
		Countries: []string{"NP", "IN"}, Regions: []string{"034"}, Topics: []string{"child-labour", "supply-chains"},
		Identifiers: harvest.Identifiers{DOI: "10.1234/a_(b)<c>", ISBN: "9789221234567", UNSymbol: "A/HRC/51/26", CELEX: "32011L0036", ELI: "eli/dir/2011/36/oj", ECLI: "ECLI:EU:C:2011:36", Handle: "20.500.1/7"},
		Documents: []harvest.Document{
			{URL: "https://test.example/a.pdf", MediaType: "application/pdf", Bytes: 12345, SHA256: "ab", Title: "Whole report", Pages: 12, Language: "en"},
			{URL: "https://test.example/b;c.docx"},
		},
		Licence:      "CC-BY-4.0",
		Translations: []harvest.Translation{{Language: "fr", URL: "https://test.example/fr/a"}},
		Provenance:   map[string]harvest.Evidence{"title": {Basis: "json-ld", Detail: "headline", Page: "https://test.example/a"}},
		FirstSeen:    at, LastSeen: at.Add(time.Hour), LastChanged: at, Revision: 2, State: harvest.StateActive,
		FirstRun: "test@20260301T120000Z", Run: "test@20260302T120000Z", Work: "w:0000000000000001",
	}
}

// Minimal is a record that has only what a record must have.
func Minimal() harvest.Record {
	return harvest.Record{ID: "test:0000000000000002", Source: "test", URL: "https://test.example/b", Title: "B"}
}

// Arabic is a record written from right to left.
func Arabic() harvest.Record {
	return harvest.Record{
		ID: "test:0000000000000003", Source: "test", URL: "https://test.example/ar/إرشادات", Title: "إرشادات بشأن العمل القسري",
		Category: "guidance", Published: harvest.DayDate(2020, 2, 29), Language: harvest.Language{Value: "ar"},
		Authors: []string{"منظمة العمل الدولية"}, Publisher: "منظمة العمل الدولية", State: harvest.StateActive,
	}
}

// Hostile are texts that break out of one format or another.
var Hostile = []string{
	"line\nER  - \nTY  - JOUR\nTI  - forged", "a\r\nER  - \r\n\r\nb", "x\u2028ER  - \u2029y\u0085z\v\f\x1c\x1d\x1e",
	"} @misc{forged, title = {x}", "{{{", "}}}", `\`, `\\`, `\}`, `\input{/etc/passwd}`, `\write18{rm}`, "$x^2$ % comment", "a#b&c_d~e^f", `"quoted"`, "user@example.org",
	"]]>", "<script>alert(1)</script>", "<!--", "&lt;&amp;&#0;", "<?xml?>", "&", "</dc:title>",
	"\x00\x01\x08\x1f\x7f\u0080\u009f", "\xff\xfe\xed\xa0\x80", "\ufffe\uffff\U0001fffe\ufdd0",
	"\u202eevil\u202c \u2066isolate\u2069", "\u200f\u200djoined\u200c", "=HYPERLINK(\"https://evil.example\")", "+1", "-1", "@SUM(A1)", "\t=1",
	`","@id":"x`, "</script>", "日本語 हिन्दी 😀", "a  - b", "TY  - RPRT", "x,,y", "*", "; ;", ", ", "and", "A and B", "_x000A_",
}

// HostileRecords carry each of the hostile texts in every field of text.
func HostileRecords() []harvest.Record {
	out := make([]harvest.Record, 0, len(Hostile))
	for i, text := range Hostile {
		out = append(out, With(harvest.RecordID("test:"+string(rune('a'+i%26))+string(rune('a'+i/26))), text))
	}
	return out
}

// With is a full record with that text in every field that a site fills.
func With(id harvest.RecordID, text string) harvest.Record {
	r := Full()
	r.ID, r.NativeID, r.Title, r.Summary, r.Publisher, r.Licence, r.CategoryRaw = id, text, "T "+text, text, text, text, text
	r.URL, r.CanonicalURL = "https://test.example/"+text, "https://test.example/"+text
	r.Language = harvest.Language{Value: text, Declared: text}
	r.Identifiers = harvest.Identifiers{DOI: text, ISBN: text, UNSymbol: text, CELEX: text, ELI: text, ECLI: text, Handle: text}
	for _, list := range []*[]string{&r.TitleAlt, &r.Authors, &r.CategoriesRaw, &r.Topics, &r.Countries, &r.Regions} {
		*list = []string{text, "x " + text}
	}
	r.Documents = []harvest.Document{{URL: "https://test.example/" + text, MediaType: text, Title: text, Language: text}}
	r.Translations = []harvest.Translation{{Language: text, URL: text}}
	r.Provenance = map[string]harvest.Evidence{text: {Basis: text, Detail: text, Page: text}}
	return r
}

// Sequence is a sequence of those records.
func Sequence(records ...harvest.Record) iter.Seq2[harvest.Record, error] {
	return func(yield func(harvest.Record, error) bool) {
		for _, r := range slices.Clone(records) {
			if !yield(r, nil) {
				return
			}
		}
	}
}
