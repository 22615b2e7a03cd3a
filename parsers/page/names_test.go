package page

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/harvest87/harvest/config"
)

func TestCleanNames(t *testing.T) {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(`<meta property="og:site_name" content="Example Watch">`))
	if err != nil {
		t.Fatal(err)
	}
	e := newExtractor("https://institute.example/a", doc, config.PageRules{})
	e.gather()
	for in, want := range map[string]string{
		"By Ann Roe, Jo Doe and Zoe Poe":                   "Ann Roe; Jo Doe; Zoe Poe",
		"von Ann Roe und Jo Doe":                           "Ann Roe; Jo Doe",
		"Roe, Ann":                                         "Ann Roe",
		"Ann Roe | Professor of Law":                       "Ann Roe",
		"Ann Roe • 3 March 2021":                           "Ann Roe",
		"Ann Roe1":                                         "Ann Roe",
		"1 day ago Ann Roe":                                "Ann Roe",
		"Ann Roe is a freelance reporter in London":        "Ann Roe",
		"Follow Ann Roe on Twitter":                        "Ann Roe",
		"Ann Roe For The Daily Paper":                      "Ann Roe",
		"Centre for Human Rights":                          "Centre for Human Rights",
		"Ministry of Labour and Social Affairs":            "Ministry of Labour and Social Affairs",
		"Ann Roe Illustration von Jo Doe":                  "Ann Roe",
		"Ann Roe skrifar frá Porsgrunn":                    "Ann Roe",
		"신현주 기자":                                           "신현주",
		"Example Watch, Ann Roe":                           "Ann Roe",
		"Example Institute":                                "Example Institute",
		"admin":                                            "",
		"Read more":                                        "",
		"© GettyImages/Nastasic":                           "",
		"https://example.org/ann":                          "",
		"ann@example.org":                                  "",
		"3 March 2021":                                     "",
		"Ann\u200b Roe\u202e":                              "Ann Roe",
		"Λουκάς Δοξιάδης":                                  "Λουκάς Δοξιάδης",
		strings.Repeat("A very long line of words, ", 200): "",
	} {
		if got := strings.Join(e.cleanNames([]string{in}), "; "); got != want {
			t.Errorf("cleanNames(%q) = %q, want %q", in, got, want)
		}
	}
}

// Several authors linked in one byline are several authors, and authors of
// other items far below are none of this one's.
func TestLinkedAuthors(t *testing.T) {
	body := `<title>Wages withheld</title><article><h1>Wages withheld</h1><p class="byline"><a href="/a">Ann Roe</a><a href="/b">Jo Doe</a></p>
<p>` + strings.Repeat("Wages were withheld for eleven months in the three plants. ", 9) + `</p></article>` +
		strings.Repeat(`<div><h3>Another item</h3><a rel="author" href="/c">Zoe Poe</a></div>`, 20)
	r := ExtractBytes("https://institute.example/a", []byte(body), "", config.PageRules{})
	if got := strings.Join(r.Record.Authors, "; "); got != "Ann Roe; Jo Doe" {
		t.Errorf("authors %q", got)
	}
}
