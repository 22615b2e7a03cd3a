package oai_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// schemas is the folder of the schemas: those of testdata, which were written
// from the specification, or the official ones for those who have them.
func schemas() string {
	if dir := os.Getenv("HARVEST_TEST_OAI_SCHEMAS"); dir != "" {
		return dir
	}
	return filepath.Join("testdata", "schemas")
}

// xmllint is where it is, empty when it is not installed.
var xmllint = sync.OnceValue(func() string {
	path, _ := exec.LookPath("xmllint")
	return path
})

// validate holds a document to the schemas, when xmllint is there.
func validate(t *testing.T, document []byte) {
	t.Helper()
	if xmllint() == "" {
		return
	}
	if out, err := lint(t, document); err != nil {
		t.Errorf("%v: %s\n%s", err, out, document)
	}
}

func lint(t *testing.T, document []byte) ([]byte, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), xmllint(), "--noout", "--nonet", "--schema", filepath.Join(schemas(), "all.xsd"), "-")
	cmd.Stdin = bytes.NewReader(document)
	return cmd.CombinedOutput()
}

// TestSchemasRefuse makes sure that the schemas are able to find something.
func TestSchemasRefuse(t *testing.T) {
	if xmllint() == "" {
		t.Skip("SKIPPED: without xmllint no answer is held to the schemas; on Debian: apt-get install libxml2-utils ('make test' does)")
	}
	good := []byte(`<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-06-30T12:00:00Z</responseDate>` +
		`<request verb="GetRecord">https://harvest.example.org/oai</request><GetRecord><record><header><identifier>oai:a.b:c</identifier>` +
		`<datestamp>2026-06-30T12:00:00Z</datestamp><setSpec>source.a</setSpec></header><metadata>` +
		`<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title xml:lang="en">T</dc:title></oai_dc:dc>` +
		`</metadata></record></GetRecord></OAI-PMH>`)
	if out, err := lint(t, good); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for name, change := range map[string][2]string{
		"an unknown verb":        {`verb="GetRecord"`, `verb="Get"`},
		"a date without zone":    {"12:00:00Z</responseDate>", "12:00:00</responseDate>"},
		"a datestamp of minutes": {"12:00:00Z</datestamp>", "12:00Z</datestamp>"},
		"no header":              {"<datestamp>2026-06-30T12:00:00Z</datestamp>", ""},
		"a set with a space":     {"source.a", "source a"},
		"an unknown element":     {"dc:title", "dc:headline"},
		"a second answer":        {"</GetRecord>", "</GetRecord><ListSets/>"},
		"no namespace":           {`xmlns="http://www.openarchives.org/OAI/2.0/"`, ""},
	} {
		if out, err := lint(t, bytes.ReplaceAll(good, []byte(change[0]), []byte(change[1]))); err == nil {
			t.Errorf("%s passes: %s", name, out)
		}
	}
}
