package page_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
)

// A record is in the language of its own text: not in that of the menus around
// it, of a quotation, or of the abstract that is printed in front of it.
func TestLanguageOfMixedPages(t *testing.T) {
	const (
		en = "Inspectors found that workers in the sheds had paid for the job before they saw it, and that nobody had a receipt for the money. "
		de = "Die Prüfer stellten fest, dass die Beschäftigten für die Stelle bezahlt hatten, bevor sie sie sahen, und dass niemand eine Quittung hatte. "
		ar = "وجد المفتشون أن العمال دفعوا ثمن الوظيفة قبل أن يروها، ولم يكن لدى أحد منهم إيصال بالمبلغ الذي دفعه للوكالة. "
		ne = "निरीक्षकहरूले कामदारहरूले काम देख्नुअघि नै पैसा तिरेका थिए र कसैसँग पनि रसिद थिएन भन्ने पत्ता लगाए। "
		zh = "检查人员发现，工人在看到工作之前就已经付了钱，而且没有一个人拿到收据。"
		ru = "Инспекторы установили, что рабочие заплатили за место до того, как увидели его, и что ни у кого не было квитанции. "
	)
	frame := `<nav>` + strings.Repeat(`<a href="/x">About us and what we do for the workers of the world</a> `, 60) + `</nav>`
	item := func(title, text string) string { return `<h1>` + title + `</h1><p>` + text + `</p><p>` + text + `</p>` }
	for _, tt := range []struct {
		name, html string
		want       harvest.Language
		parts      []string
	}{
		{"Arabic within an English frame", `<html lang=en>` + frame + `<main>` + item("عمال بلا إيصال", ar) + `</main>`, harvest.Language{Value: "ar", Declared: "en"}, nil},
		{"Arabic that is declared", `<html lang=en>` + frame + `<main><article lang=ar dir=rtl>` + item("عمال بلا إيصال", ar) + `</article></main>`, harvest.Language{Value: "ar", Declared: "ar"}, nil},
		{"Chinese within an English frame", `<html lang=en>` + frame + `<main>` + item("没有收据的工人", zh) + `</main>`, harvest.Language{Value: "zh", Declared: "en"}, nil},
		{"German with an English abstract in front", `<html lang=de><main><h1>Arbeit ohne Quittung</h1><div lang=en-GB><p>` + en + en + `</p></div>` + strings.Repeat(`<p>`+de+`</p>`, 4) + `</main>`, harvest.Language{Value: "de", Declared: "de"}, []string{"en-GB"}},
		{"a long abstract, and a page that says nothing of itself", `<main><h1>Arbeit ohne Quittung</h1><div lang=en>` + strings.Repeat(`<p>`+en+`</p>`, 40) + `</div>` + strings.Repeat(`<p>`+de+`</p>`, 60) + `</main>`, harvest.Language{Value: "de"}, []string{"en"}},
		{"Nepali with a quotation in Russian", `<html lang=en><main lang=ne>` + item("रसिद बिनाका कामदार", ne) + `<p lang=ru>` + ru + `</p></main>`, harvest.Language{Value: "ne", Declared: "ne"}, []string{"ru"}},
		{"a word that is declared", `<html lang=en><main>` + item("Work without a receipt", en+`They call it <i lang=de>Vermittlungsgebühr</i>.`) + `</main>`, harvest.Language{Value: "en", Declared: "en"}, nil},
		{"a declaration that is wrong", `<html lang=en><main lang=en-US>` + item("Arbeit ohne Quittung", de) + `</main>`, harvest.Language{Value: "de", Declared: "en-US"}, nil},
		{"no language at all", `<html lang=en><main lang="nonsense!">` + item("Work without a receipt", en) + `</main>`, harvest.Language{Value: "en", Declared: "en"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := extract(t, tt.html, config.PageRules{})
			if got := r.Record.Language; got != tt.want {
				t.Errorf("language %+v, want %+v", got, tt.want)
			}
			var parts []string
			for _, c := range r.Candidates["language"] {
				if c.Basis == "lang" {
					parts = append(parts, c.Value)
				}
			}
			if diff := cmp.Diff(tt.parts, parts); diff != "" {
				t.Errorf("parts (-want +got):\n%s", diff)
			}
		})
	}
}
