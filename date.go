package harvest

import (
	"fmt"
	"time"
)

// Precision says how much of a [Date] is known. The zero value means that
// nothing is known.
type Precision string

// The precisions, from coarse to fine.
const (
	PrecisionYear  Precision = "year"
	PrecisionMonth Precision = "month"
	PrecisionDay   Precision = "day"
)

// Date is a calendar date that keeps its precision: "2021", "2021-03" or
// "2021-03-15" (ISO 8601-1:2019 reduced precision, EDTF level 0). The zero
// value means unknown. Dates have no time zone: they are what the publisher
// printed.
type Date struct {
	Value     string    `json:"value,omitempty" bson:"value,omitempty"`
	Precision Precision `json:"precision,omitempty" bson:"precision,omitempty"`
}

// YearDate returns a date known to the year. Years outside 1–9999 give the zero Date.
func YearDate(year int) Date {
	if year < 1 || year > 9999 {
		return Date{}
	}
	return Date{fmt.Sprintf("%04d", year), PrecisionYear}
}

// MonthDate returns a date known to the month, or the zero Date when there is no such month.
func MonthDate(year int, month time.Month) Date {
	if YearDate(year).IsZero() || month < time.January || month > time.December {
		return Date{}
	}
	return Date{fmt.Sprintf("%04d-%02d", year, month), PrecisionMonth}
}

// DayDate returns a date known to the day, or the zero Date when the calendar
// has no such day (2021-02-30 is refused, not rolled over).
func DayDate(year int, month time.Month, day int) Date {
	if MonthDate(year, month).IsZero() {
		return Date{}
	}
	if t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC); t.Day() != day || t.Month() != month {
		return Date{}
	}
	return Date{fmt.Sprintf("%04d-%02d-%02d", year, month, day), PrecisionDay}
}

// ParseDate reads the form that [Date.Value] has. It accepts nothing else;
// dates as people write them are the work of parsers/normalize.
func ParseDate(s string) (Date, error) {
	for layout, make := range map[string]func(time.Time) Date{
		"2006":       func(t time.Time) Date { return YearDate(t.Year()) },
		"2006-01":    func(t time.Time) Date { return MonthDate(t.Year(), t.Month()) },
		"2006-01-02": func(t time.Time) Date { return DayDate(t.Year(), t.Month(), t.Day()) },
	} {
		if t, err := time.Parse(layout, s); err == nil {
			return make(t), nil
		}
	}
	return Date{}, fmt.Errorf("date %q is not of the form 2021, 2021-03 or 2021-03-15", s)
}

// IsZero reports whether the date is unknown.
func (d Date) IsZero() bool { return d.Value == "" }

// String returns the value, empty when unknown.
func (d Date) String() string { return d.Value }

// Year returns the year, 0 when unknown.
func (d Date) Year() int {
	var y int
	if len(d.Value) < 4 {
		return 0
	}
	for _, c := range d.Value[:4] {
		if c < '0' || c > '9' {
			return 0
		}
		y = y*10 + int(c-'0')
	}
	return y
}

// FirstDay is the first day that the date can mean, "2021-01-01" for "2021";
// empty when unknown.
func (d Date) FirstDay() string {
	const january1 = "0000-01-01"
	if d.IsZero() || len(d.Value) > len(january1) {
		return ""
	}
	return d.Value + january1[len(d.Value):]
}

// Finer reports whether d says more than other: other is unknown, or d is the
// same date with more precision (2021-03-15 against 2021-03).
func (d Date) Finer(other Date) bool {
	return len(d.Value) > len(other.Value) && d.Value[:len(other.Value)] == other.Value
}
