package match_test

import (
	"fmt"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/match"
)

// TestLanguageVersions says of pairs in two languages, without a link or an
// identifier in common, whether they are one work.
func TestLanguageVersions(t *testing.T) {
	type side struct{ lang, title, date, publisher, url string }
	for _, tt := range []struct {
		name string
		a, b side
		want match.Answer
	}{
		{
			"aligned addresses",
			side{"en", "Profits and poverty: the economics of forced labour", "2024-03-19", "International Labour Office", "https://p.example/en/publications/profits-2024"},
			side{"fr", "Profits et pauvreté: la dimension économique du travail forcé", "2024-03-19", "International Labour Office", "https://p.example/fr/publications/profits-2024"},
			match.Same,
		},
		{
			"a file with its language at the end",
			side{"es", "Estimaciones mundiales sobre la esclavitud moderna", "2022", "Walk Free", "https://p.example/files/gems_report_es.pdf"},
			side{"de", "Weltweite Schätzungen zur modernen Sklaverei", "2022", "Walk Free", "https://p.example/files/gems_report_de.pdf"},
			match.Same,
		},
		{
			"numbers, day and cognates",
			side{"en", "Global Estimates of Modern Slavery 2022", "2022-09-12", "Walk Free", "https://p.example/a"},
			side{"es", "Estimaciones globales de la esclavitud moderna 2022", "2022-09-12", "Walk Free", "https://p.example/b"},
			match.Same,
		},
		{
			"country, day and cognates",
			side{"pt", "Recrutamento e migração de trabalhadores em Moçambique", "2019-05-06", "Instituto", "https://p.example/a"},
			side{"en", "Recruitment and migration of workers in Mozambique", "2019-05-06", "Instituto", "https://p.example/b"},
			match.Same,
		},
		{
			"Arabic, numbers and year: for a person",
			side{"ar", "التقديرات العالمية للرق الحديث 2022", "2022", "Walk Free", "https://p.example/a"},
			side{"en", "Global Estimates of Modern Slavery 2022", "2022", "Walk Free", "https://p.example/b"},
			match.Unsure,
		},
		{
			"the next year's",
			side{"en", "Global Slavery Index 2018", "2018-07-19", "Walk Free", "https://p.example/en/gsi"},
			side{"es", "Índice Global de Esclavitud 2016", "2018-07-19", "Walk Free", "https://p.example/es/gsi"},
			match.Different,
		},
		{
			"a part of it",
			side{"en", "Handbook for parliamentarians: trafficking in persons, part 2", "2009-04-01", "Parliament Union", "https://p.example/en/handbook"},
			side{"fr", "Guide pour les parlementaires: la traite des personnes", "2009-04-01", "Parliament Union", "https://p.example/fr/handbook"},
			match.Different,
		},
		{
			"another country",
			side{"en", "Migration and recruitment in Ghana", "2019-05-06", "Institute", "https://p.example/a"},
			side{"fr", "Migration et recrutement au Togo", "2019-05-06", "Institute", "https://p.example/b"},
			match.Different,
		},
		{
			"two press releases of a day",
			side{"en", "Minister opens shelter for victims", "2019-05-06", "Institute", "https://p.example/a"},
			side{"fr", "Rapport annuel sur la migration", "2019-05-06", "Institute", "https://p.example/b"},
			match.Different,
		},
		{
			"another publisher's",
			side{"en", "Global Estimates of Modern Slavery 2022", "2022-09-12", "Walk Free", "https://p.example/a"},
			side{"es", "Estimaciones globales de la esclavitud moderna 2022", "2022-09-12", "Universidad del Litoral", "https://q.example/b"},
			match.Different,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			make := func(name string, s side) harvest.Record {
				source := "p"
				if s.publisher == "Universidad del Litoral" {
					source = "q"
				}
				return record(source+"/"+name, s.title, func(r *harvest.Record) {
					r.Language.Value, r.Publisher, r.URL = s.lang, s.publisher, s.url
					r.Published = harvest.Date{Value: s.date}
				})
			}
			x, y := make("a", tt.a), make("b", tt.b)
			a, b := match.Describe(&x), match.Describe(&y)
			v := match.Compare(&a, &b)
			if v.Answer != tt.want {
				t.Errorf("%s, want %s (%.2f)\n%s", v.Answer, tt.want, v.Score, v.Evidence())
			}
			works := match.Link([]harvest.Record{x, y})
			if joined := len(works) == 1; joined != (tt.want == match.Same) {
				t.Errorf("joined %t", joined)
			}
			if tt.want != match.Same {
				return
			}
			if got := fmt.Sprint(len(match.Expressions([]harvest.Record{x, y}))); got != "2" {
				t.Errorf("%s expressions, want 2", got)
			}
		})
	}
}
