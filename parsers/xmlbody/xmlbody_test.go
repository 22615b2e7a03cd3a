package xmlbody_test

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/harvest87/harvest/parsers/xmlbody"
)

const most = 9 << 20

// texts are the texts of all elements named t.
func texts(body []byte) (out []string, err error) {
	r := xmlbody.Open(body, most)
	for {
		token, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "t" {
			s, err := r.Text(1000)
			if err != nil {
				return out, err
			}
			out = append(out, s)
		}
	}
}

func zipped(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	z.Write(b)
	z.Close()
	return out.Bytes()
}

func utf16le(s string) []byte {
	out := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return out
}

// TestWhatSitesSend: nothing that a browser or another harvester reads is lost.
func TestWhatSitesSend(t *testing.T) {
	const doc = `<a><t>Fees &amp; debt</t></a>`
	for name, tt := range map[string]struct{ body, want string }{
		"plain":                          {doc, "Fees & debt"},
		"a declaration":                  {`<?xml version="1.0" encoding="UTF-8"?>` + doc, "Fees & debt"},
		"XML 1.1":                        {`<?xml version="1.1"?>` + doc, "Fees & debt"},
		"a declaration that lies":        {`<?xml version="1.0" encoding="ISO-8859-1"?><a><t>Café</t></a>`, "Café"},
		"Latin-1 that says so":           {"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a><t>Caf\xe9</t></a>", "Café"},
		"a mark and white space":         {"\ufeff\n \t\n<?xml version=\"1.0\"?>" + doc, "Fees & debt"},
		"two marks":                      {"\ufeff\ufeff" + doc, "Fees & debt"},
		"UTF-16":                         {string(utf16le(`<?xml version="1.0" encoding="UTF-16"?><a><t>عبودية</t></a>`)), "عبودية"},
		"a warning before it":            {"<br />\n<b>Warning</b>: foo in <b>x.php</b> on line <b>3</b><br />\n<?xml version=\"1.0\"?>" + doc, "Fees & debt"},
		"gzip":                           {string(zipped([]byte(doc))), "Fees & debt"},
		"gzip twice":                     {string(zipped(zipped([]byte(doc)))), "Fees & debt"},
		"gzip and a line end":            {string(zipped([]byte(doc))) + "\r\n", "Fees & debt"},
		"gzip of Latin-1":                {string(zipped([]byte("<?xml version='1.0' encoding='iso-8859-1'?><a><t>Caf\xe9</t></a>"))), "Café"},
		"control characters":             {"<a><t>Fe\x00es\x0b\x1f</t></a>", "Fees"},
		"references to them":             {`<a><t>Fe&#x1F;es&#0;&#11;&#xFFFF;&#99999999999;&#65;</t></a>`, "FeesA"},
		"octets that are no text":        {"<a><t>Fe\xff\xfees</t></a>", "Fe\ufffd\ufffdes"},
		"a character that must not be":   {"<a><t>Fe\uffffes</t></a>", "Fees"},
		"entities of HTML":               {`<a><t>A&nbsp;B&eacute;</t></a>`, "A\u00a0Bé"},
		"an ampersand for itself":        {`<a><t>?a=1&b=2</t></a>`, "?a=1&b=2"},
		"CDATA":                          {`<a><t><![CDATA[?a=1&b=2]]></t></a>`, "?a=1&b=2"},
		"elements within":                {`<a><t>Fees <b>and</b> debt</t></a>`, "Fees and debt"},
		"a prefix that nobody declared":  {`<a><x:t>Fees</x:t></a>`, "Fees"},
		"a long CDATA section":           {`<a><t><![CDATA[` + strings.Repeat("x", 400<<10) + `]]></t></a>`, strings.Repeat("x", 1000)},
		"an entity of its own, internal": {`<!DOCTYPE a [<!ENTITY x "evil">]><a><t>&x;</t></a>`, ""},
		"an entity of its own, a file":   {`<!DOCTYPE a [ <!ENTITY x SYSTEM "file:///etc/passwd"> ]><a><t>&x;</t></a>`, ""},
		"an HTML entity declared anew":   {`<!DOCTYPE a [<!ENTITY eacute "&#233;">]><a><t>&eacute;</t></a>`, "é"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := texts([]byte(tt.body))
			if err != nil || len(got) != 1 || got[0] != tt.want {
				t.Errorf("%q, error %v; want %q", got, err, tt.want)
			}
		})
	}
}

// TestEnds: what is cut or built to harm ends in an error, soon.
func TestEnds(t *testing.T) {
	bomb := zipped(bytes.Repeat([]byte("<b/>"), most/4+1))
	for name, tt := range map[string]struct {
		body string
		want string
		some int // texts read before
	}{
		"cut":                 {`<a><t>one</t><t>two`, io.ErrUnexpectedEOF.Error(), 1},
		"cut in a tag":        {`<a><t>one</t><t x="y`, io.ErrUnexpectedEOF.Error(), 1},
		"cut in a name":       {`<a><t>one</t><t x`, io.ErrUnexpectedEOF.Error(), 1},
		"cut gzip":            {string(zipped([]byte(strings.Repeat("<a><t>one</t></a>", 100)))[:40]), io.ErrUnexpectedEOF.Error(), -1},
		"a bomb":              {string(bomb), "decompresses to more", 0},
		"no gzip after all":   {"\x1f\x8b\x08\xff", "EOF", 0},
		"very deep":           {strings.Repeat("<a>", 300), "deep", 0},
		"an endless tag":      {"<a " + strings.Repeat("b=c ", 100<<10), "longer", 0},
		"an endless text":     {"<a>" + strings.Repeat("b ", 5<<20), "longer", 0},
		"endless CDATA":       {"<a><![CDATA[" + strings.Repeat("<b>", 3<<20), "longer", 0},
		"mismatch":            {"<a></b></c>", "", -1},
		"nothing":             {"", "", 0},
		"text":                {"hello", "", 0},
		"a billion laughs":    {`<!DOCTYPE a [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]><a><t>&b;&b;</t></a>`, "", 1},
		"a directive unended": {`<!DOCTYPE a [<!ENTITY`, io.ErrUnexpectedEOF.Error(), 0},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := texts([]byte(tt.body))
			if tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
			if tt.some >= 0 && len(got) != tt.some {
				t.Errorf("texts %q, want %d", got, tt.some)
			}
		})
	}
}

// TestMemoryIsFlat reads a compressed body of many elements, and of
// elements nested and attributes repeated without end.
func TestMemoryIsFlat(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, "<a>")
	for i := range 60_000 {
		fmt.Fprintf(z, "<u><t>%d</t></u>", i)
	}
	io.WriteString(z, "</a>")
	z.Close()
	for name, body := range map[string][]byte{"many elements": b.Bytes(), "deep": zipped(bytes.Repeat([]byte("<b>"), 400_000)), "attributes": zipped(append([]byte("<b "), bytes.Repeat([]byte("x='y' "), 400_000)...))} {
		t.Run(name, func(t *testing.T) {
			r := xmlbody.Open(body, 1<<30)
			var before, now runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			for n, err := 0, error(nil); err == nil; n++ {
				_, err = r.Next()
				if n%50_000 == 0 {
					runtime.GC()
					runtime.ReadMemStats(&now)
					if now.HeapAlloc > before.HeapAlloc+8<<20 {
						t.Fatalf("%d MiB after %d tokens", now.HeapAlloc>>20, n)
					}
				}
			}
			runtime.KeepAlive(body)
		})
	}
}

// FuzzReader: any bytes end.
func FuzzReader(f *testing.F) {
	for _, s := range []string{"", "<a><t>x</t></a>", "\ufeff<?xml version='1.1' encoding='x'?><t>&#1;&x;</t>", "<!DOCTYPE a [<!ENTITY x SYSTEM 'y'>]><t>&x;</t>", "\x1f\x8b\x08", "<![CDATA[", "<a b='&#0;\xff'"} {
		f.Add([]byte(s))
		f.Add(zipped([]byte(s)))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		r := xmlbody.Open(body, 1<<20)
		for n := 0; ; n++ {
			token, err := r.Next()
			if err != nil {
				return
			}
			if n > 2<<20 {
				t.Fatal("more tokens than octets")
			}
			switch e := token.(type) {
			case xml.StartElement:
				xmlbody.Attr(e, "href")
				if n%2 == 0 {
					if s, err := r.Text(10); err == nil && !utf8.ValidString(s) {
						t.Errorf("%q is no UTF-8", s)
					}
				}
			case xml.CharData:
				if bytes.ContainsAny(e, "\x00\x1f") {
					t.Errorf("%q holds what XML forbids", e)
				}
			}
		}
	})
}
