package archive_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest/crawler/archive"
	"github.com/harvest87/harvest/crawler/fetch"
)

// noise is text that does not compress, the same for the same seed.
func noise(seed uint64, n int) string {
	r := rand.New(rand.NewPCG(seed, 1))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('!' + r.IntN(90))
	}
	return string(b)
}

func bytesOf(t *testing.T, root string) (sum int64) {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(root, string(source), "*.warc.gz"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range all {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		sum += info.Size()
	}
	return sum
}

// A page that has not changed for a year and was seen yesterday is not old.
func TestAgeCountsFromTheLastVisit(t *testing.T) {
	root := t.TempDir()
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	keep(t, root, archive.Options{}, page("steady", day(0), "steady"), page("gone", day(0), "gone"), page("changed", day(0), "before"))
	keep(t, root, archive.Options{}, unchanged("steady", day(80)), page("changed", day(80), "after"))
	keep(t, root, archive.Options{Limits: archive.Limits{MaxAge: 90 * 24 * time.Hour}}, unchanged("steady", day(100)))
	want := `changed 2026-05-20 200 response 5
steady 2026-03-01 200 response 6
steady 2026-05-20 304 revisit 0
steady 2026-06-09 304 revisit 0
`
	if diff := cmp.Diff(want, listing(t, open(t, root))); diff != "" {
		t.Errorf("captures (-want +got):\n%s", diff)
	}
	if got := bodyOf(open(t, root), "steady", time.Time{}); got != "steady" {
		t.Errorf("the steady page is %q", got)
	}
	if _, err := archive.At(root, source).Prune(context.Background(), archive.Limits{MaxAge: time.Hour}, day(300)); err != nil {
		t.Fatal(err)
	}
	if got := listing(t, open(t, root)); got != "" {
		t.Errorf("after 300 days without a visit:\n%s", got)
	}
}

// Of what is too large the versions go first that a newer one has replaced, and
// then the pages that were not seen for longest.
func TestSizeTakesOldVersionsFirst(t *testing.T) {
	root := t.TempDir()
	for n := range 6 {
		var answers []*fetch.Kept
		at := noon.AddDate(0, 0, n)
		for p := range 4 {
			answers = append(answers, page(fmt.Sprint("p", p), at, noise(uint64(n*10+p), 10_000)))
		}
		answers = append(answers, page(fmt.Sprint("only", n), at, noise(uint64(900+n), 10_000)))
		keep(t, root, archive.Options{}, answers...)
	}
	before := bytesOf(t, root)
	limit := int64(110_000)
	gone, err := archive.At(root, source).Prune(context.Background(), archive.Limits{MaxSize: limit}, noon.AddDate(0, 0, 6))
	if err != nil {
		t.Fatal(err)
	}
	after := bytesOf(t, root)
	if after > limit || before-after != gone.Bytes || gone.Captures == 0 {
		t.Errorf("%d octets of %d are left, limit %d, told %+v", after, before, limit, gone)
	}
	r := open(t, root)
	for p := range 4 {
		if got := bodyOf(r, fmt.Sprint("p", p), time.Time{}); got != noise(uint64(50+p), 10_000) {
			t.Errorf("the newest version of p%d is %.30q", p, got)
		}
	}
	if got := bodyOf(r, "only5", time.Time{}); got != noise(905, 10_000) {
		t.Errorf("the page seen last is %.30q", got)
	}
	if _, err := archive.At(root, source).Prune(context.Background(), archive.Limits{MaxSize: 40_000}, noon); err != nil {
		t.Fatal(err)
	}
	if n := bytesOf(t, root); n > 40_000 {
		t.Errorf("%d octets are left of 40000", n)
	}
	if got := bodyOf(open(t, root), "only0", time.Time{}); got != fetch.ErrNotKept.Error() {
		t.Errorf("a page that was seen long ago is still %.30q", got)
	}
}

// What is forgotten is in no file any more, in no index, and does not come back.
func TestForget(t *testing.T) {
	root := t.TempDir()
	secret := "a person's name: " + noise(1, 50)
	keep(t, root, archive.Options{}, page("a", noon, "one"), page("person/42", noon, secret), page("b", noon, "two"), page("list", noon, secret))
	keep(t, root, archive.Options{}, unchanged("person/42", noon.Add(time.Hour)), unchanged("b", noon.Add(time.Hour)))
	gone, err := archive.At(root, source).Forget(context.Background(), []string{base + "person/42", base + "not-there"}, []string{base + "list"})
	if err != nil || gone.Captures != 3 || gone.Files != 2 {
		t.Fatalf("%+v, %v", gone, err)
	}
	keep(t, root, archive.Options{}, page("person/42", noon.Add(2*time.Hour), secret), page("c", noon.Add(2*time.Hour), "three"), page("list", noon.Add(2*time.Hour), "shorter"))
	r := open(t, root)
	for path, want := range map[string]string{"a": "one", "b": "two", "c": "three", "list": "shorter", "person/42": fetch.ErrNotKept.Error()} {
		if got := bodyOf(r, path, time.Time{}); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
	for _, text := range everything(t, root) {
		if strings.Contains(text, "person") {
			t.Errorf("still there: %.200q", text)
		}
	}
	verified, err := archive.At(root, source).Verify(context.Background())
	if err != nil || slices.ContainsFunc(verified, func(v archive.Verified) bool { return len(v.Damaged) > 0 }) {
		t.Errorf("%+v, %v", verified, err)
	}
}

func TestManyFilesAreMerged(t *testing.T) {
	root := t.TempDir()
	n := archive.MaxMerged*2 + 3
	var answers []*fetch.Kept
	for i := range n {
		answers = append(answers, page(fmt.Sprintf("p%d", i%50), noon.Add(time.Duration(i)*time.Second), fmt.Sprint("version ", i)))
	}
	keep(t, root, archive.Options{}.Small(1), answers...)
	r := open(t, root)
	if got := strings.Count(listing(t, r), "\n"); got != n {
		t.Errorf("%d captures of %d", got, n)
	}
	for p := range 50 {
		newest := (n-1-p)/50*50 + p
		if got, want := bodyOf(r, fmt.Sprintf("p%d", p), time.Time{}), fmt.Sprint("version ", newest); got != want {
			t.Errorf("p%d is %q, want %q", p, got, want)
		}
	}
}
