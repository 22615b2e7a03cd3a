package normalize

import (
	"testing"
	"time"
)

// Every year has 365 or 366 days and begins in the middle of April, and each day
// is the one after the last.
func TestBikramYears(t *testing.T) {
	if n := len(bikramYears); n != lastBikram-firstBikram+1 {
		t.Fatalf("%d years, want %d", n, lastBikram-firstBikram+1)
	}
	want := bikramStart
	for y := firstBikram; y <= lastBikram; y++ {
		if want.Month() != time.April || want.Day() < 13 || want.Day() > 15 {
			t.Errorf("%d begins on %s", y, want.Format(time.DateOnly))
		}
		days := 0
		for m := 1; m <= 12; m++ {
			n := bikramLength(bikramYears[y-firstBikram], m-1)
			if n < 29 || n > 32 {
				t.Errorf("month %d of %d has %d days", m, y, n)
			}
			for d := 1; d <= n; d++ {
				got, ok := bikramDay(y, m, d)
				if !ok || got.Value != want.Format(time.DateOnly) {
					t.Fatalf("bikramDay(%d, %d, %d) = %q, %v; want %s", y, m, d, got.Value, ok, want.Format(time.DateOnly))
				}
				want = want.AddDate(0, 0, 1)
			}
			if _, ok := bikramDay(y, m, n+1); ok {
				t.Errorf("month %d of %d has a day %d", m, y, n+1)
			}
			days += n
		}
		if days != 365 && days != 366 {
			t.Errorf("%d has %d days", y, days)
		}
	}
	if got := want.Format(time.DateOnly); got != "2027-04-14" {
		t.Errorf("%d begins on %s", lastBikram+1, got)
	}
}
