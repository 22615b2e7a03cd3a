package config_test

import (
	"testing"
	"time"

	"github.com/harvest87/harvest/config"
)

func TestWindow(t *testing.T) {
	for text, want := range map[string]string{
		"mon-fri 08:00-18:00":     "mon-fri 08:00-18:00",
		"Mon,Wed 8:00 - 9:30":     "mon,wed 08:00-09:30",
		"22:00-06:00":             "22:00-06:00",
		"00:00-24:00":             "00:00-24:00",
		"sat,sun":                 "sat-sun",
		"sat-mon":                 "mon,sat-sun",
		"sun":                     "sun",
		"mon-sun 01:00-02:00":     "01:00-02:00",
		"fri-mon, wed 1:00-24:00": "mon,wed,fri-sun 01:00-24:00",
	} {
		w, err := config.ParseWindow(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if w.String() != want {
			t.Errorf("%q becomes %q, want %q", text, w, want)
		}
		if again, err := config.ParseWindow(w.String()); err != nil || again != w {
			t.Errorf("%q is read back as %v (%v)", w, again, err)
		}
	}
	for _, text := range []string{"", "mo-fr", "8-18", "08:00", "mon 24:00-08:00", "08:60-09:00", "mon-fri 08:00-08:00", "mon-fri 08:00-18:00 x", "1,2"} {
		if w, err := config.ParseWindow(text); err == nil {
			t.Errorf("%q is read as %v", text, w)
		}
	}
}

func TestWindowHolds(t *testing.T) {
	w, err := config.ParseWindow("fri 22:00-06:00")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]time.Duration{ // 2026-03-06 is a Friday
		"2026-03-06 21:59:59": -1, "2026-03-06 22:00:00": 8 * time.Hour, "2026-03-07 00:00:00": 6 * time.Hour,
		"2026-03-07 05:59:59": time.Second, "2026-03-07 06:00:00": -1, "2026-03-06 03:00:00": -1, "2026-03-07 22:00:00": -1,
	} {
		at, err := time.Parse(time.DateTime, text)
		if err != nil {
			t.Fatal(err)
		}
		since, left, ok := w.Holds(at)
		if ok != (want >= 0) || ok && (left != want || since+left != 8*time.Hour) {
			t.Errorf("%s: open since %s, for %s, %v; want %s", text, since, left, ok, want)
		}
	}
}

// "@every" comes at moments that nothing but its length decides.
func TestEvery(t *testing.T) {
	every, err := config.ParseCron("@every 6h")
	if err != nil {
		t.Fatal(err)
	}
	for after, want := range map[int64]int64{0: 21600, -1: 0, -21600: 0, -21601: -21600, 21599: 21600, 21600: 43200} {
		if got := every.Next(time.Unix(after, 0)).Unix(); got != want {
			t.Errorf("after %d comes %d, want %d", after, got, want)
		}
	}
}
