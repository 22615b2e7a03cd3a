package normalize_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/normalize"
)

var vocabulary = &config.Vocabulary{
	DocTypes: []config.DocType{
		{ID: "guidance", Labels: map[string]string{"en": "Guidance", "fr": "Orientations"}, RawLabels: map[string][]string{"en": {"Guidance", "Standards & Codes of Conduct", "Handbook"}}, SchemaOrg: "CreativeWork"},
		{ID: "report", Labels: map[string]string{"en": "Report", "ar": "تقرير"}, RawLabels: map[string][]string{"en": {"Publications", "Annual report"}, "fr": {"Rapport"}}, GeneralLabels: map[string][]string{"en": {"Publications", "Resource"}}, SchemaOrg: "Report"},
		{ID: "statement", Labels: map[string]string{"en": "Statement"}, TitleWords: map[string][]string{"en": {"open letter"}}},
		{ID: "dataset", Labels: map[string]string{"en": "Data"}, TitleWords: map[string][]string{"en": {"statistics"}}},
		{ID: "news", Labels: map[string]string{"en": "News"}, RawLabels: map[string][]string{"en": {"Press release", "News & Analysis"}}, GeneralLabels: map[string][]string{"en": {"News", "Article"}}, SchemaOrg: "NewsArticle"},
		{ID: "research", Labels: map[string]string{"en": "Research"}, TitleWords: map[string][]string{"en": {"examining"}}},
		{ID: "webpage", Labels: map[string]string{"en": "Page"}, SchemaOrg: "WebPage"},
	},
	Topics: []config.Topic{
		{ID: "modern-slavery", Aliases: map[string][]string{"en": {"modern slavery", "slavery"}, "ar": {"العبودية الحديثة"}}, Exclude: map[string][]string{"en": {"transatlantic"}}, Unless: map[string][]string{"en": {"modern slavery"}}},
		{ID: "human-trafficking", Aliases: map[string][]string{"en": {"human trafficking", "TIP"}, "fr": {"traite des êtres humains"}}},
		{ID: "child-labour", Aliases: map[string][]string{"en": {"child labour", "child labor"}, "ar": {"عمل الأطفال"}}},
	},
}

func TestCategory(t *testing.T) {
	src := &config.Source{Categories: map[string]string{"Article": "research", "News & Analysis": "report"}}
	tests := []struct {
		name            string
		labels          []string
		src             *config.Source
		title, url      string
		id, raw, detail string
	}{
		{name: "source map wins", labels: []string{"news and analysis"}, src: src, id: "report", raw: "news and analysis", detail: "categories of the source"},
		{name: "global label", labels: []string{"News &amp; Analysis", "News & Analysis"}, id: "news", raw: "News & Analysis", detail: "label"},
		{name: "case, space and plural", labels: []string{" PUBLICATION "}, id: "report", raw: " PUBLICATION ", detail: "label"},
		{name: "first label that maps", labels: []string{"Europe", "Handbooks"}, id: "guidance", raw: "Handbooks", detail: "label"},
		{name: "other language", labels: []string{"تقرير"}, id: "report", raw: "تقرير", detail: "label"},
		{name: "run together", labels: []string{"GuidancePublications"}, id: "guidance", raw: "GuidancePublications", detail: "part of a label: Guidance"},
		{name: "last word", labels: []string{"Impact report"}, id: "report", raw: "Impact report", detail: "part of a label: report"},
		{name: "title prefix", title: "Press release: new law", id: "news", raw: "Press release", detail: "title prefix"},
		{name: "end of the title", title: "Anti-Slavery Fund - Annual report 2021", id: "report", raw: "Annual report 2021", detail: "title prefix"},
		{name: "folder", url: "https://example.org/en/press-releases/2021/x", id: "news", raw: "press-releases", detail: "address"},
		{name: "the folder of every page", url: "https://example.org/page/x"},
		{name: "schema.org type last", labels: []string{"schema:Report"}, id: "report", raw: "schema:Report", detail: "schema.org type"},
		{name: "general label, the title tells", labels: []string{"Publications"}, title: "Hotline statistics 2018", id: "dataset", raw: "statistics", detail: "title word"},
		{name: "general label, the title does not tell", labels: []string{"Publications"}, title: "Hotline 2018", id: "report", raw: "Publications", detail: "label"},
		{name: "general label alone", labels: []string{"Resource"}, title: "Hotline 2018", id: "report", raw: "Resource", detail: "general label"},
		{name: "news of a document", labels: []string{"News"}, title: "New statistics are out", id: "news", raw: "News", detail: "label"},
		{name: "news that is the document", labels: []string{"News"}, title: "Open letter on the bill", id: "statement", raw: "open letter", detail: "title word"},
		{name: "article with a DOI", labels: []string{"Article"}, url: "https://example.org/10.1007/s1-2", id: "research", raw: "Article", detail: "general label, and a DOI in the address"},
		{name: "article with a title of research", labels: []string{"Article"}, title: "Forced labour from space: examining brick kilns", id: "research", raw: "examining", detail: "title word"},
		{name: "news with a title of research", labels: []string{"News"}, title: "Lab is examining brick kilns", id: "news", raw: "News", detail: "label"},
		{name: "article of a journal", labels: []string{"Article"}, url: "https://revista.example.org/a/1", id: "research", raw: "Article", detail: "general label, and the address of a journal"},
		{name: "part of a label that says little", labels: []string{"NGO publications"}, title: "Hotline statistics 2018", id: "dataset", raw: "statistics", detail: "title word"},
		{name: "a list of what the label says", labels: []string{"Publications"}, title: "Government publications (archive)", id: "webpage", raw: "Government publications (archive)", detail: "title of a list"},
		{name: "one thing named after the label", labels: []string{"Publications"}, title: "How our publications on labour are made", id: "report", raw: "Publications", detail: "label"},
		{name: "the longest words of the title say most", labels: []string{"Publications"}, title: "Open letter on statistics", id: "statement", raw: "open letter", detail: "title word"},
		{name: "title word without a label", title: "Hotline statistics 2018"},
		{name: "unmapped", labels: []string{"Innovation"}},
		{name: "nothing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			id, raw, detail := normalize.Category(tt.labels, tt.src, vocabulary, harvest.Record{Title: tt.title, URL: tt.url})
			if id != tt.id || raw != tt.raw || detail != tt.detail {
				t.Errorf("got %q, %q, %q; want %q, %q, %q", id, raw, detail, tt.id, tt.raw, tt.detail)
			}
		})
	}
}

func TestTopics(t *testing.T) {
	tests := []struct{ text, lang, want string }{
		{"Modern slavery and human trafficking", "en", "modern-slavery[modern slavery slavery] human-trafficking[human trafficking]"},
		{"The TIP report", "en", "human-trafficking[TIP]"},
		{"A tip for readers", "en", ""},
		{"Antislavery", "en", ""},
		{"The transatlantic trade and slavery", "en", ""},
		{"From transatlantic trade to modern slavery", "en", "modern-slavery[modern slavery slavery]"},
		{"La traite des êtres humains et le TIP", "fr", "human-trafficking[traite des êtres humains TIP]"},
		{"مكافحة عمل الأطفال", "ar", "child-labour[عمل الأطفال]"},
		{"بالعبودية الحديثة", "ar", "modern-slavery[العبودية الحديثة]"}, // with "by" written to it
		{"والعبودية الحديثة", "ar", "modern-slavery[العبودية الحديثة]"},
	}
	for _, tt := range tests {
		if got := names(normalize.Topics(tt.text, tt.lang, vocabulary)); got != tt.want {
			t.Errorf("Topics(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func names(found []normalize.Found) string {
	var out []string
	for _, f := range found {
		out = append(out, f.ID+"["+strings.Join(f.Words, " ")+"]")
	}
	return strings.Join(out, " ")
}

func TestCountries(t *testing.T) {
	tests := []struct{ text, lang, want string }{
		{"Nepal’s routes to Qatar and Malaysia", "en", "NP[Nepal] QA[Qatar] MY[Malaysia]"},
		{"Nepali workers, French law and a Turkish court", "en", ""},
		{"Child labour in Jordan and Lebanon", "en", "JO[Jordan] LB[Lebanon]"},
		{"Michael Jordan and Chad Smith", "en", ""},
		{"Jordan: country report", "en", "JO[Jordan]"},
		{"Trafficking in Atlanta, Georgia", "en", ""},
		{"Georgia and Armenia sign", "en", "GE[Georgia] AM[Armenia]"},
		{"Guinea, Guinea-Bissau, Equatorial Guinea and Papua New Guinea", "en", "GN[Guinea] GW[Guinea-Bissau] GQ[Equatorial Guinea] PG[Papua New Guinea]"},
		{"A guinea pig", "en", ""},
		{"Congo", "en", ""}, // which of the two?
		{"the Democratic Republic of the Congo and the Republic of the Congo", "en", "CD[Democratic Republic of the Congo] CG[Republic of the Congo]"},
		{"Niger and Nigeria, the Niger Delta", "en", "NE[Niger] NG[Nigeria]"},
		{"The US and the UK; USAID; JOIN US", "en", "US[US] GB[UK]"},
		{"New Mexico and New England", "en", ""},
		{"South Sudan", "en", "SS[South Sudan]"},
		{"Nepal, NEPAL and Nepal", "en", "NP[Nepal]"},
		{"Le travail des enfants en Côte d’Ivoire et au Ghana", "fr", "CI[Côte d’Ivoire] GH[Ghana]"},
		{"العمل القسري في قطر ولبنان والسعودية", "ar", "QA[قطر] LB[لبنان] SA[السعودية]"},
		{"नेपाल र भारतबाट कतार", "ne", "NP[नेपाल] QA[कतार]"},
		{"中国和尼泊尔的强迫劳动", "zh", "CN[中国] NP[尼泊尔]"},
		{"", "en", ""},
	}
	for _, tt := range tests {
		if got := names(normalize.Countries(tt.text, tt.lang)); got != tt.want {
			t.Errorf("Countries(%q, %s) = %q, want %q", tt.text, tt.lang, got, tt.want)
		}
	}
}

func TestCitation(t *testing.T) {
	tests := []struct{ line, title, publisher, date string }{
		{"Delta 8.7 crisis policy guide - Delta 8.7, March 2021 DOWNLOAD", "Delta 8.7 crisis policy guide", "Delta 8.7", "2021-03"},
		{"Forced labour – a guide – Office of the High Commissioner, 15 March 2021 Download PDF", "Forced labour – a guide", "Office of the High Commissioner", "2021-03-15"},
		{"Handbook on data — IOM, ILO and UNICEF, 2019", "Handbook on data", "IOM, ILO and UNICEF", "2019"},
		{"Guide du travail forcé - OIT, mars 2020 TÉLÉCHARGER", "Guide du travail forcé", "OIT", "2020-03"},
		{"Guía práctica - OIM, 5 de mayo de 2018 | Descargar", "Guía práctica", "OIM", "2018-05-05"},
		{"دليل العمل - منظمة العمل الدولية، مارس 2021 تحميل", "دليل العمل", "منظمة العمل الدولية", "2021-03"},
		{"Title | Publisher (2020)", "Title", "Publisher", "2020"},
		{"A title without more", "", "", ""},
		{"A title - and no date", "", "", ""},
		{"No dash, March 2021", "", "", ""},
		{"- Publisher, 2020", "", "", ""},
		{"", "", "", ""},
	}
	for _, tt := range tests {
		title, publisher, date, ok := normalize.Citation(tt.line)
		if title != tt.title || publisher != tt.publisher || date.Value != tt.date || ok != (tt.title != "") {
			t.Errorf("Citation(%q) = %q, %q, %q, %v", tt.line, title, publisher, date.Value, ok)
		}
	}
}

func TestIdentifiers(t *testing.T) {
	tests := []struct {
		name, text string
		urls       []string
		want       harvest.Identifiers
	}{
		{name: "doi", text: "See https://doi.org/10.1234/ABC.def(2021)5. More", want: harvest.Identifiers{DOI: "10.1234/abc.def(2021)5"}},
		{name: "doi in an address", urls: []string{"https://www.tandfonline.com/doi/full/10.1080/13642987.2020.1734567"}, want: harvest.Identifiers{DOI: "10.1080/13642987.2020.1734567"}},
		{name: "isbn 13", text: "ISBN: 978-92-808-6516-5", want: harvest.Identifiers{ISBN: "9789280865165"}},
		{name: "isbn 10", text: "ISBN 0-306-40615-2", want: harvest.Identifiers{ISBN: "9780306406157"}},
		{name: "isbn with a wrong digit", text: "ISBN 978-92-808-6516-6"},
		{name: "un symbol", text: "Report A/HRC/48/52 of the Special Rapporteur", want: harvest.Identifiers{UNSymbol: "A/HRC/48/52"}},
		{name: "un symbol with an addendum", text: "(E/CN.4/2006/62/Add.1)", want: harvest.Identifiers{UNSymbol: "E/CN.4/2006/62/Add.1"}},
		{name: "un symbol in an address", urls: []string{"https://undocs.org/en/A/HRC/48/52"}, want: harvest.Identifiers{UNSymbol: "A/HRC/48/52"}},
		{name: "resolution", text: "S/RES/2388 (2017)", want: harvest.Identifiers{UNSymbol: "S/RES/2388"}},
		{name: "no symbol", text: "and/or 5/6 A/B test"},
		{name: "celex", urls: []string{"https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:32011L0036"}, want: harvest.Identifiers{CELEX: "32011L0036"}},
		{name: "eli", urls: []string{"https://eur-lex.europa.eu/eli/dir/2011/36/oj"}, want: harvest.Identifiers{ELI: "http://data.europa.eu/eli/dir/2011/36/oj"}},
		{name: "ecli", text: "ECLI:CE:ECHR:2010:0107JUD002596504", want: harvest.Identifiers{ECLI: "ECLI:CE:ECHR:2010:0107JUD002596504"}},
		{name: "handle", urls: []string{"https://hdl.handle.net/20.500.12345/678"}, want: harvest.Identifiers{Handle: "20.500.12345/678"}},
		{name: "handle at a repository", urls: []string{"https://repo.example.org/handle/10986/123"}, want: harvest.Identifiers{Handle: "10986/123"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, normalize.Identifiers(tt.text, tt.urls...)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
