package citation_test

import (
	"os"
	"strings"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/sinks/citation"
)

// The table that people read is the table that the formats use.
func TestTheTableInTheDocumentationIsTheOneInUse(t *testing.T) {
	text, err := os.ReadFile("../../docs/exporting.md")
	if err != nil {
		t.Fatal(err)
	}
	vocabulary, err := config.LoadVocabulary()
	if err != nil {
		t.Fatal(err)
	}
	for _, category := range append(vocabulary.DocTypeIDs(), "") {
		x := citation.TypeOf(&harvest.Record{Category: category})
		name := category
		if name == "" {
			name = "none"
		}
		row := strings.Join(strings.Fields("| "+strings.Join([]string{name, x.RIS, x.BibTeX, x.CSL, x.SchemaOrg, x.DCMI}, " | ")+" |"), " ")
		if !strings.Contains(string(text), "\n"+row+"\n") {
			t.Errorf("docs/exporting.md has no row %s", row)
		}
	}
}
