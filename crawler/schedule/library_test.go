package schedule_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest/config"
)

// TestWhatTheLibraryDoesWhenClocksChange records what github.com/robfig/cron/v3
// does by itself in such nights, which is why this package asks it in a zone
// whose clocks never change: a tick in the skipped hour is lost, and one in the
// repeated hour comes twice when it is asked in between.
func TestWhatTheLibraryDoesWhenClocksChange(t *testing.T) {
	tests := []struct {
		name, cron, after string
		want              []string
	}{
		{
			"spring: the night has no run", "30 2 * * *", "2026-03-28 12:00:00 +0100",
			[]string{"2026-03-30 02:30:00 +0200", "2026-03-31 02:30:00 +0200"},
		},
		{
			"autumn: once when asked from before", "30 2 * * *", "2026-10-24 12:00:00 +0200",
			[]string{"2026-10-25 02:30:00 +0200", "2026-10-25 02:30:00 +0100"},
		},
	}
	berlin := zone(t, "Europe/Berlin")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			line, err := config.ParseCron(tt.cron)
			if err != nil {
				t.Fatal(err)
			}
			after := at(t, tt.after).In(berlin)
			var got []string
			for range tt.want {
				after = line.Next(after)
				got = append(got, after.Format(layout))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
