package xlsx

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"iter"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/citation"
	"github.com/harvest87/harvest/sinks/csv"
	"github.com/harvest87/harvest/sinks/exporttest"
)

// read gives the rows of a sheet as maps from column to cell.
func read(t *testing.T, workbook []byte, sheet string) []map[string]string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(workbook))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for y, row := range rows[1:] {
		cells := make(map[string]string)
		for x, text := range row {
			name, err := excelize.CoordinatesToCellName(x+1, y+2)
			if err != nil {
				t.Fatal(err)
			}
			if formula, err := f.GetCellFormula(sheet, name); err != nil || formula != "" {
				t.Errorf("%s is the formula %q (%v)", name, formula, err)
			}
			if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
				t.Errorf("%s would be a formula in a table: %q", name, text)
			}
			cells[rows[0][x]] = text
		}
		out = append(out, cells)
	}
	return out
}

func check(t *testing.T, records ...harvest.Record) {
	t.Helper()
	rows := read(t, exporttest.Bytes(t, Write, records...), "Records")
	if len(rows) != len(records) {
		t.Fatalf("%d rows of %d records", len(rows), len(records))
	}
	for i := range records {
		for _, c := range csv.Columns() {
			want := cell(c.Text(&records[i]))
			if got := rows[i][c.Name]; got != want {
				t.Errorf("%s: %s is %q, want %q", records[i].ID, c.Name, got, want)
			}
		}
	}
}

func TestContract(t *testing.T) { exporttest.Contract(t, Write) }

func TestMemoryIsFlat(t *testing.T) {
	r := exporttest.Minimal()
	r.Summary = strings.Repeat("x", 30_000)
	exporttest.FlatFor(t, Write, r, 1_500, 3_500)
}

func TestASpreadsheetGetsWhatWasWritten(t *testing.T) {
	check(t, exporttest.Full(), exporttest.Minimal(), exporttest.Arabic())
	columns := read(t, exporttest.Bytes(t, Write), "Columns")
	if len(columns) != len(csv.Columns()) || columns[0]["means"] == "" {
		t.Errorf("the columns are not explained: %v", columns)
	}
}

func TestHostileTextStaysInItsCell(t *testing.T) { check(t, exporttest.HostileRecords()...) }

func TestRecordsGoOnInTheNextSheet(t *testing.T) {
	var all []harvest.Record
	for range 5 {
		all = append(all, exporttest.Minimal())
	}
	workbook := exporttest.Bytes(t, func(ctx context.Context, w io.Writer, r iter.Seq2[harvest.Record, error]) (int, error) {
		return write(ctx, w, r, 3, maxOctets)
	}, all...)
	var got []int
	for _, sheet := range []string{"Records", "Records 2", "Records 3"} {
		got = append(got, len(read(t, workbook, sheet)))
	}
	if diff := cmp.Diff([]int{2, 2, 1}, got); diff != "" {
		t.Errorf("rows of the sheets (-want +got):\n%s", diff)
	}
}

func TestSheetsStayBelowZIP64(t *testing.T) {
	r := exporttest.Minimal()
	r.Summary = strings.Repeat("<&>\"'\n", 1_000)
	const most = 100_000
	workbook := exporttest.Bytes(t, func(ctx context.Context, w io.Writer, rs iter.Seq2[harvest.Record, error]) (int, error) {
		return write(ctx, w, rs, MaxRows, most)
	}, r, r, r, r, r)
	z, err := zip.NewReader(bytes.NewReader(workbook), int64(len(workbook)))
	if err != nil {
		t.Fatal(err)
	}
	const frame = 4_000 // what stands around the rows, and the header
	for _, f := range z.File {
		if strings.HasPrefix(f.Name, "xl/worksheets/sheet") && f.UncompressedSize64 > most+frame {
			t.Errorf("%s has %d octets", f.Name, f.UncompressedSize64)
		}
	}
	var rows []int
	for _, sheet := range []string{"Records", "Records 2", "Records 3"} {
		rows = append(rows, len(read(t, workbook, sheet)))
	}
	if diff := cmp.Diff([]int{2, 2, 1}, rows); diff != "" {
		t.Errorf("rows of the sheets (-want +got):\n%s", diff)
	}
}

// pieces counts octets, and keeps the most that came at once.
type pieces struct{ all, most int }

func (p *pieces) Write(b []byte) (int, error) {
	p.all += len(b)
	p.most = max(p.most, len(b))
	return len(b), nil
}

func TestIsPackedPieceByPiece(t *testing.T) {
	noise := rand.New(rand.NewPCG(8, 7))
	var out pieces
	const records = 400
	n, err := Write(t.Context(), &out, func(yield func(harvest.Record, error) bool) {
		r := exporttest.Minimal()
		text := make([]byte, 20_000)
		for range records {
			for i := range text {
				text[i] = byte('A' + noise.IntN(26))
			}
			r.Summary = string(text)
			if !yield(r, nil) {
				return
			}
		}
	})
	if err != nil || n != records {
		t.Fatalf("wrote %d: %v", n, err)
	}
	if out.all < 4<<20 || out.most > 64<<10 {
		t.Errorf("%d octets come with up to %d at once", out.all, out.most)
	}
}

func TestLongTextIsCutWhereACellEnds(t *testing.T) {
	for _, tt := range []struct {
		text string
		cut  bool
	}{
		{strings.Repeat("a", MaxCell), false},
		{strings.Repeat("a", MaxCell+1), true},
		{strings.Repeat("é", MaxCell), false},
		{strings.Repeat("é", MaxCell+1), true},
		{strings.Repeat("😀", MaxCell/2), false},
		{strings.Repeat("😀", MaxCell/2+1), true},
	} {
		got := cell(tt.text)
		if units := len(utf16.Encode([]rune(got))); units > MaxCell || tt.cut && units < MaxCell-1 || strings.HasSuffix(got, "…") != tt.cut {
			t.Errorf("%.4q… of %d octets: %d units, ends in %q", tt.text, len(tt.text), units, got[len(got)-4:])
		}
	}
}

func FuzzCell(f *testing.F) {
	exporttest.Seeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		if got := csv.Unguard(cell(text)); len(text) < MaxCell && got != citation.Text(text) {
			t.Errorf("%q comes back as %q", text, got)
		}
	})
}

func BenchmarkMillion(b *testing.B) { exporttest.Million(b, Write) }
