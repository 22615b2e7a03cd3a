package fetch_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/fetch"
	"github.com/harvest87/harvest/crawler/sitetest"
)

const (
	russian  = "Принудительный труд и торговля людьми"
	french   = "Rapport général sur l'esclavage – 2021"
	arabic   = "العمل القسري"
	japanse  = "強制労働に関する報告書"
	htmlType = "text/html"
)

func in(t *testing.T, encode func(string) (string, error), s string) string {
	t.Helper()
	out, err := encode(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTextBecomesUTF8(t *testing.T) {
	cp1251 := func(s string) string { return in(t, charmap.Windows1251.NewEncoder().String, s) }
	cp1252 := func(s string) string { return in(t, charmap.Windows1252.NewEncoder().String, s) }
	cp1256 := func(s string) string { return in(t, charmap.Windows1256.NewEncoder().String, s) }
	sjis := func(s string) string { return in(t, japanese.ShiftJIS.NewEncoder().String, s) }
	utf16 := func(s string) string {
		return in(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String, s)
	}
	far := strings.Repeat("<!-- filler -->\n", 200)
	for _, tc := range []struct{ name, contentType, body, want, charset string }{
		{"header", "text/html; charset=windows-1251", cp1251("<p>" + russian), "<p>" + russian, "windows-1251"},
		{"header in quotes and an alias", `text/html; charset="cp1251"`, cp1251("<p>" + russian), "<p>" + russian, "windows-1251"},
		{"latin-1 is windows-1252", "text/html; charset=ISO-8859-1", cp1252("<p>" + french), "<p>" + french, "windows-1252"},
		{"meta", htmlType, cp1251(`<meta charset="windows-1251"><p>` + russian), `<meta charset="windows-1251"><p>` + russian, "windows-1251"},
		{"meta as a header", htmlType, cp1256(`<meta content="text/html; charset=windows-1256" http-equiv=Content-Type><p>` + arabic), `<meta content="text/html; charset=windows-1256" http-equiv=Content-Type><p>` + arabic, "windows-1256"},
		{"meta further down", htmlType, cp1251(far + `<meta charset=windows-1251><p>` + russian), far + `<meta charset=windows-1251><p>` + russian, "windows-1251"},
		{"meta in a comment", htmlType, `<!-- <meta charset=windows-1251> --><p>` + russian, `<!-- <meta charset=windows-1251> --><p>` + russian, "utf-8"},
		{"header before meta", "text/html; charset=utf-8", `<meta charset="windows-1251"><p>` + russian, `<meta charset="windows-1251"><p>` + russian, "utf-8"},
		{"a header that lies", "text/html; charset=utf-8", cp1251(`<meta charset="windows-1251"><p>` + russian), `<meta charset="windows-1251"><p>` + russian, "windows-1251"},
		{"a header that nobody knows", "text/html; charset=klingon", "<p>" + russian, "<p>" + russian, "utf-8"},
		{"a byte order mark before all", "text/html; charset=windows-1251", "\uFEFF<p>" + russian, "<p>" + russian, "utf-8"},
		{"UTF-16 by its mark", "text/html; charset=utf-8", utf16("<p>" + russian), "<p>" + russian, "utf-16le"},
		{"nothing said, UTF-8 late", htmlType, strings.Repeat("plain ", 500) + russian, strings.Repeat("plain ", 500) + russian, "utf-8"},
		{"nothing said, not UTF-8", htmlType, cp1252("<p>" + french), "<p>" + french, "windows-1252"},
		{"mostly UTF-8", "text/html; charset=utf-8", "<p>" + russian + "\xe9", "<p>" + russian + "\uFFFD", "utf-8"},
		{"mostly UTF-8, nothing said", htmlType, "<p>" + russian + "\xe9", "<p>" + russian + "\uFFFD", "utf-8"},
		{"Shift_JIS", "text/html; charset=Shift_JIS", sjis("<p>" + japanse), "<p>" + japanse, "shift_jis"},
		{"no type at all", "", cp1251(`<!doctype html><meta charset=windows-1251><p>` + russian), `<!doctype html><meta charset=windows-1251><p>` + russian, "windows-1251"},
		{"XML declaration", "application/rss+xml", cp1251(`<?xml version="1.0" encoding="windows-1251"?><t>` + russian + `</t>`), `<?xml version="1.0" encoding="UTF-8"?><t>` + russian + `</t>`, "windows-1251"},
		{"XML declaration of UTF-8", "text/xml", `<?xml version="1.0" encoding="utf-8"?><t>` + russian + `</t>`, `<?xml version="1.0" encoding="utf-8"?><t>` + russian + `</t>`, "utf-8"},
		{"XML header before its declaration", "text/xml; charset=utf-8", `<?xml version="1.0" encoding="iso-8859-1"?><t>` + russian + `</t>`, `<?xml version="1.0" encoding="iso-8859-1"?><t>` + russian + `</t>`, "utf-8"},
		{"XML without anything", "application/xml", `<t>` + russian + `</t>`, `<t>` + russian + `</t>`, "utf-8"},
		{"JSON", "application/json", `{"t":"` + russian + `"}`, `{"t":"` + russian + `"}`, "utf-8"},
		{"JSON with a header that lies", "application/json; charset=iso-8859-1", `{"t":"` + russian + `"}`, `{"t":"` + russian + `"}`, "utf-8"},
		{"JSON with a mark", "application/json", "\uFEFF{}", "{}", "utf-8"},
		{"JSON in Latin-1", "application/ld+json; charset=iso-8859-1", cp1252(`{"t":"` + french + `"}`), `{"t":"` + french + `"}`, "windows-1252"},
		{"CSV", "text/csv", cp1252("a;" + french), "a;" + french, "windows-1252"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, charset, _, err := fetch.ToUTF8([]byte(tc.body), tc.contentType)
			if err != nil || string(got) != tc.want || charset != tc.charset {
				t.Errorf("%q in %q (%v), want %q in %q", got, charset, err, tc.want, tc.charset)
			}
		})
	}
}

func TestWhatIsNoTextStaysAsItIs(t *testing.T) {
	for _, tc := range []struct{ name, contentType, body string }{
		{"PDF", "application/pdf", "%PDF-1.4\n%\xe2\xe3\xcf\xd3"},
		{"PDF with a charset", "application/pdf; charset=iso-8859-1", "%PDF-1.4\n%\xe2\xe3\xcf\xd3"},
		{"PDF called HTML", "text/html; charset=windows-1251", "%PDF-1.4\n%\xe2\xe3\xcf\xd3"},
		{"PDF after a blank line", "text/html", "\r\n%PDF-1.4\n%\xe2\xe3\xcf\xd3"},
		{"Word called text", "text/plain; charset=iso-8859-1", "PK\x03\x04\xe2\xe3\xcf\xd3"},
		{"old Word", "text/html", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\xff"},
		{"spreadsheet that is XML by name", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "PK\x03\x04\xe2\xe3"},
		{"gzip file", "application/gzip", "\x1f\x8b\x08\xff"},
		{"image", "image/png", "\x89PNG\r\n\x1a\n\xff"},
		{"unknown octets", "application/octet-stream", "\x00\x01\x02\xff"},
		{"nothing said about octets", "", "\x00\x01\x02\xff"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, charset, _, err := fetch.ToUTF8([]byte(tc.body), tc.contentType)
			if err != nil || string(got) != tc.body || charset != "" {
				t.Errorf("%q in %q (%v)", got, charset, err)
			}
		})
	}
}

func TestCharsetThatMustNotBeDecoded(t *testing.T) {
	site := sitetest.New(t)
	site.Handle("/", sitetest.Content("text/html; charset=iso-2022-kr", "<p>x"))
	want(t, get(t, newSession(t, fetch.Options{}), site.At("/")), harvest.BadEncoding)
}

func TestWhereACharsetIsFound(t *testing.T) {
	for _, tc := range []struct{ body, contentType, name, from string }{
		{"\xEF\xBB\xBF<p>a", "text/html; charset=windows-1252", "utf-8", "byte order mark"},
		{"<p>\xE9", "text/html; charset=iso-8859-1", "windows-1252", "header"},
		{"<meta charset=iso-8859-2><p>\xE9", "text/html", "iso-8859-2", "meta"},
		{"<?xml version='1.0' encoding='koi8-r'?><a>\xC1</a>", "text/xml", "koi8-r", "XML declaration"},
		{"<p>caf\xC3\xA9", "text/html", "utf-8", "content"},
		{"<p>caf\xE9", "text/html", "windows-1252", "content"},
		{`{"a":"b"}`, "application/json; charset=latin1", "utf-8", "content"},
		{"%PDF-1.4", "text/html", "", ""},
	} {
		if _, name, from, err := fetch.ToUTF8([]byte(tc.body), tc.contentType); err != nil || name != tc.name || from != tc.from {
			t.Errorf("%q: %q from %q (%v), want %q from %q", tc.body, name, from, err, tc.name, tc.from)
		}
	}
}

func FuzzToUTF8(f *testing.F) {
	f.Add([]byte(`<meta charset="windows-1251"><p>x`), "text/html")
	f.Add([]byte(`<?xml version="1.0" encoding="utf-16"?><a/>`), "text/xml")
	f.Add([]byte("\xff\xfea\x00"), "text/plain; charset=utf-8")
	f.Add([]byte("<meta http-equiv=content-type content='charset = \"gb2312\"'"), "")
	f.Fuzz(func(t *testing.T, content []byte, contentType string) {
		got, charset, _, err := fetch.ToUTF8(content, contentType)
		if err != nil || charset == "" {
			return
		}
		if !utf8.Valid(got) {
			t.Errorf("%q in %s became %q", content, charset, got)
		}
	})
}

func FuzzRobots(f *testing.F) {
	f.Add([]byte("User-agent: *\nDisallow: /a*b$\nCrawl-delay: 1\nSitemap: x"), "/a/b?c")
	f.Add([]byte("\uFEFFUser-agent:Harvest\rAllow:/%c3\nDisallow:/\xff"), "/%C3")
	f.Add([]byte("foo \u00a0\nuser-agent"), "")
	f.Fuzz(func(t *testing.T, content []byte, path string) {
		match, delay, _ := fetch.Robots(content, "Harvest")
		match(path)
		if delay < 0 || !match("/robots.txt") {
			t.Errorf("delay %s", delay)
		}
	})
}

func FuzzChallenge(f *testing.F) {
	for _, w := range append(sitetest.Challenges, sitetest.Innocent...) {
		f.Add([]byte(w.HTML))
	}
	f.Add([]byte("<!--<title><h1><script <input type=password"))
	f.Fuzz(func(_ *testing.T, content []byte) { fetch.Challenge(nil, content) })
}

// Pages that people have saved come without a header.
func TestSavedText(t *testing.T) {
	const far = 3000 // beyond the octets in which a meta is looked for first
	padding := "<!-- " + strings.Repeat("x", far) + " -->"
	tests := []struct{ name, content, mediaType, text, charset string }{
		{"UTF-8 without a word", "<html><title>a</title>" + padding + "<h1>Étude</h1>", "text/html", "<html><title>a</title>" + padding + "<h1>Étude</h1>", "utf-8"},
		{"UTF-8 whose meta is of another time", "<meta charset=iso-8859-1><h1>Étude</h1>", "text/html", "<meta charset=iso-8859-1><h1>Étude</h1>", "utf-8"},
		{"meta", "<meta charset=windows-1256><h1>\xc7\xe1\xda\xe3\xe1</h1>", "text/html", "<meta charset=windows-1256><h1>العمل</h1>", "windows-1256"},
		{"meta far behind", padding + "<meta charset=iso-8859-2><h1>\xb3\xf3d\xbc</h1>", "text/html", padding + "<meta charset=iso-8859-2><h1>łódź</h1>", "iso-8859-2"},
		{"nothing but octets", "<h1>\xc9tude</h1>", "text/html", "<h1>Étude</h1>", "windows-1252"},
		{"byte order mark", "\xff\xfe<\x00h\x001\x00>\x00\xc9\x00", "text/html", "<h1>É", "utf-16le"},
		{"XML declaration", "<?xml version='1.0' encoding='ISO-8859-1'?><t>\xe9</t>", "application/xml", "<?xml version='1.0' encoding='UTF-8'?><t>é</t>", "windows-1252"},
		{"JSON", `{"t":"Étude"}`, "application/json", `{"t":"Étude"}`, "utf-8"},
		{"a PDF", "%PDF-1.4\xff", "application/pdf", "%PDF-1.4\xff", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text, charset, err := fetch.SavedText([]byte(tt.content), tt.mediaType)
			if err != nil || string(text) != tt.text || charset != tt.charset {
				t.Errorf("%q in %q (%v), want %q in %q", clipped(text), charset, err, clipped([]byte(tt.text)), tt.charset)
			}
		})
	}
}

// clipped is the end of a text, which is what differs.
func clipped(b []byte) []byte { return b[max(0, len(b)-80):] }
