package oai_test

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/exporttest"
	"github.com/harvest87/harvest/sinks/oai"
)

func TestHTTP(t *testing.T) {
	s := library(t, oai.Options{})
	post := func(kind, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, "/oai", strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		return s.do(r)
	}
	const form = "application/x-www-form-urlencoded"
	if r := s.read(post(form+"; charset=utf-8", "verb=ListIdentifiers&metadataPrefix=oai_dc&set=source.other")); r.ids() != "other:e" {
		t.Errorf("POST: %q, %v", r.ids(), r.Errors)
	}
	if r := s.read(post(form, "verb=ListIdentifiers&%zz")); r.code() != "badArgument" {
		t.Errorf("a body that is none: %v", r.Errors)
	}
	if w := post("text/xml", "<verb/>"); w.Code != http.StatusUnsupportedMediaType {
		t.Errorf("POST of XML: %d", w.Code)
	}
	if w := post(form, strings.Repeat("a=b&", 20_000)); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a long body: %d", w.Code)
	}
	if w := s.do(httptest.NewRequest(http.MethodDelete, "/oai?verb=Identify", http.NoBody)); w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") == "" {
		t.Errorf("DELETE: %d", w.Code)
	}
	for accept, want := range map[string]string{"gzip": "gzip", "br, GZIP;q=0.5": "gzip", "gzip;q=0": "", "": "", "identity": "", "gzip;q=x": ""} {
		r := httptest.NewRequest(http.MethodGet, "/oai?verb=ListRecords&metadataPrefix=oai_dc", http.NoBody)
		r.Header.Set("Accept-Encoding", accept)
		w := s.do(r)
		if got := w.Header().Get("Content-Encoding"); got != want || w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("Accept-Encoding %q: %q", accept, got)
		}
		if want == "gzip" {
			z, err := gzip.NewReader(w.Body)
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(z)
			if err != nil || !bytes.HasSuffix(text, []byte("</OAI-PMH>\n")) {
				t.Errorf("%v in\n%s", err, text)
			}
		}
	}
	s.fail = errors.New("gone away")
	w := s.do(httptest.NewRequest(http.MethodGet, "/oai?verb=ListRecords&metadataPrefix=oai_dc", http.NoBody))
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || strings.Contains(w.Body.String(), "gone away") {
		t.Errorf("store away: %d, %v, %s", w.Code, w.Header(), w.Body)
	}
}

func TestHostileTextIsLegalXML(t *testing.T) {
	s := newSite(t, oai.Options{})
	for i, r := range exporttest.HostileRecords() {
		r.ID = harvest.RecordID(fmt.Sprintf("test:%d", i))
		s.put(at(1), r)
	}
	for query := "metadataPrefix=oai_dc"; query != ""; {
		r := s.ask("verb=ListRecords&" + query)
		if query = ""; r.token() != "" {
			query = "resumptionToken=" + url.QueryEscape(r.token())
		}
	}
}

func FuzzRequest(f *testing.F) {
	for _, q := range []string{"verb=Identify", "verb=ListRecords&metadataPrefix=oai_dc&from=2026-06-30", "verb=GetRecord&identifier=oai:harvest.example.org:test:a&metadataPrefix=oai_dc", "verb=ListRecords&resumptionToken=e30.AA"} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, query string) {
		s := library(t, oai.Options{PageSize: 1})
		r := httptest.NewRequest(http.MethodGet, "/oai", http.NoBody)
		r.URL.RawQuery = query
		w := s.do(r)
		var out reply
		if err := xml.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != http.StatusOK {
			t.Fatalf("%d, %v in\n%s", w.Code, err, w.Body)
		}
	})
}
