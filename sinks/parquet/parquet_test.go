package parquet_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	reader "github.com/parquet-go/parquet-go"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/exporttest"
	"github.com/harvest87/harvest/sinks/parquet"
)

// seen is what a reader that knows only the names sees of a record.
type seen struct {
	ID            string     `parquet:"id"`
	Title         string     `parquet:"title"`
	Summary       *string    `parquet:"summary,optional"`
	Published     *string    `parquet:"published,optional"`
	PublishedFrom *int32     `parquet:"published_from,optional,date"`
	Authors       []string   `parquet:"authors,list"`
	Documents     []document `parquet:"documents,list"`
	Provenance    *string    `parquet:"provenance,optional"`
	FirstSeen     *int64     `parquet:"first_seen,optional,timestamp(millisecond)"`
	Revision      int32      `parquet:"revision"`
}

type document struct {
	URL   string `parquet:"url"`
	Bytes *int64 `parquet:"bytes,optional"`
}

func read(t *testing.T, file []byte) []seen {
	t.Helper()
	rows, err := reader.Read[seen](bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

func check(t *testing.T, records ...harvest.Record) {
	t.Helper()
	rows := read(t, exporttest.Bytes(t, parquet.Write, records...))
	if len(rows) != len(records) {
		t.Fatalf("%d rows of %d records", len(rows), len(records))
	}
	for i := range records {
		r, got := &records[i], rows[i]
		want := seen{ID: valid(string(r.ID)), Title: valid(r.Title), Revision: int32(r.Revision), Summary: text(valid(r.Summary)), Published: text(r.Published.Value)}
		if diff := cmp.Diff([]any{want.ID, want.Title, want.Revision, want.Summary, want.Published}, []any{got.ID, got.Title, got.Revision, got.Summary, got.Published}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", r.ID, diff)
		}
		for j, a := range r.Authors {
			if len(got.Authors) != len(r.Authors) || got.Authors[j] != valid(a) {
				t.Errorf("%s: authors are %q", r.ID, got.Authors)
			}
		}
		if len(r.Provenance) > 0 && (got.Provenance == nil || !json.Valid([]byte(*got.Provenance))) {
			t.Errorf("%s: provenance is %v", r.ID, got.Provenance)
		}
	}
}

func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func TestContract(t *testing.T) { exporttest.Contract(t, parquet.Write) }

func TestAReaderGetsWhatWasWritten(t *testing.T) {
	epoch := exporttest.Minimal()
	epoch.Published = harvest.DayDate(1970, 1, 1)
	records := []harvest.Record{exporttest.Full(), exporttest.Minimal(), exporttest.Arabic(), epoch}
	check(t, records...)
	rows := read(t, exporttest.Bytes(t, parquet.Write, records...))
	var days []string
	for _, r := range rows {
		if r.PublishedFrom == nil {
			days = append(days, "")
			continue
		}
		days = append(days, time.Unix(int64(*r.PublishedFrom)*86_400, 0).UTC().Format(time.DateOnly))
	}
	if diff := cmp.Diff([]string{"2021-03-01", "", "2020-02-29", "1970-01-01"}, days); diff != "" {
		t.Errorf("first days (-want +got):\n%s", diff)
	}
	full := rows[0]
	if full.FirstSeen == nil || !time.UnixMilli(*full.FirstSeen).Equal(records[0].FirstSeen) || rows[1].FirstSeen != nil {
		t.Errorf("moments are %v and %v", full.FirstSeen, rows[1].FirstSeen)
	}
	if len(full.Documents) != 2 || *full.Documents[0].Bytes != 12345 || full.Documents[1].Bytes != nil || len(rows[1].Documents) != 0 {
		t.Errorf("documents are %+v and %+v", full.Documents, rows[1].Documents)
	}
}

func TestHostileTextStaysInItsColumn(t *testing.T) { check(t, exporttest.HostileRecords()...) }

func TestColumnsAreTypedAndCompressed(t *testing.T) {
	file := exporttest.Bytes(t, parquet.Write, exporttest.Full())
	f, err := reader.OpenFile(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"required binary id (STRING)", "optional int32 published_from (DATE)", "optional int64 first_seen (TIMESTAMP(isAdjustedToUTC=true,unit=MILLIS))",
		"required group authors (LIST)", "required group documents (LIST)", "required int32 revision",
	} {
		if !strings.Contains(f.Schema().String(), want) {
			t.Errorf("no %q in\n%s", want, f.Schema())
		}
	}
	for _, c := range f.Metadata().RowGroups[0].Columns {
		if c.MetaData.Codec.String() != "ZSTD" {
			t.Errorf("%v is compressed with %v", c.MetaData.PathInSchema, c.MetaData.Codec)
		}
	}
}

// TestRowGroupsBoundMemory looks at what a group holds, rather than at the heap.
func TestRowGroupsBoundMemory(t *testing.T) {
	var many, heavy []harvest.Record
	for i := range parquet.GroupRows + 1 {
		r := exporttest.Minimal()
		r.ID = harvest.RecordID(fmt.Sprintf("test:%d", i))
		many = append(many, r)
	}
	for range 5 {
		r := exporttest.Minimal()
		r.Summary = strings.Repeat("x", parquet.GroupBytes/2)
		heavy = append(heavy, r)
	}
	for _, tt := range []struct {
		records []harvest.Record
		groups  int
	}{{many, 2}, {heavy, 3}} {
		file := exporttest.Bytes(t, parquet.Write, tt.records...)
		f, err := reader.OpenFile(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			t.Fatal(err)
		}
		if got := len(f.RowGroups()); got != tt.groups {
			t.Errorf("%d records are in %d groups, want %d", len(tt.records), got, tt.groups)
		}
	}
}

func FuzzWrite(f *testing.F) {
	exporttest.Seeds(f)
	f.Fuzz(func(t *testing.T, text string) { check(t, exporttest.With("test:1", text), exporttest.Minimal()) })
}

func BenchmarkWrite(b *testing.B)   { exporttest.Benchmark(b, parquet.Write) }
func BenchmarkMillion(b *testing.B) { exporttest.Million(b, parquet.Write) }
