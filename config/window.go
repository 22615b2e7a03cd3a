package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Window is a time that comes each week, by clocks on the wall: on each of its
// days from one time of the day to another, which lies on the next day when it
// is not later.
type Window struct {
	Days     [7]bool       // by [time.Weekday]
	From, To time.Duration // since midnight, whole minutes, less than 24h; To may be 24h
}

// Holds reports whether the window is open when clocks show that time; where
// the clock stands in t counts, not its zone. It also says how long it has
// been open by these clocks, and for how long it will be.
func (w Window) Holds(t time.Time) (since, left time.Duration, ok bool) {
	length := w.To - w.From
	if length <= 0 {
		length += 24 * time.Hour
	}
	clock := time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute + time.Duration(t.Second())*time.Second + time.Duration(t.Nanosecond())
	for back := range 2 { // it began today, or yesterday
		since = clock - w.From + time.Duration(back)*24*time.Hour
		day := (int(t.Weekday()) + 7 - back) % 7
		if w.Days[day] && since >= 0 && since < length {
			return since, length - since, true
		}
	}
	return 0, 0, false
}

var windowForm = regexp.MustCompile(`^(?:([a-zA-Z, -]*[a-zA-Z])\s*)?(?:(\d{1,2}):(\d\d)\s*-\s*(\d{1,2}):(\d\d))?$`)

var dayNames = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// ParseWindow reads a window: "mon-fri 08:00-18:00", "22:00-06:00" for every
// day, "sat,sun" for whole days.
func ParseWindow(text string) (Window, error) {
	w, f := parseWindow(text)
	if !f.isZero() {
		return Window{}, fmt.Errorf("window %s", f.what)
	}
	return w, nil
}

const windowWant = `a time of the week such as "mon-fri 08:00-18:00", "22:00-06:00" or "sat,sun"`

func parseWindow(text string) (Window, fault) {
	m := windowForm.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil || strings.TrimSpace(text) == "" {
		return Window{}, notA(text, windowWant, "")
	}
	w := Window{To: 24 * time.Hour}
	if m[2] != "" {
		var ok bool
		if w.From, ok = clockTime(m[2], m[3]); !ok || w.From == 24*time.Hour {
			return Window{}, notA(text, windowWant, m[2]+":"+m[3]+" is no time of the day")
		}
		if w.To, ok = clockTime(m[4], m[5]); !ok {
			return Window{}, notA(text, windowWant, m[4]+":"+m[5]+" is no time of the day")
		}
		if w.From == w.To {
			return Window{}, fault{show(text) + " begins when it ends", "leave the times out for whole days"}
		}
	}
	if m[1] == "" {
		w.Days = [7]bool{true, true, true, true, true, true, true}
		return w, fault{}
	}
	for part := range strings.SplitSeq(strings.ToLower(m[1]), ",") {
		first, last, isRange := strings.Cut(strings.TrimSpace(part), "-")
		from, to := slices.Index(dayNames, strings.TrimSpace(first)), slices.Index(dayNames, strings.TrimSpace(last))
		if !isRange {
			to = from
		}
		if from < 0 || to < 0 {
			return Window{}, notA(text, windowWant, "days are "+strings.Join(append(dayNames[1:len(dayNames):len(dayNames)], dayNames[0]), ", "))
		}
		for day := from; ; day = (day + 1) % 7 {
			w.Days[day] = true
			if day == to {
				break
			}
		}
	}
	return w, fault{}
}

func clockTime(hour, minute string) (time.Duration, bool) {
	var h, m int
	if _, err := fmt.Sscanf(hour+" "+minute, "%d %d", &h, &m); err != nil || m > 59 || h > 24 || h == 24 && m > 0 {
		return 0, false
	}
	return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute, true
}

// String is the window as a file says it.
func (w Window) String() string {
	var days []string
	name := func(i int) string { return dayNames[(i+1)%7] } // a week begins on Monday
	for i := 0; i < 7; i++ {
		if !w.Days[(i+1)%7] {
			continue
		}
		first := i
		for i+1 < 7 && w.Days[(i+2)%7] {
			i++
		}
		if i > first {
			days = append(days, name(first)+"-"+name(i))
		} else {
			days = append(days, name(i))
		}
	}
	text := strings.Join(days, ",")
	if text == "mon-sun" {
		text = ""
	}
	if w.From == 0 && w.To == 24*time.Hour && text != "" {
		return text
	}
	clock := func(d time.Duration) string { return fmt.Sprintf("%02d:%02d", int(d.Hours()), int(d.Minutes())%60) }
	return strings.TrimSpace(text + " " + clock(w.From) + "-" + clock(w.To))
}

func window() kind[Window] {
	return single("time of the week", windowWant, func(_ *walker, text string) (Window, fault) { return parseWindow(text) }, Window.String)
}

// wholeWeek reports whether the windows leave no time at all.
func wholeWeek(windows []Window) bool {
	if len(windows) == 0 {
		return false
	}
	at := time.Date(2026, 1, 4, 0, 0, 0, 0, time.UTC) // any week will do
	for end := at.AddDate(0, 0, 7); at.Before(end); {
		var left time.Duration
		for _, w := range windows {
			if _, l, ok := w.Holds(at); ok {
				left = max(left, l)
			}
		}
		if left == 0 {
			return false
		}
		at = at.Add(left)
	}
	return true
}
