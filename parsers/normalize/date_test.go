package normalize_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
)

func TestDate(t *testing.T) {
	tests := []struct{ text, lang, want string }{
		{"2021-03-15", "", "2021-03-15"},
		{"2021-03-15T23:30:00-05:00", "", "2021-03-15"},
		{"2021-03-15 10:00:00", "", "2021-03-15"},
		{"2021/03/15", "", "2021-03-15"},
		{"20210315", "", "2021-03-15"},
		{"2021-03", "", "2021-03"},
		{"2021", "", "2021"},
		{"Mon, 15 Mar 2021 10:00:00 GMT", "", "2021-03-15"},
		{"Mon Mar 15 10:00:00 UTC 2021", "", "2021-03-15"},
		{"15 March 2021", "en", "2021-03-15"},
		{"15th of March, 2021", "en", "2021-03-15"},
		{"Published: 28th March 2023", "en", "2023-03-28"},
		{"March 15, 2021", "en", "2021-03-15"},
		{"Mar. 15, 2021 10:30 am", "en", "2021-03-15"},
		{"March 2021", "en", "2021-03"},
		{"Updated on Monday 15 March 2021 at 10:00", "en", "2021-03-15"},
		{"15 mars 2021", "fr", "2021-03-15"},
		{"1er août 2020", "fr", "2020-08-01"},
		{"15 de marzo de 2021", "es", "2021-03-15"},
		{"15 de março de 2021", "pt", "2021-03-15"},
		{"15. März 2021", "de", "2021-03-15"},
		{"15 marzo 2021", "it", "2021-03-15"},
		{"15 maart 2021", "nl", "2021-03-15"},
		{"15 марта 2021 г.", "ru", "2021-03-15"},
		{"15 березня 2021 року", "uk", "2021-03-15"},
		{"15 marca 2021", "pl", "2021-03-15"},
		{"2021. március 15.", "hu", "2021-03-15"},
		{"15 Mart 2021", "tr", "2021-03-15"},
		{"15 Maret 2021", "id", "2021-03-15"},
		{"15 مارس 2021", "ar", "2021-03-15"},
		{"١٥ مارس ٢٠٢١", "ar", "2021-03-15"},
		{"15 آذار/مارس 2021", "ar", "2021-03-15"},
		{"15 كانون الثاني 2021", "ar", "2021-01-15"},
		{"۱۵ مارس ۲۰۲۱", "fa", "2021-03-15"},
		{"१५ मार्च २०२१", "ne", "2021-03-15"},
		{"१५ मार्च २०२१", "hi", "2021-03-15"},
		{"2021年3月15日", "zh", "2021-03-15"},
		{"2021年3月", "ja", "2021-03"},
		{"2021년 3월 15일", "ko", "2021-03-15"},
		{"令和3年3月15日", "ja", "2021-03-15"},
		{"平成元年1月8日", "ja", "1989-01-08"},
		{"更新日:令和3年3月", "ja", "2021-03"},
		{"民國110年3月15日", "zh", "2021-03-15"},
		{"Mar 15 '21", "en", "2021-03-15"},
		{"15 Mar ’21", "en", "2021-03-15"},
		{"২০:১৫, ৪ ঠা মে ২০২০", "bn", "2020-05-04"},
		{"ngày 15 tháng 3 năm 2021", "vi", "2021-03-15"},
		{"15 มีนาคม 2564", "th", "2021-03-15"},
		{"15 листопада 2020", "uk", "2020-11-15"},
		{"15 listopada 2020", "hr", "2020-10-15"},
		{"15 listopada 2020", "pl", "2020-11-15"},
		{"31/12/2020", "", "2020-12-31"},
		{"12/31/2020", "", "2020-12-31"},
		{"15/03/2021", "fr", "2021-03-15"},
		{"05/03/2021", "fr", "2021-03-05"},
		{"05/03/2021", "en-GB", "2021-03-05"},
		{"05/03/2021", "en-US", "2021-05-03"},
		{"05.03.2021", "", "2021-03-05"},
		{"05-03-21", "es", "2021-03-05"},
		{"03/2021", "en", "2021-03"},
		{"15 Mar 21", "en", "2021-03-15"},

		// Refused.
		{"05/03/2021", "", ""},
		{"05/03/2021", "en", ""},
		{"15 listopada 2020", "", ""}, // October in Croatian, November in Polish
		{"१ बैशाख २००७", "ne", "1950-04-13"},
		{"१५ वैशाख २०७८", "ne", "2021-04-28"},
		{"२०८१ असोज ४ गते शुक्रबार", "ne", "2024-09-20"},
		{"Baisakh 1, 2081", "en-NP", "2024-04-13"},
		{"15 चैत 2073", "ne", "2017-03-28"},
		{"२०७३-१२-१५", "ne", "2017-03-28"},
		{"2073/12/15", "ne", "2017-03-28"},
		{"32 जेठ 2080", "ne", "2023-06-15"},
		{"2021-03-15", "ne", "2021-03-15"},
		{"2021-03-15T10:00:00+05:45", "ne", "2021-03-15"},
		{"१५ मार्च २०२१", "ne", "2021-03-15"},
		{"30 February 2021", "en", ""},
		{"2021-02-30", "", ""},
		{"3 days ago", "en", ""},
		{"yesterday", "en", ""},
		{"15 March", "en", ""},
		{"3 March 2021 – 5 March 2021", "en", ""},
		{"2021-03-15 / 2021-03-16", "", ""},
		{"Chapter 12", "en", ""},
		{"ISBN 2021-1234", "", ""},
		{"Report 2021", "en", ""},
		{"10:30", "en", ""},
		{"0000-00-00", "", ""},
		{"9999-01-01", "", ""},
		{"15 वैशाख 2078", "hi", ""}, // a month of another calendar
		{"वैशाख 2078", "ne", ""},    // spans April and May
		{"33 जेठ 2080", "ne", ""},
		{"15 Baisakh 2078", "en", ""},
		{"15 वैशाख 2084", "ne", ""}, // not told alike by published tables
		{"", "en", ""},
	}
	for _, tt := range tests {
		d, ok := normalize.Date(tt.text, tt.lang)
		if d.Value != tt.want || ok != (tt.want != "") {
			t.Errorf("Date(%q, %q) = %q, %v; want %q", tt.text, tt.lang, d.Value, ok, tt.want)
		}
		if !ok {
			continue
		}
		if again, err := harvest.ParseDate(d.Value); err != nil || again != d {
			t.Errorf("Date(%q, %q) = %+v, which ParseDate reads as %+v, %v", tt.text, tt.lang, d, again, err)
		}
	}
}

func TestDates(t *testing.T) {
	got := normalize.Dates("Published 13/04/2021 by J. Doe | Last updated: 5 May 2021", "en")
	want := []normalize.Printed{
		{Date: harvest.Date{Value: "2021-04-13", Precision: harvest.PrecisionDay}, Label: "published", Order: "dmy"},
		{Date: harvest.Date{Value: "2021-05-05", Precision: harvest.PrecisionDay}, Label: "by j doe last updated"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{"15 March 2021", "05/03/2021", "2021年3月15日", "ngày 15 tháng 3 năm 2021", "Mar", "/", "1 1 1 1", "2021 2021", "15 tháng"} {
		f.Add(s, "en")
	}
	f.Fuzz(func(t *testing.T, s, lang string) {
		d, ok := normalize.Date(s, lang)
		if !ok {
			if !d.IsZero() {
				t.Errorf("refused, but %+v", d)
			}
			return
		}
		if again, err := harvest.ParseDate(d.Value); err != nil || again != d {
			t.Errorf("Date(%q) = %+v, %v", s, d, err)
		}
		normalize.Dates(s, lang)
	})
}
