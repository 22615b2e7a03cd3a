package normalize

import (
	"testing"
	"time"
)

// Each day is the one after the last, every year begins on the day of the March
// equinox in Tehran or the one beside it, and days that almanacs name are right.
func TestHijriYears(t *testing.T) {
	first, ok := hijriDay(firstHijri, 1, 1)
	want, err := time.Parse(time.DateOnly, first.Value)
	if !ok || err != nil {
		t.Fatal(first, ok, err)
	}
	for y := firstHijri; y <= lastHijri; y++ {
		if want.Month() != time.March || want.Day() < 19 || want.Day() > 22 {
			t.Fatalf("%d begins on %s", y, want.Format(time.DateOnly))
		}
		for m := 1; m <= 12; m++ {
			for d := 1; d <= hijriLength(y, m); d++ {
				got, ok := hijriDay(y, m, d)
				if !ok || got.Value != want.Format(time.DateOnly) {
					t.Fatalf("hijriDay(%d, %d, %d) = %q, %v; want %s", y, m, d, got.Value, ok, want.Format(time.DateOnly))
				}
				want = want.AddDate(0, 0, 1)
			}
			if _, ok := hijriDay(y, m, hijriLength(y, m)+1); ok {
				t.Errorf("month %d of %d has a day too many", m, y)
			}
		}
	}
	for in, want := range map[string]string{
		"۱ فروردین ۱۴۰۳": "2024-03-20", "۱۴ اسفند ۱۳۹۹": "2021-03-04", "۲۲ بهمن ۱۳۵۷": "1979-02-11", "۱۳۹۹/۱۲/۱۴": "2021-03-04",
		"پنجشنبه ۱۴ اسفند ۱۳۹۹": "2021-03-04", "۱۴ اسفند ماه ۱۳۹۹": "2021-03-04", "۱۴ حوت ۱۳۹۹": "2021-03-04", "۳۰ اسفند ۱۳۹۹": "2021-03-20", "۳۰ اسفند ۱۴۰۰": "", "2021-03-04": "2021-03-04",
	} {
		if got, _ := Date(in, "fa"); got.Value != want {
			t.Errorf("Date(%q) = %q, want %q", in, got.Value, want)
		}
	}
	if got, ok := Date("14 Esfand 1399", "en"); ok {
		t.Errorf("of another country: %q", got.Value)
	}
}
