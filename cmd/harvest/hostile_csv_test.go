package main_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/sitetest"
)

// TestTables harvests registers that are tables: row by row, as one record,
// compressed, and what stands in their place.
func TestTables(t *testing.T) {
	t.Parallel()
	const rows = `- csv: {start: "{{base}}/register.csv", fields: {id: id, title: "{name}, statement", link: "{{base}}/statement/{id}"}}`
	var long strings.Builder
	long.WriteString("id;name\r\n")
	for i := range 300 {
		fmt.Fprintf(&long, "%d;Company %d\r\n", i, i)
	}
	h := spring(t, patient,
		trap{
			name: "rows", doors: rows, records: 2, requests: 3,
			site: func(s *sitetest.Site) {
				s.Handle("/register.csv", sends("text/csv; charset=iso-8859-1", []byte("id,name\n1,Caf\xe9 Ltd\n2,\"A, B\"\n")))
			},
			check: func(t *testing.T, c *caught) {
				titles := ""
				for _, r := range c.records {
					titles += r.Title + "|"
				}
				if !strings.Contains(titles, "Café Ltd, statement") || !strings.Contains(titles, "A, B, statement") {
					t.Errorf("titles %q", titles)
				}
			},
		},
		trap{
			name: "one-record", doors: strings.Replace(rows, "fields:", "whole_file: true, fields:", 1), records: 1, requests: 3,
			site: func(s *sitetest.Site) {
				s.Handle("/register.csv", sends("text/csv", []byte("id,name\n1,Somebody Private\n")))
			},
			check: func(t *testing.T, c *caught) {
				if strings.Contains(fmt.Sprint(c.records)+c.report, "Somebody") {
					t.Error("a row of the register has got out")
				}
			},
		},
		trap{
			name: "a-workbook", doors: strings.NewReplacer("csv: {", "xlsx: {sheets: [Shown], ", "register.csv", "register.xlsx").Replace(rows), records: 2, requests: 3,
			site: func(s *sitetest.Site) {
				s.Handle("/register.xlsx", sends("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", workbook(t)))
			},
			check: func(t *testing.T, c *caught) {
				for _, r := range c.records {
					if !strings.HasPrefix(r.NativeID, "xlsx:") || !strings.HasSuffix(r.Title, "Ltd, statement") {
						t.Errorf("%+v", r)
					}
				}
			},
		},
		trap{
			name: "a-workbook-that-is-a-page", doors: strings.Replace(rows, "csv: {", "xlsx: {", 1) + "\n  " + items, records: 1, requests: 6, says: "a web page is no workbook",
			site: func(s *sitetest.Site) {
				library(s, 1)
				s.Page("/list", list("/item/1"))
				s.Page("/register.csv", "<!doctype html><title>Welcome</title>")
			},
		},
		trap{
			name: "compressed", doors: rows, records: 300, requests: 3,
			site: func(s *sitetest.Site) { s.Handle("/register.csv", sends("application/gzip", gzipped(long.String()))) },
		},
		trap{
			name: "a-login-in-its-place", doors: rows + "\n  " + items, records: 1, requests: 6, says: "no table",
			site: func(s *sitetest.Site) {
				library(s, 1)
				s.Page("/list", list("/item/1"))
				s.Page("/register.csv", "<!doctype html><title>Welcome</title>")
			},
		},
		trap{
			name: "an-open-quote", doors: rows, records: 1, requests: 3, state: harvest.RunPartial, says: "quotation mark",
			site: func(s *sitetest.Site) {
				s.Handle("/register.csv", sends("text/csv", []byte("id,name\n1,One\n2,\"Two"+strings.Repeat("\n3,Three", 200_000))))
			},
		},
	)
	const roof = 500 << 20
	if h.peak > roof {
		t.Errorf("%d MiB at the peak, want less than %d", h.peak>>20, roof>>20)
	}
}

// workbook has a register on its second sheet.
func workbook(t *testing.T) []byte {
	t.Helper()
	f := excelize.NewFile()
	_, err := f.NewSheet("Shown")
	for i, row := range [][]any{{"id", "name"}, {1, "Kilns Ltd"}, {2, "Bricks Ltd"}} {
		if err == nil {
			err = f.SetSheetRow("Shown", fmt.Sprintf("A%d", i+1), &row)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
