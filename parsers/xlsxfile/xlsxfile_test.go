package xlsxfile_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/register"
	"github.com/harvest87/harvest/parsers/xlsxfile"
)

const home = "https://register.example.org"

// fields are those of a register of statements.
var fields = config.JSONFields{
	ID: []string{"Statement id"}, Title: []string{"{Organisation}: statement {Year}"}, Link: []string{"Statement", home + "/statement/{Statement id}"},
	Date: []string{"Approved"}, Category: []string{"Sector"}, Document: []string{"File"},
}

func open(t testing.TB, r config.Register) *register.Door {
	t.Helper()
	r.Start = []string{home + "/statements.xlsx"}
	d, err := xlsxfile.New(&config.Source{ID: "register", Homepage: home, Language: "en-GB", Doors: []config.Door{{Kind: "xlsx", XLSX: &r}}}, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func read(d *register.Door, body []byte) harvest.Parsed {
	seeds, _ := d.Seeds(time.Time{})
	return d.Parse(&harvest.Page{Request: seeds[0], URL: seeds[0].URL, Outcome: harvest.Fetched, Status: 200, Body: body, Bytes: int64(len(body)), Hash: "x"})
}

func have(p harvest.Parsed) []string {
	var out []string
	for _, r := range p.Records {
		file := "-"
		if len(r.Documents) > 0 {
			file = r.Documents[0].URL
		}
		out = append(out, strings.Join([]string{r.NativeID, r.Title, r.URL, r.Published.Value, r.CategoryRaw, file}, " "))
	}
	return out
}

// workbook has a register as a ministry may publish it, written by another
// program than the one that reads it: notes on a sheet of their own, a title and
// groups of columns above the names, days as numbers, cells that are merged, and
// links behind words.
func workbook(t testing.TB) []byte {
	t.Helper()
	f := excelize.NewFile()
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	style := func(format string) int {
		id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		do(err)
		return id
	}
	do(f.SetSheetName("Sheet1", "Read me"))
	do(f.SetSheetRow("Read me", "A1", &[]any{"Contact", "the ministry"}))
	const at = "Statements"
	_, err := f.NewSheet(at)
	do(err)
	for cell, value := range map[string]any{
		"A1": "Register of statements", "A2": "Company", "D2": "Statement",
		"A3": "Statement id", "B3": "Organisation", "C3": "Sector", "D3": "Year", "E3": "Approved", "F3": "Statement", "G3": "File",
		"A4": 7, "B4": "Kilns & Sons", "C4": "Construction", "D4": 2023, "E4": 45000, "F4": "Read it", "G4": "PDF",
		"A5": 8, "B5": "Fishing Ltd", "D5": 2022, "E5": 44927.75, "F5": "https://fishing.example.com/statement",
		"A6": 9, "D6": 2021, // no name
		"A8": 12, "B8": "Bricks", "D8": 2020, "E8": 1, "C8": "Kilns",
		"A9": "0013", "B9": "A _x0041_ cell", "D9": 2019, "E9": "15/03/2019",
	} {
		do(f.SetCellValue(at, cell, value))
	}
	do(f.MergeCell(at, "A1", "G1"))
	do(f.MergeCell(at, "A2", "C2"))
	do(f.MergeCell(at, "D2", "G2"))
	do(f.MergeCell(at, "C4", "C6"))
	do(f.SetCellHyperLink(at, "F4", home+"/s/7?a=1&b=2", "External"))
	do(f.SetCellHyperLink(at, "G4", "files/7.pdf", "External"))
	do(f.SetCellHyperLink(at, "B5", "Statements!A1", "Location"))
	do(f.SetCellFormula(at, "F8", `HYPERLINK("https://bricks.example/s","Bricks")`))
	do(f.SetCellStyle(at, "E4", "E4", style(`[$-809]dd\ mmmm\ yyyy;@`)))
	do(f.SetCellStyle(at, "E5", "E5", style(`mmm "of" yyyy`)))
	do(f.SetCellStyle(at, "E8", "E8", style("yyyy-mm-dd hh:mm")))
	do(f.SetCellStyle(at, "A8", "A8", style("00000")))
	_, err = f.NewSheet("Old")
	do(err)
	do(f.SetSheetRow("Old", "A1", &[]any{"Statement id", "Organisation", "Year"}))
	do(f.SetSheetRow("Old", "A2", &[]any{1, "Old Ltd", 2010}))
	do(f.SetSheetVisible("Old", false))
	b, err := f.WriteToBuffer()
	do(err)
	return b.Bytes()
}

// TestRows: a row a record, with what a reader sees in its cells.
func TestRows(t *testing.T) {
	body := workbook(t)
	got := read(open(t, config.Register{Fields: fields}), body)
	want := []string{
		"xlsx:7 Kilns & Sons: statement 2023 " + home + "/s/7?a=1&b=2 2023-03-15 Construction " + home + "/files/7.pdf",
		"xlsx:8 Fishing Ltd: statement 2022 https://fishing.example.com/statement 2023-01 Construction -",
		"xlsx:00012 Bricks: statement 2020 https://bricks.example/s 1900-01-01 Kilns -",
		"xlsx:0013 A A cell: statement 2019 " + home + "/statement/0013 2019-03-15  -",
	}
	if diff := cmp.Diff(want, have(got)); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if len(got.Events) != 1 || got.Events[0].Outcome != harvest.NoTitle || got.Dead != "" || !strings.Contains(fmt.Sprint(got.Notes), "1 sheets lack the columns and were left out: Read me") {
		t.Errorf("events %+v, dead %q, notes %v; want one row without a title, one sheet left out", got.Events, got.Dead, got.Notes)
	}
	got = read(open(t, config.Register{Fields: fields, Sheets: []string{"old"}}), body)
	if diff := cmp.Diff([]string{"xlsx:1 Old Ltd: statement 2010 " + home + "/statement/1   -"}, have(got)); diff != "" {
		t.Errorf("a hidden sheet that is named (-want +got):\n%s", diff)
	}
	if got = read(open(t, config.Register{Fields: fields, Sheets: []string{"2024"}}), body); !strings.Contains(got.Dead, `has no sheet "2024"; it has "Read me", "Statements", "Old"`) {
		t.Errorf("dead %q", got.Dead)
	}
}

// TestWholeFile: of a register of persons one record says that it exists.
func TestWholeFile(t *testing.T) {
	r := config.Register{WholeFile: true, Fields: config.JSONFields{Title: []string{"Register of employers"}, Category: []string{"Register"}}}
	got := read(open(t, r), workbook(t))
	if len(got.Records) != 1 || len(got.Requests) > 0 || got.Records[0].Documents[0].MediaType != xlsxfile.MediaType {
		t.Fatalf("%+v", got)
	}
	if b, _ := json.Marshal(got); strings.Contains(string(b), "Kilns") {
		t.Errorf("a row is in the record: %s", b)
	}
}

// parts are those of the smallest workbook, which may be replaced.
func parts(sheet string, others map[string]string) []byte {
	all := map[string]string{
		"_rels/.rels":                `<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook><sheets><sheet name="A" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="x/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r3" Type="x/styles" Target="styles.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   sheet,
	}
	maps.Copy(all, others)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range all {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// inline is a row of texts.
func inline(cells ...string) string {
	out := "<row>"
	for _, c := range cells {
		out += `<c t="inlineStr"><is><t>` + c + "</t></is></c>"
	}
	return out + "</row>"
}

// TestOtherPrograms: what workbooks have that Excel did not write.
func TestOtherPrograms(t *testing.T) {
	heading := inline("Statement id", "Organisation", "Year", "Approved")
	one := func(cells string) string {
		return "<worksheet><sheetData>" + heading + cells + "</sheetData></worksheet>"
	}
	for name, tt := range map[string]struct {
		body []byte
		want string
	}{
		"no references of cells": {parts(one(inline("1", "A", "2023", "2023-03-15")), nil), "xlsx:1 A: statement 2023 " + home + "/statement/1 2023-03-15  -"},
		"another prefix": {parts(strings.NewReplacer("</", "</x:", "<", "<x:", "<x:/x:", "</x:").Replace(one(inline("1", "A", "2023", "2023"))), map[string]string{
			"xl/workbook.xml": `<x:workbook xmlns:x="y"><x:sheets><x:sheet name="A" r:id="r1"/></x:sheets></x:workbook>`,
		}), "xlsx:1 A: statement 2023 " + home + "/statement/1 2023  -"},
		"runs of fonts, and how they are pronounced": {parts(one(`<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c><v>2023</v></c></row>`), map[string]string{
			"xl/sharedStrings.xml": `<sst><si><t>7</t></si><si><r><rPr><b/></rPr><t>Kilns </t></r><r><t>Ltd</t></r><rPh><t>kirunzu</t></rPh></si></sst>`,
		}), "xlsx:7 Kilns Ltd: statement 2023 " + home + "/statement/7   -"},
		"days from 1904, and days in words": {parts(one(`<row><c><v>1</v></c><c t="str"><v>A</v></c><c s="1"><v>43538</v></c><c t="d"><v>2023-03-15T00:00:00</v></c></row>`), map[string]string{
			"xl/workbook.xml": `<workbook><workbookPr date1904="1"/><sheets><sheet name="A" r:id="r1"/></sheets></workbook>`,
			"xl/styles.xml":   `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="yyyy"/></numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf/><xf numFmtId="170"/></cellXfs></styleSheet>`,
		}), "xlsx:1 A: statement 2023 " + home + "/statement/1 2023-03-15  -"},
		"errors and truth":       {parts(one(`<row><c><v>1.0</v></c><c t="b"><v>1</v></c><c><v>2.023E3</v></c><c t="e"><v>#N/A</v></c></row>`), nil), "xlsx:1 TRUE: statement 2023 " + home + "/statement/1   -"},
		"what formulas came to":  {parts(one(`<row><c><f>A1+1</f><v>0.1</v></c><c t="str"><f>B1</f><v>A</v></c><c><v>2023</v></c></row>`), nil), "xlsx:0.1 A: statement 2023 " + home + "/statement/0.1   -"},
		"names in other letters": {parts("", map[string]string{"xl/worksheets/sheet1.xml": "<a/>", `XL\Worksheets\Sheet1.xml`: ""}), ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := read(open(t, config.Register{Fields: fields}), tt.body)
			if tt.want == "" {
				return // it ends, whichever of the two is read
			}
			if diff := cmp.Diff([]string{tt.want}, have(got)); diff != "" {
				t.Errorf("records (-want +got):\n%s\n%+v", diff, got)
			}
		})
	}
}

// TestRefused: what is no workbook, and what unpacks to more than is read.
func TestRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		body []byte
		says string
	}{
		"nothing":            {nil, "is no archive"},
		"a web page":         {[]byte("<!doctype html><title>Sign in</title>"), "a web page"},
		"an old workbook":    {[]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1xxxx"), ".xls"},
		"half an archive":    {workbook(t)[:3000], "no workbook"},
		"OpenDocument":       {parts("", map[string]string{"_rels/.rels": "", "content.xml": "x", "xl/workbook.xml": "", "mimetype": "x"}), "no sheet that is shown"},
		"a binary workbook":  {parts("", map[string]string{"_rels/.rels": `<Relationships><Relationship Type="x/officeDocument" Target="xl/workbook.bin"/></Relationships>`, "xl/workbook.bin": "x"}), ".xlsb"},
		"no columns":         {parts("<worksheet><sheetData>"+inline("A", "B")+"</sheetData></worksheet>", nil), `no column "Organisation"`},
		"a text without end": {parts("<worksheet><sheetData><row><c t=\"str\"><v>"+strings.Repeat("a", 9<<20), nil), "longer than any format needs"},
	} {
		t.Run(name, func(t *testing.T) {
			got := read(open(t, config.Register{Fields: fields}), tt.body)
			if !strings.Contains(got.Dead+fmt.Sprint(got.Events), tt.says) || len(got.Records) > 0 {
				t.Errorf("dead %q, events %+v, want %q", got.Dead, got.Events, tt.says)
			}
		})
	}
}

// TestBombs: what unpacks to more than is read is not read, and what is shared by
// cells counts as much as what stands in them.
func TestBombs(t *testing.T) {
	row := inline(strings.Repeat("a", 1000), "b")
	for name, body := range map[string][]byte{
		"rows":  parts("<worksheet><sheetData>"+strings.Repeat(row, 200)+"</sheetData></worksheet>", nil),
		"texts": parts("", map[string]string{"xl/sharedStrings.xml": "<sst>" + strings.Repeat("<si><t>"+strings.Repeat("a", 1000)+"</t></si>", 200) + "</sst>"}),
	} {
		t.Run(name, func(t *testing.T) {
			for bound, fails := range map[int64]bool{100_000: true, 1_000_000: false} {
				lines, err := xlsxfile.OpenLines(body, bound)
				for n := 0; err == nil && n < 1000; n++ {
					_, err = lines.Next()
				}
				if (err != nil) != fails || fails && !strings.Contains(err.Error(), "than is read") {
					t.Errorf("with a bound of %d: %v", bound, err)
				}
			}
		})
	}
}

// TestFlatMemory: a sheet of many rows takes no more memory than one of few.
func TestFlatMemory(t *testing.T) {
	sheet := func(rows int) []byte {
		var b strings.Builder
		b.WriteString("<worksheet><sheetData>" + inline("Statement id", "Organisation", "Year"))
		for i := range rows {
			fmt.Fprintf(&b, `<row><c><v>%d</v></c><c t="str"><v>Company %d</v></c><c><v>2023</v></c></row>`, i, i)
		}
		b.WriteString("</sheetData></worksheet>")
		return parts(b.String(), nil)
	}
	most := func(body []byte) uint64 {
		lines, err := xlsxfile.OpenLines(body, 1<<30)
		if err != nil {
			t.Fatal(err)
		}
		var peak uint64
		for n := 0; ; n++ {
			line, err := lines.Next()
			if err != nil {
				t.Fatal(err)
			}
			if line == nil {
				return peak
			}
			if n%5_000 == 0 {
				var m runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapAlloc)
			}
		}
	}
	few, many := sheet(100), sheet(60_000)
	small := most(few)
	if large := most(many); large > small+4<<20 {
		t.Errorf("%d octets at the peak with 60,000 rows, %d with 100", large, small)
	}
}

// FuzzParse: any bytes in place of a sheet, of styles, and of the whole file.
func FuzzParse(f *testing.F) {
	whole := workbook(f)
	f.Add(whole, "<worksheet/>", "<styleSheet/>")
	f.Add([]byte("PK\x03\x04"), "<worksheet><sheetData>"+inline("Statement id", "Organisation", "Year", "Approved")+`<row r="99999999999"><c r="XFD1" s="1"><v>1e308</v></c><c r="A2" t="s"><v>-1</v></c></row></sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>`, `<styleSheet><numFmts><numFmt numFmtId="1" formatCode="[h]:y_"/></numFmts><cellXfs><xf numFmtId="1"/></cellXfs></styleSheet>`)
	d := open(f, config.Register{Fields: fields})
	f.Fuzz(func(t *testing.T, file []byte, sheet, styles string) {
		for _, body := range [][]byte{file, parts(sheet, map[string]string{"xl/styles.xml": styles, "xl/sharedStrings.xml": styles})} {
			got := read(d, body)
			for _, r := range got.Records {
				r.ID, r.Source = "x", "register"
				if err := r.Validate(); err != nil {
					t.Errorf("record %+v: %v", r, err)
				}
			}
		}
	})
}
