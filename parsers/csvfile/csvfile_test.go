package csvfile_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/csvfile"
	"github.com/harvest87/harvest/parsers/register"
)

const home = "https://register.example.org"

// fields are those of a register of statements.
var fields = config.JSONFields{
	ID: []string{"Statement id"}, Title: []string{"{Organisation}: statement {Year}"}, Link: []string{"URL", home + "/statement/{Statement id}/{Year}"},
	Date: []string{"Approved"}, Category: []string{"Sector"}, Document: []string{"File"},
}

func open(t testing.TB, c config.Register) *register.Door {
	t.Helper()
	if len(c.Start) == 0 {
		c.Start = []string{home + "/statements.csv"}
	}
	d, err := csvfile.New(&config.Source{ID: "register", Name: "Register", Homepage: home, Language: "en-GB", Doors: []config.Door{{Kind: "csv", CSV: &c}}}, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func read(d *register.Door, body string) harvest.Parsed {
	seeds, _ := d.Seeds(time.Time{})
	return d.Parse(&harvest.Page{Request: seeds[0], URL: seeds[0].URL, Outcome: harvest.Fetched, Status: 200, Body: []byte(body), Bytes: int64(len(body)), Hash: "x"})
}

const table = `Statement id,Organisation,Year,Approved,Sector,File,URL
7,"Kilns, Bricks & Sons",2023,15/03/2023,Construction,/files/7.pdf,
8,Fishing Ltd,2022,,,,https://fishing.example.com/statement
9,,2022,,,,
,,,,,,
10,"A ""quoted"" name
on two lines",2021,nonsense,,,
`

// TestRows: a row a record, with what is in its cells and no more.
func TestRows(t *testing.T) {
	want := []string{
		"csv:7 Kilns, Bricks & Sons: statement 2023 https://register.example.org/statement/7/2023 2023-03-15 Construction https://register.example.org/files/7.pdf",
		"csv:8 Fishing Ltd: statement 2022 https://fishing.example.com/statement   ",
		`csv:10 A "quoted" name on two lines: statement 2021 https://register.example.org/statement/10/2021   `,
	}
	for name, body := range map[string]string{
		"commas": table, "semicolons": strings.NewReplacer("Kilns,", "Kilns,", ",", ";").Replace(table), "tabs": strings.NewReplacer("Kilns,", "Kilns,", ",", "\t").Replace(table),
		"a mark": "\ufeff" + table, "sep=": "sep=,\n" + table, "a title above": "Register of statements\n\n" + table, "line ends": strings.ReplaceAll(table, "\n", "\r\n"),
		"other capitals": strings.Replace(table, "Statement id,Organisation", "STATEMENT  ID,organisation", 1),
	} {
		t.Run(name, func(t *testing.T) {
			got := read(open(t, config.Register{Fields: fields}), body)
			var have []string
			for _, r := range got.Records {
				file := ""
				if len(r.Documents) > 0 {
					file = r.Documents[0].URL
				}
				have = append(have, strings.Join([]string{r.NativeID, r.Title, r.URL, r.Published.Value, r.CategoryRaw, file}, " "))
			}
			if diff := cmp.Diff(want, have); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
			if len(got.Events) != 1 || got.Events[0].Outcome != harvest.NoTitle || got.Dead != "" {
				t.Errorf("events %+v, dead %q; want one row without a title", got.Events, got.Dead)
			}
		})
	}
}

// TestWholeFile: of a register of persons one record says that it exists.
func TestWholeFile(t *testing.T) {
	c := config.Register{WholeFile: true, Fields: config.JSONFields{Title: []string{"Register of employers"}, Link: []string{home + "/register"}, Summary: []string{"Employers that were found to keep people in conditions like slavery, published twice a year."}, Category: []string{"Register"}}}
	got := read(open(t, c), "Name,CPF\nSomebody Private,123\n")
	if len(got.Records) != 1 || len(got.Requests) > 0 {
		t.Fatalf("%+v", got)
	}
	if b, _ := json.Marshal(got); strings.Contains(string(b), "Somebody") {
		t.Errorf("a row is in the record: %s", b)
	}
	if r := got.Records[0]; r.Title != "Register of employers" || r.URL != home+"/register" || len(r.Documents) != 1 || r.Documents[0].SHA256 != "x" || r.NativeID == "" {
		t.Errorf("%+v", r)
	}
}

// TestEndings: what is no table, or another one.
func TestEndings(t *testing.T) {
	for name, tt := range map[string]struct{ body, dead string }{
		"a web page":     {"<!doctype html><title>Sign in</title>", "a web page is no table"},
		"a workbook":     {"PK\x03\x04rest", "another kind"},
		"nothing":        {"", "no table"},
		"one column":     {"Name\nA\nB\n", "no table"},
		"other columns":  {"Name,Address\nA,B\n", `no column "Organisation"; it has name, address`},
		"an open quote":  {strings.Replace(table, `"Kilns`, `"Kilns`+strings.Repeat("x", 2<<20), 1), ""},
		"only a heading": {"Statement id,Organisation,Year,URL\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := read(open(t, config.Register{Fields: fields}), tt.body)
			if !strings.Contains(got.Dead, tt.dead) || tt.dead == "" && got.Dead != "" {
				t.Errorf("dead %q, want %q", got.Dead, tt.dead)
			}
			if broken := name == "an open quote"; broken != (len(got.Events) == 1) {
				t.Errorf("events %+v", got.Events)
			}
		})
	}
}

// FuzzParse: any bytes.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"", table, "sep=;\n", "a;b\n\"", "\xff,\xfe\n1,2\n", "Statement id,Organisation,Year,URL\n1,\x00,2,http://[::1\n"} {
		f.Add([]byte(s), 0)
		f.Add([]byte(s), 1)
	}
	d := open(f, config.Register{Fields: fields})
	f.Fuzz(func(t *testing.T, body []byte, from int) {
		p := &harvest.Page{Request: harvest.Request{URL: home + "/a.csv", Step: fmt.Sprintf("file?from=%d", from)}, URL: home + "/a.csv", Outcome: harvest.Fetched, Body: body}
		got := d.Parse(p)
		d.Recognise(p)
		for _, r := range got.Records {
			r.ID, r.Source = "x", "register"
			if err := r.Validate(); err != nil {
				t.Errorf("record %+v: %v", r, err)
			}
		}
	})
}
