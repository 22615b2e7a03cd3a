package sinktest

import (
	"fmt"
	"time"

	"github.com/harvest87/harvest"
)

// dawn is the moment at which the tests begin.
var dawn = time.Date(2026, time.March, 1, 3, 0, 0, 0, time.UTC)

// minute is the moment n minutes after dawn.
func minute(n int) time.Time { return dawn.Add(time.Duration(n) * time.Minute) }

// Three runs of one source, in the order of time.
var (
	firstRun  = harvest.NewRunID("alpha", minute(0))
	secondRun = harvest.NewRunID("alpha", minute(60))
	thirdRun  = harvest.NewRunID("alpha", minute(120))
)

// small is the smallest valid record, the n-th of source alpha.
func small(n int) harvest.Record {
	url := fmt.Sprintf("https://alpha.example/item/%d", n)
	return harvest.Record{
		ID:     harvest.NewRecordID("alpha", "", url),
		Source: "alpha",
		URL:    url,
		Title:  fmt.Sprintf("Item %d", n),
	}
}

func smalls(n int) []harvest.Record {
	out := make([]harvest.Record, n)
	for i := range out {
		out[i] = small(i)
	}
	return out
}

// retitled is the same record with other content.
func retitled(r harvest.Record, title string) harvest.Record {
	r.Title = title
	return r
}

// full is a record with every field that a parser may fill.
func full() harvest.Record {
	return harvest.Record{
		ID:            harvest.NewRecordID("alpha", "wp:123", ""),
		Source:        "alpha",
		NativeID:      "wp:123",
		URL:           "https://alpha.example/?p=123&lang=en",
		CanonicalURL:  "https://alpha.example/guidance/supply-chains/",
		Title:         `Supply chains: what "due diligence" means`,
		TitleAlt:      []string{"Chaînes d’approvisionnement", "आपूर्ति शृङ्खला"},
		Category:      "guidance",
		CategoryRaw:   "Guidance & tools",
		CategoriesRaw: []string{"Guidance & tools", "Business"},
		Summary:       "First paragraph.\n\nSecond paragraph.",
		SummaryBasis:  harvest.SummaryBasis{Kind: harvest.SummaryAbstract, Truncated: true},
		Published:     harvest.MonthDate(2021, time.March),
		Modified:      harvest.DayDate(2022, time.February, 28),
		Language:      harvest.Language{Value: "en-GB", Declared: "en-US"},
		Authors:       []string{"Ana Ñúñez", "العربية"},
		Publisher:     "Alpha Centre",
		Countries:     []string{"NP", "GB"},
		Regions:       []string{"034", "154"},
		Topics:        []string{"supply-chains", "debt-bondage"},
		Identifiers: harvest.Identifiers{
			DOI: "10.1234/x.y", ISBN: "9789221328001", UNSymbol: "A/HRC/51/26", CELEX: "32011L0036",
			ELI: "eli/dir/2011/36/oj", ECLI: "ECLI:CE:ECHR:2017:0330JUD002188415", Handle: "20.500.1/7",
		},
		Documents: []harvest.Document{
			{
				URL: "https://alpha.example/a.pdf", MediaType: "application/pdf", Bytes: 5_000_000_000,
				SHA256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Title: "The report", Pages: 212, Language: "en",
			},
			{URL: "https://alpha.example/b.docx"},
		},
		Licence:      "CC-BY-4.0",
		PageHash:     "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03",
		Translations: []harvest.Translation{{Language: "fr", URL: "https://alpha.example/fr/"}},
		Provenance: map[string]harvest.Evidence{
			"title":           {Basis: "door", Detail: "title.rendered", Page: "https://alpha.example/wp-json/wp/v2/posts?page=1"},
			"identifiers.doi": {Basis: "meta", Detail: "meta[name='citation_doi']"},
		},
	}
}

// bare is the record without what the catalogue keeps, to compare it with
// what was put.
func bare(r harvest.Record) harvest.Record {
	r.FirstSeen, r.LastSeen, r.LastChanged = time.Time{}, time.Time{}, time.Time{}
	r.Revision, r.State, r.FirstRun, r.Run, r.Work, r.Overrides = 0, "", "", "", "", nil
	return r
}

// hostile are strings that mean something to a query language, and must mean
// nothing here.
var hostile = []string{
	"' OR 1=1 --", `" OR ""="`, "'; DROP TABLE records; --", "%", "_", "*", "a%", ".*", "^.", "(", `\`,
	"$where", "$ne", `{"$gt": ""}`, `{"$ne": null}`, "$gt.x", "a.b", "null", "?1", ":id", "@id", "\x00", "\U0010FFFF",
}
