package harvest_test

import (
	"testing"
	"time"

	"github.com/harvest87/harvest"
)

// trials are doors of a run, "-" before those that it passed over.
func trials(names ...string) []harvest.DoorTrial {
	var out []harvest.DoorTrial
	for _, name := range names {
		if name[0] == '-' {
			out = append(out, harvest.DoorTrial{Door: name[1:], Reason: "404"})
		} else {
			out = append(out, harvest.DoorTrial{Door: name, Used: true})
		}
	}
	return out
}

// A run knows which of the doors that it passed over have worked before, however
// many runs ago, and when.
func TestLostDoor(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 3, n, 4, 0, 0, 0, time.UTC) }
	tests := []struct {
		name string
		runs [][]harvest.DoorTrial // one a day, the oldest first
		want string                // the lost door of the last
		when time.Time
	}{
		{"never worked", [][]harvest.DoorTrial{trials("-wordpress", "listing"), trials("-wordpress", "listing")}, "", time.Time{}},
		{"stops", [][]harvest.DoorTrial{trials("wordpress"), trials("-wordpress", "listing")}, "wordpress", day(1)},
		{"has stopped", [][]harvest.DoorTrial{trials("wordpress"), trials("wordpress"), trials("-wordpress", "listing"), trials("-wordpress", "listing")}, "wordpress", day(2)},
		{"works again", [][]harvest.DoorTrial{trials("wordpress"), trials("-wordpress", "listing"), trials("wordpress")}, "", time.Time{}},
		{"the second of a kind", [][]harvest.DoorTrial{trials("-listing", "listing"), trials("-listing", "-listing", "links")}, "listing", day(1)},
		{"the file has another before it", [][]harvest.DoorTrial{trials("listing"), trials("-feed", "-listing", "links")}, "listing", day(1)},
		{"the file has it no more", [][]harvest.DoorTrial{trials("wordpress"), trials("listing")}, "", time.Time{}},
		{"none works", [][]harvest.DoorTrial{trials("wordpress"), trials("-wordpress", "-listing")}, "", time.Time{}},
		{"a run without any between", [][]harvest.DoorTrial{trials("wordpress"), trials("-wordpress", "-listing"), trials("-wordpress", "listing")}, "wordpress", day(1)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var runs []harvest.Run // the newest first
			for i, doors := range tt.runs {
				run := harvest.Run{State: harvest.RunPassed, EndedAt: day(i + 1), Doors: doors}
				run.RememberDoors(runs[:min(len(runs), 1)]) // one is enough, for it knows of those before
				runs = append([]harvest.Run{run}, runs...)
			}
			got := runs[0].LostDoor()
			if tt.want == "" {
				if got != nil {
					t.Errorf("%s is lost", got.Door)
				}
				return
			}
			if got == nil || got.Door != tt.want || !got.Worked.Equal(tt.when) || got.Reason != "404" {
				t.Errorf("lost is %+v, want %s since %s", got, tt.want, tt.when)
			}
		})
	}
}

// What was read from the archive, and a run that did not end, say nothing of doors.
func TestLostDoorOfOtherRuns(t *testing.T) {
	for _, before := range []harvest.Run{{State: harvest.RunPassed, Replay: true}, {State: harvest.RunInterrupted}} {
		before.Doors, before.EndedAt = trials("wordpress"), time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		run := harvest.Run{State: harvest.RunPassed, Doors: trials("-wordpress", "listing")}
		if run.RememberDoors([]harvest.Run{before}); run.LostDoor() != nil {
			t.Errorf("%+v tells of a door", before)
		}
	}
}
