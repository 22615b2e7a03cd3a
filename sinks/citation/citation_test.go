package citation_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/sinks/citation"
	"github.com/harvest87/harvest/sinks/exporttest"
)

// The values that the formats know.
var (
	risOfZotero = map[string]string{ // the type as which Zotero writes, and reads back, its own item type
		"report": "RPRT", "journalArticle": "JOUR", "statute": "STAT", "case": "CASE", "dataset": "DATA", "newspaperArticle": "NEWS",
		"presentation": "SLIDE", "document": "GEN", "videoRecording": "VIDEO", "webpage": "ELEC",
	}
	cslOfZotero = map[string]string{
		"report": "report", "journalArticle": "article-journal", "statute": "legislation", "case": "legal_case", "dataset": "dataset",
		"newspaperArticle": "article-newspaper", "presentation": "speech", "document": "document", "videoRecording": "motion_picture", "webpage": "webpage",
	}
	dcmi = []string{"Collection", "Dataset", "Event", "Image", "InteractiveResource", "MovingImage", "PhysicalObject", "Service", "Software", "Sound", "StillImage", "Text"}
)

func TestEveryCategoryHasItsTypes(t *testing.T) {
	vocabulary, err := config.LoadVocabulary()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range vocabulary.DocTypes {
		got := citation.TypeOf(&harvest.Record{Category: d.ID})
		if got.Category != d.ID {
			t.Errorf("%s has no row in the table", d.ID)
			continue
		}
		if want := risOfZotero[d.Zotero]; got.RIS != want {
			t.Errorf("%s: RIS %q; Zotero's %s is %q", d.ID, got.RIS, d.Zotero, want)
		}
		if want := cslOfZotero[d.Zotero]; got.CSL != want {
			t.Errorf("%s: CSL %q; Zotero's %s is %q", d.ID, got.CSL, d.Zotero, want)
		}
		if got.SchemaOrg != d.SchemaOrg {
			t.Errorf("%s: schema.org %q, but %q in the vocabulary", d.ID, got.SchemaOrg, d.SchemaOrg)
		}
		if !slices.Contains(dcmi, got.DCMI) {
			t.Errorf("%s: %q is not in the DCMI Type Vocabulary", d.ID, got.DCMI)
		}
		if got.BibTeX != "techreport" && got.BibTeX != "misc" || got.Label == "" {
			t.Errorf("%s: %+v", d.ID, got)
		}
	}
	for _, category := range []string{"", "no such type"} {
		if got := citation.TypeOf(&harvest.Record{Category: category}); got.RIS != "GEN" || got.DCMI != "" {
			t.Errorf("%q is %+v", category, got)
		}
	}
}

func TestMultimediaOfAudioIsSound(t *testing.T) {
	audio, video := harvest.Document{MediaType: "audio/mpeg"}, harvest.Document{MediaType: "video/mp4"}
	for _, tt := range []struct {
		documents []harvest.Document
		want      string
	}{
		{nil, "VIDEO"},
		{[]harvest.Document{audio}, "SOUND"},
		{[]harvest.Document{audio, video}, "VIDEO"},
	} {
		if got := citation.TypeOf(&harvest.Record{Category: "multimedia", Documents: tt.documents}); got.RIS != tt.want {
			t.Errorf("%v: %s, want %s", tt.documents, got.RIS, tt.want)
		}
	}
}

func TestParseName(t *testing.T) {
	for name, want := range map[string]string{
		"Bales, Kevin": "Bales|Kevin", "Kevin Bales": "Bales|Kevin", "Kevin B. Bales": "Bales|Kevin B.", "K. Bales": "Bales|K.",
		"Dr Aidan McQuade": "McQuade|Aidan", "Dr. Zewdu Alemu": "Alemu|Zewdu", "Ludwig van Beethoven": "", "Maria van der Berg": "van der Berg|Maria",
		"van Gogh, Vincent": "van Gogh|Vincent", "King, Martin Luther, Jr.": "King Jr.|Martin Luther", "King, Jr., Martin": "King Jr.|Martin",
		"José A. Muñoz": "Muñoz|José A.", "Jean-Luc O’Brien": "", "J.-P. Sartre": "Sartre|J.-P.", "María García López": "",
		"International Labour Organization": "", "Anti-Slavery International": "", "Walk Free": "", "Human Rights Watch": "", "Verité": "", "ILO": "",
		"ILO, UNICEF": "", "Department for Work, Pensions": "", "Ministère du Travail": "", "UNICEF": "", "Global Slavery Index 2018": "",
		"admin": "", "Smith, John and Doe, Jane": "", "منظمة العمل الدولية": "", "Петров, Иван": "Петров|Иван", "李, 明": "李|明", "Zewdu Alemu": "",
		"Team Kevin": "", "Smith, J., Doe, K.": "", "Kevin": "", "kevin bales": "", ",": "", ", x": "", "Paul & Co": "", "Mary Ann Smith": "Smith|Mary Ann",
		"Save the Children, UK": "", "Joe (editor)": "",
	} {
		got := citation.ParseName(name)
		parts := ""
		if got.Whole == "" {
			parts = got.Family + "|" + got.Given
		} else if got.Whole != name {
			t.Errorf("%q became %q", name, got.Whole)
		}
		if parts != want {
			t.Errorf("%q is %q, want %q", name, parts, want)
		}
	}
}

func TestAnAuthorThatIsThePublisherIsABody(t *testing.T) {
	got := citation.Names(&harvest.Record{Authors: []string{"Kevin Bales", " ", "Anna Freud"}, Publisher: "Anna  Freud"})
	if diff := cmp.Diff([]citation.Name{{Family: "Bales", Given: "Kevin"}, {Whole: "Anna Freud", Body: true}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestKeysAreStableAndApart(t *testing.T) {
	seen := make(map[string]harvest.RecordID)
	for _, id := range []harvest.RecordID{"respect:0123456789abcdef", "a:b", "a_b", "a_5fb", "a b", "é:1", "1:2", "x_31:2", "a,b", "a{b}", "%"} {
		key := citation.Key(id)
		if other, twice := seen[key]; twice {
			t.Errorf("%q and %q have one key, %q", id, other, key)
		}
		seen[key] = id
		if strings.ContainsAny(key, " ,{}%@#\"'()=~\\") {
			t.Errorf("key %q", key)
		}
	}
	if seen["respect:0123456789abcdef"] == "" {
		t.Error("an ordinary identifier is not its own key")
	}
}

func TestDatesKeepTheirPrecision(t *testing.T) {
	for d, want := range map[harvest.Date][]int{
		{}: nil, harvest.YearDate(987): {987}, harvest.MonthDate(2021, 3): {2021, 3}, harvest.DayDate(2021, 3, 15): {2021, 3, 15},
		{Value: "2021-13", Precision: "month"}: nil,
	} {
		if diff := cmp.Diff(want, citation.DateParts(d)); diff != "" {
			t.Errorf("%v (-want +got):\n%s", d, diff)
		}
	}
}

// FuzzText checks that no text leaves its line, is forbidden in XML, or steers.
func FuzzText(f *testing.F) {
	exporttest.Seeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		line := citation.Line(text)
		if !utf8.ValidString(line) || line != citation.Line(line) || strings.TrimSpace(line) != line {
			t.Errorf("%q is not settled: %q", line, citation.Line(line))
		}
		for _, r := range line {
			if unicode.IsControl(r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) || r >= 0x202a && r <= 0x202e || r == 0xfffe || r == 0xffff {
				t.Errorf("%U is left in %q", r, line)
			}
		}
		if got := citation.Line(citation.Text(text)); got != line {
			t.Errorf("as text it is %q, as a line %q", got, line)
		}
		for i, c := range []byte(citation.Address(text)) {
			if c <= ' ' || c >= 0x7f {
				t.Errorf("octet %d of the address is %#x", i, c)
			}
		}
		name := citation.ParseName(text)
		if got := strings.Contains(name.Family, ",") || strings.Contains(name.Given, ","); got {
			t.Errorf("a comma is left in a part of %+v", name)
		}
	})
}
