package match_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/match"
)

func TestKeys(t *testing.T) {
	summary := strings.Repeat("Twelve words are the least that a summary needs to count here. ", 2)
	r := record("a/1", "The Typology of Modern Slavery:  defining “sex” trafficking", func(r *harvest.Record) {
		r.URL = "http://www.a.example/item/?utm_source=x&b=2&a=1#top"
		r.CanonicalURL = "https://a.example/item"
		r.Published = harvest.DayDate(2017, 3, 1)
		r.Publisher = "Polaris Project, Inc."
		r.Summary = summary
		r.Identifiers = harvest.Identifiers{
			DOI: "10.1234/ABC", ISBN: "978-92-2-123456-7", UNSymbol: "a/hrc/42/44", CELEX: "32011l0036",
			ELI: "http://data.europa.eu/eli/dir/2011/36/oj", ECLI: "ecli:eu:c:2020:1", Handle: "10535/ABC",
		}
		r.Documents = []harvest.Document{
			{URL: "https://www.a.example/files/report.pdf", SHA256: "AB12"},
			{URL: "https://a.example/item/", SHA256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		}
	})
	want := []string{
		"doi:10.1234/abc", "un-symbol:A/HRC/42/44", "celex:32011L0036", "ecli:ECLI:EU:C:2020:1", "eli:data.europa.eu/eli/dir/2011/36/oj",
		"isbn:9789221234567", "handle:10535/abc", "sha256:ab12", "url:a.example/item", "url:a.example/item?a=1&b=2",
		"url:a.example/files/report.pdf",
	}
	var got []string
	for _, k := range match.Keys(&r) {
		got = append(got, k.String())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	r.State = harvest.StateWithdrawn
	if got := match.Keys(&r); got != nil {
		t.Errorf("a withdrawn record has keys: %v", got)
	}
}

func TestAddressesThatAreAlike(t *testing.T) {
	key := func(url string) string {
		r := harvest.Record{URL: url}
		return fmt.Sprint(match.Keys(&r))
	}
	for _, same := range [][]string{
		{
			"https://a.example/x", "http://a.example/x", "https://www.a.example/x/", "HTTPS://WWW.A.example:443/x#part", "http://a.example:80/x?",
			"https://a.example/x?utm_source=mail&utm_medium=y", "https://a.example/x?fbclid=1&gclid=2", "https://a.example/x/index.html",
			"https://web.archive.org/web/20210101000000/https://a.example/x", "https://web.archive.org/web/2021id_/http://www.a.example/x/",
			"  https://a.example/x ", "https://a.example./x",
		},
		{"https://a.example/x?a=1&b=2", "https://a.example/x?b=2&a=1", "https://a.example/x/?b=2&utm_campaign=z&a=1"},
		{"https://a.example/caf%C3%A9", "https://a.example/café"},
		{"https://a.example/?p=5", "https://a.example/index.php?p=5", "http://www.a.example?p=5"},
	} {
		want := key(same[0])
		if want == "[]" {
			t.Errorf("%s has no key", same[0])
		}
		for _, url := range same[1:] {
			if got := key(url); got != want {
				t.Errorf("%s and %s have the keys %q and %q", same[0], url, want, got)
			}
		}
	}
	different := []string{
		"https://a.example/x", "https://a.example/X", "https://b.example/x", "https://sub.a.example/x", "https://a.example:8080/x",
		"https://a.example/x?page=1", "https://a.example/x?page=2", "https://a.example/x/y", "https://a.example/?p=5", "https://a.example/x?",
	}
	for i, a := range different {
		for _, b := range different[i+1:] {
			if key(a) == key(b) && !(strings.HasSuffix(b, "?") && b[:len(b)-1] == a) {
				t.Errorf("%s and %s have one key %q", a, b, key(a))
			}
		}
	}
	for _, url := range []string{"", "https://a.example", "https://a.example/", "https://www.a.example/index.html", "mailto:x@a.example", "ftp://a.example/x", "/x", "://"} {
		if got := key(url); got != "[]" {
			t.Errorf("%q has the key %q, want none", url, got)
		}
	}
}

func TestGenericTitlesAreNoReason(t *testing.T) {
	for _, tt := range []struct {
		title   string
		generic bool
	}{
		{"Introduction", true},
		{"Annual report 2021", true},
		{"News", true},
		{"About us", true},
		{"FAQs", true},
		{"Modern Slavery Statement 2021", true},
		{"Rapport annuel 2020", true},
		{"Informe anual", true},
		{"Jahresbericht 2019", true},
		{"Newsletter, March 2021", true},
		{"Conclusion and recommendations of the report", false},
		{"التقرير", true},
		{"تقرير", true},
		{"Human trafficking", true},
		{"Forced labour and the law", true},
		{"!!!", true},
		{"", true},
		{"2021", true},
		{"Global Estimates of Modern Slavery", false},
		{"The Typology of Modern Slavery", false},
		{"Annual report of the Freedom Fund 2021", false},
		{"人口贩运问题全球报告", false},
		{"Trafficking in Nepal", true}, // one word that tells: a person must look
		{"Trafficking in Nepal and Bhutan", false},
	} {
		a := match.Description{ID: "a", Source: "a", Title: tt.title, Date: "2021", Publisher: "Institute"}
		b := a
		b.ID, b.Source = "b", "b"
		v := match.Compare(&a, &b)
		if got := v.Answer != match.Same; got != tt.generic {
			t.Errorf("%q is generic: %v, want %v (%.2f: %s)", tt.title, got, tt.generic, v.Score, v.Evidence())
		}
	}
}

func FuzzKeys(f *testing.F) {
	f.Add("The Typology of Slavery, Part II", "https://a.example/x?b=1&a=2", "Polaris", "10.1/x")
	f.Add("人口贩运\u0301 \u200d़", "https://web.archive.org/web/2021/http://[::1]:80/", "\x00", "DOI")
	f.Add(strings.Repeat("é", 3000), "http://%zz/;&=?", "ﷺ", "")
	f.Fuzz(func(t *testing.T, title, url, publisher, doi string) {
		r := harvest.Record{
			ID: "a:1", Source: "a", Title: title, URL: url, CanonicalURL: url, Publisher: publisher, Summary: title + publisher,
			Published: harvest.YearDate(2021), Identifiers: harvest.Identifiers{DOI: doi}, Documents: []harvest.Document{{URL: url, Title: publisher}},
		}
		seen := make(map[string]bool)
		for _, k := range match.Keys(&r) {
			if k.Value == "" || seen[k.String()] {
				t.Errorf("key %q is empty or there twice", k)
			}
			if utf8.ValidString(title+url+publisher+doi) && !utf8.ValidString(k.Value) {
				t.Errorf("key %q is not UTF-8", k)
			}
			seen[k.String()] = true
		}
		twin := r
		twin.ID, twin.Source = "b:1", "b"
		if works := match.Link([]harvest.Record{r, twin}); len(works) > 1 {
			t.Errorf("two records make %d works", len(works))
		}
	})
}
