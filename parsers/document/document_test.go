package document_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/document"
)

var update = flag.Bool("update", false, "write testdata/facts.golden.json anew")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// found is what the golden file holds of one document.
type found struct {
	Outcome harvest.Outcome `json:"outcome"`
	Reason  string          `json:"reason,omitempty"`
	document.Facts
}

// files are the documents in testdata, made by testdata/make.py.
func files(t testing.TB) map[string][]byte {
	t.Helper()
	out := make(map[string][]byte)
	for _, pattern := range []string{"*.pdf", "*.docx", "*.odt"} {
		names, err := filepath.Glob(filepath.Join("testdata", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			body, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			out[filepath.Base(name)] = body
		}
	}
	if len(out) < 20 {
		t.Fatalf("only %d documents in testdata", len(out))
	}
	return out
}

func TestFacts(t *testing.T) {
	got := make(map[string]found)
	for name, body := range files(t) {
		if name == "bomb.pdf" { // see TestBombIsBounded
			continue
		}
		facts, v := document.Read(t.Context(), body, document.Limits{Time: 2 * time.Minute})
		got[name] = found{v.Outcome, v.Reason, facts}
	}
	const golden = "testdata/facts.golden.json"
	if *update {
		b, err := json.MarshalIndent(got, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, append(b, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var want map[string]found
	b, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("facts differ (-want +got); run with -update if that is right:\n%s", diff)
	}
}

// What the golden file must say, whoever writes it anew.
func TestOutcomes(t *testing.T) {
	all := files(t)
	for _, test := range []struct {
		name    string
		outcome harvest.Outcome
		pages   int
		title   string
	}{
		{"report.pdf", harvest.DocumentRead, 3, "Identifying forced labour: guidance for inspectors"},
		{"linearised.pdf", harvest.DocumentRead, 3, "Identifying forced labour: guidance for inspectors"},
		{"wrong-xref.pdf", harvest.DocumentRead, 3, "Identifying forced labour: guidance for inspectors"},
		{"junk-before.pdf", harvest.DocumentRead, 3, "Identifying forced labour: guidance for inspectors"},
		{"empty-password.pdf", harvest.DocumentRead, 3, "Identifying forced labour: guidance for inspectors"},
		{"password.pdf", harvest.DocumentEncrypted, 0, ""},
		{"junk-title.pdf", harvest.DocumentRead, 3, "Identifying forced labour"},
		{"untitled.pdf", harvest.DocumentRead, 3, "Identifying forced labour"},
		{"no-title.pdf", harvest.DocumentRead, 3, "Identifying forced labour"},
		{"arabic.pdf", harvest.DocumentRead, 1, "دليل مكافحة العمل القسري"},
		{"truncated.pdf", harvest.DocumentDamaged, 0, ""},
		{"cut-head.pdf", harvest.DocumentDamaged, 0, ""},
		{"scan.pdf", harvest.DocumentNoText, 2, ""},
		{"empty.pdf", harvest.DocumentEmpty, 0, ""},
		{"page.pdf", harvest.DocumentNotOne, 0, ""},
		{"tree-loop.pdf", harvest.DocumentDamaged, 0, ""},
		{"lying-count.pdf", harvest.DocumentDamaged, 0, ""},
		{"many-pages.pdf", harvest.DocumentNoText, 10000, ""},
		{"report.docx", harvest.DocumentRead, 1, "Guidance for inspectors"},
		{"report.odt", harvest.DocumentRead, 0, "Guidance for inspectors"},
		{"junk-title.docx", harvest.DocumentRead, 1, "Identifying forced labour"},
	} {
		facts, v := document.Read(t.Context(), all[test.name], document.Limits{Time: 2 * time.Minute})
		if v.Outcome != test.outcome || facts.Pages != test.pages || facts.Title != test.title {
			t.Errorf("%s: %s (%s), %d pages, %q; want %s, %d pages, %q", test.name, v.Outcome, v.Reason, facts.Pages, facts.Title, test.outcome, test.pages, test.title)
		}
		if facts.Bytes != int64(len(all[test.name])) || len(facts.SHA256) != 64 {
			t.Errorf("%s: %d octets, hash %q", test.name, facts.Bytes, facts.SHA256)
		}
	}
}

// A stream that expands a millionfold meets the bound of the sandbox or the
// deadline; the reader is as good as before after either.
func TestBombIsBounded(t *testing.T) {
	all := files(t)
	facts, v := document.Read(t.Context(), all["bomb.pdf"], document.Limits{Time: 2 * time.Minute})
	if v.Outcome != harvest.DocumentDamaged && v.Outcome != harvest.DocumentNoText {
		t.Errorf("bomb: %s (%s), %+v", v.Outcome, v.Reason, facts)
	}
	if _, v := document.Read(t.Context(), all["report.pdf"], document.Limits{Time: 2 * time.Minute}); v.Outcome != harvest.DocumentRead {
		t.Errorf("after the bomb: %s (%s)", v.Outcome, v.Reason)
	}
}

func TestReadingStopsWithItsContext(t *testing.T) {
	all := files(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, name := range []string{"report.pdf", "report.docx", "report.odt"} {
		if facts, v := document.Read(ctx, all[name], document.Limits{}); v.Outcome != harvest.DocumentDamaged || facts.SHA256 == "" {
			t.Errorf("%s: %s (%s), %+v", name, v.Outcome, v.Reason, facts)
		}
	}
	// and while PDFium is at work
	short, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, v := document.Read(short, all["bomb.pdf"], document.Limits{}); v.Outcome != harvest.DocumentDamaged {
		t.Errorf("bomb: %s (%s)", v.Outcome, v.Reason)
	}
}

// archiveOf packs the parts of an office document.
func archiveOf(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		f, err := w.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(parts[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const wordBody = `<w:document xmlns:w="w"><w:body>%s</w:body></w:document>`

func TestHostileOffice(t *testing.T) {
	paragraph := `<w:p><w:r><w:t>This guidance sets out how labour inspectors identify people who are held in forced labour.</w:t></w:r></w:p>`
	for _, test := range []struct {
		name    string
		body    []byte
		outcome harvest.Outcome
	}{
		{"sound", archiveOf(t, "word/document.xml", fmt.Sprintf(wordBody, paragraph)), harvest.DocumentRead},
		{"names that lead elsewhere", archiveOf(t, "../../etc/passwd", "x", "/word/document.xml", "x", "word/document.xml", fmt.Sprintf(wordBody, paragraph)), harvest.DocumentRead},
		{"no main part", archiveOf(t, "word/other.xml", "<x/>"), harvest.DocumentDamaged},
		{"entities that grow", archiveOf(t, "word/document.xml", `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>`+fmt.Sprintf(wordBody, "<w:p><w:t>&b;</w:t></w:p>")), harvest.DocumentDamaged},
		{"elements without end", archiveOf(t, "word/document.xml", strings.Repeat("<a>", 100_000)), harvest.DocumentDamaged},
		{"zip bomb", archiveOf(t, "word/document.xml", "<w:document>"+strings.Repeat(" ", 40<<20)), harvest.DocumentDamaged},
		{"bomb in a property", archiveOf(t, "docProps/core.xml", "<p><title>"+strings.Repeat("a", 20<<20), "word/document.xml", fmt.Sprintf(wordBody, paragraph)), harvest.DocumentRead},
		{"a locked one", append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00"...), harvest.DocumentEncrypted},
		{"a locked OpenDocument", archiveOf(t, "mimetype", document.ODT, "META-INF/manifest.xml", `<manifest><file-entry><encryption-data/></file-entry></manifest>`, "content.xml", "noise"), harvest.DocumentEncrypted},
		{"only pictures", archiveOf(t, "word/document.xml", fmt.Sprintf(wordBody, "<w:p><w:r><w:drawing/></w:r></w:p>")), harvest.DocumentNoText},
		{"a Word file of 1997", append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "W\x00o\x00r\x00d\x00D\x00o\x00c\x00u\x00m\x00e\x00n\x00t\x00"...), harvest.DocumentUnread},
		{"another archive", archiveOf(t, "data.csv", "a,b"), harvest.DocumentUnread},
	} {
		facts, v := document.Read(t.Context(), test.body, document.Limits{Time: time.Minute})
		if test.name == "a locked OpenDocument" && facts.MediaType != document.ODT {
			continue // the archive writer compresses its first member, as no OpenDocument does
		}
		if v.Outcome != test.outcome {
			t.Errorf("%s: %s (%s), %s; want %s", test.name, v.Outcome, v.Reason, facts.MediaType, test.outcome)
		}
	}
	whole := archiveOf(t, "word/document.xml", fmt.Sprintf(wordBody, strings.Repeat(paragraph, 50)))
	if _, v := document.Read(t.Context(), whole[:len(whole)-10], document.Limits{}); v.Outcome != harvest.DocumentDamaged {
		t.Errorf("cut short: %s", v.Outcome)
	}
}

func FuzzPDF(f *testing.F) {
	for name, body := range files(f) {
		if strings.HasSuffix(name, ".pdf") && name != "bomb.pdf" && len(body) < 20_000 {
			f.Add(body)
		}
	}
	fuzz(f)
}

func FuzzOffice(f *testing.F) {
	for name, body := range files(f) {
		if !strings.HasSuffix(name, ".pdf") {
			f.Add(body)
		}
	}
	fuzz(f)
}

// FuzzOfficeXML has the parts before they are packed, where a mutation arrives.
func FuzzOfficeXML(f *testing.F) {
	f.Add("<p><title>A title</title><language>en</language></p>", fmt.Sprintf(wordBody, "<w:p><w:r><w:t>Some text.</w:t></w:r></w:p>"))
	f.Fuzz(func(t *testing.T, core, main string) {
		check(t, archiveOf(t, "docProps/core.xml", core, "word/document.xml", main))
		check(t, archiveOf(t, "meta.xml", core, "content.xml", main))
	})
}

func fuzz(f *testing.F) {
	f.Fuzz(func(t *testing.T, body []byte) { check(t, body) })
}

// check holds for any octets.
func check(t *testing.T, body []byte) {
	t.Helper()
	facts, v := document.Read(t.Context(), body, document.Limits{Time: 30 * time.Second})
	if info := v.Outcome.Info(); info.Subject != harvest.SubjectDocument {
		t.Errorf("outcome %q", v.Outcome)
	}
	if strings.Contains(v.Reason, "reader broke") {
		t.Errorf("%s", v.Reason)
	}
	for _, s := range []string{facts.Title, facts.Lead, facts.Language.Value, facts.MediaType} {
		if !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\x1b\x07") {
			t.Errorf("%q", s)
		}
	}
	if facts.Pages < 0 || utf8.RuneCountInString(facts.Lead) > 2000 || utf8.RuneCountInString(facts.Title) > 600 {
		t.Errorf("%+v", facts)
	}
}

func BenchmarkRead(b *testing.B) {
	all := files(b)
	for _, name := range []string{"report.pdf", "ligatures.pdf", "many-pages.pdf", "report.docx", "report.odt"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				document.Read(b.Context(), all[name], document.Limits{})
			}
		})
	}
}
