package match_test

import (
	"fmt"
	"testing"

	"github.com/harvest87/harvest/match"
)

// line reads a description as a file has it.
func line(t *testing.T, id, fields string) match.Description {
	t.Helper()
	d, err := match.ReadDescription([]byte(fmt.Sprintf(`{"id":%q,"source":%q,%s}`, id, id, fields)))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestHardCases says of pairs what a librarian would. "no" is anything but the
// same: different, or for a person to judge.
func TestHardCases(t *testing.T) {
	for _, tt := range []struct{ name, a, b, want string }{
		{
			"subtitle dropped from a generic title", `"title":"Ending Forced Labour by 2030: A Review of Policies and Programmes","year":2018,"publisher":"ILO"`,
			`"title":"Ending forced labour by 2030","year":"2018","publisher":"ILO"`, "no-different",
		},
		{
			"subtitle dropped", `"title":"Hidden in the harvest: recruiters, debt and the seasons of Calabria","year":2018,"publisher":"Institute"`,
			`"title":"Hidden in the harvest","year":"2018","publisher":"The Institute"`, "same",
		},
		{
			"series put before", `"title":"Working Paper No. 12: Recruitment fees and debt among garment workers in Jordan","year":2020`,
			`"title":"Recruitment fees and debt among garment workers in Jordan","year":2020,"authors":["M. Haddad"]`, "no-different",
		},
		{
			"final report", `"title":"Recruitment fees and debt among garment workers in Jordan. Final report","year":2020`,
			`"title":"Recruitment fees and debt among garment workers in Jordan","year":2020`, "same",
		},
		{
			"a typo", `"title":"Forced labour in the fishing industry of Thailand","year":2013`,
			`"title":"Forced labour in the fishng industry of Thailand","year":2013`, "same",
		},
		{
			"British and American", `"title":"Child labour and the organisation of cocoa farming","year":2015`,
			`"title":"Child labor and the organization of cocoa farming","year":2015`, "same",
		},
		{
			"authors turned round and cut", `"title":"Debt bondage in brick kilns","authors":["Ana Sato","Bo Lindqvist"],"year":2011`,
			`"title":"Debt Bondage in Brick Kilns","authors":["Lindqvist, B.","Sato, A."],"year":2011`, "same",
		},
		{
			"authors in one string", `"title":"Debt bondage in brick kilns","authors":"Ana Sato; Bo Lindqvist","year":2011`,
			`"title":"Debt Bondage in Brick Kilns","authors":"A. Sato and B. Lindqvist","year":2011`, "same",
		},
		{
			"left over HTML", `"title":"<b>Debt bondage</b> &amp;amp; brick kilns of the Kathmandu valley","year":2011`,
			`"title":"Debt bondage & brick kilns of the Kathmandu valley","year":2011`, "same",
		},
		{
			"a note in brackets", `"title":"Forced labour in the fishing industry of Thailand [PDF]","year":2013`,
			`"title":"Forced labour in the fishing industry of Thailand (English)","year":2013`, "same",
		},
		{
			"one identifier, other forms", `"title":"Forced labour in brick kilns","doi":"https://doi.org/10.1234/ABC"`,
			`"title":"Forced labour in the brick kilns of Nepal","doi":"doi:10.1234/abc"`, "same",
		},
		{"entities in names", `"title":"Bonded labour in quarries","authors":["&#214;zg&#252;r Haddad"],"year":1995`, `"title":"Bonded labour in quarries","authors":["Özgür Haddad"],"year":1995`, "same"},
		{
			"a short name", `"title":"Informal quarries","authors":["Bob Lindqvist"],"year":1995,"venue":"Labour History Conference"`,
			`"title":"Informal quarries","authors":["Robert H. Lindqvist"],"year":1995,"venue":"Conference on Labour History"`, "same",
		},
		{"a number written apart", `"title":"ILO C189, formerly known as the draft of 2010","authors":["B. Diop"],"year":2012`, `"title":"ILO C 189: formerly known as the draft of 2010","authors":["B. Diop"],"year":2012`, "same"},
		{
			"words written apart", `"title":"SeaWatch: a system for finding and following distant sea vessels","authors":["B. Diop","A. Sato"],"year":2012`,
			`"title":"Sea watch: a system for finding and following distant industrial sea vessels","authors":["Ana Sato","Bo Diop"],"year":2012`, "same",
		},
		{
			"a journal abbreviated", `"title":"Local immunostimulation in bronchial carcinoma","venue":"Deutsche Medizinische Wochenschrift","year":1984,"volume":"109"`,
			`"title":"Local immunostimulation in bronchial carcinoma","venue":"Dtsch-Med-Wochenschr","year":1984,"volume":"109"`, "same",
		},
		{"years in titles", `"title":"Trafficking in Persons Report 2019","publisher":"Department of State"`, `"title":"Trafficking in Persons Report 2020","publisher":"Department of State"`, "different"},
		{"years of a yearbook", `"title":"Annual report of the Freedom Fund","year":2019`, `"title":"Annual report of the Freedom Fund","year":2021`, "no"},
		{"editions in titles", `"title":"Handbook on labour inspection, second edition","year":2015`, `"title":"Handbook on labour inspection, 3rd edition","year":2015`, "different"},
		{"editions as fields", `"title":"Principles of maritime labour law","edition":"2nd ed.","authors":["J. Brandt"]`, `"title":"Principles of maritime labour law","edition":"4","authors":["J. Brandt"]`, "different"},
		{"volumes", `"title":"Collected essays on servitude, volume II","authors":["R. Vargas"],"year":1990`, `"title":"Collected essays on servitude, vol. 3","authors":["R. Vargas"],"year":1990`, "different"},
		{"Roman and Arabic", `"title":"Collected essays on servitude and freedom, volume II","authors":["R. Vargas"],"year":1990`, `"title":"Collected essays on servitude and freedom, vol. 2","authors":["Vargas, R."],"year":1990`, "same"},
		{"a part and the whole", `"title":"Servitude in the Gulf states, part 2","year":1990,"authors":["R. Vargas"]`, `"title":"Servitude in the Gulf states","year":1990,"authors":["R. Vargas"]`, "no"},
		{"tomes in French", `"title":"Histoire du travail forcé en Afrique, tome 1","year":1990`, `"title":"Histoire du travail forcé en Afrique, tome 2","year":1990`, "different"},
		{"countries", `"title":"National action plan against forced labour in Nepal","year":2016`, `"title":"National action plan against forced labour in Bhutan","year":2016`, "different"},
		{"countries in French", `"title":"Le travail des enfants dans les plantations au Ghana","year":2016`, `"title":"Le travail des enfants dans les plantations en Côte d'Ivoire","year":2016`, "different"},
		{"regions of the world", `"title":"Profits from forced labour in West Africa","year":2014`, `"title":"Profits from forced labour in East Asia","year":2014`, "no"},
		{"groups of people", `"title":"Health outcomes of trafficked women in shelters","year":2014,"authors":["L. Okafor"]`, `"title":"Health outcomes of trafficked men in shelters","year":2014,"authors":["L. Okafor"]`, "no"},
		{"a summary of it", `"title":"Recruitment fees and debt among garment workers in Jordan","year":2020`, `"title":"Recruitment fees and debt among garment workers in Jordan: executive summary","year":2020`, "no"},
		{"a reply to it", `"title":"Reply to: Recruitment fees and debt among garment workers","year":2020`, `"title":"Recruitment fees and debt among garment workers","year":2020`, "no"},
		{"a draft of it", `"title":"Draft guidelines on fair recruitment of domestic workers","year":2020`, `"title":"Guidelines on fair recruitment of domestic workers","year":2020`, "no"},
		{"generic titles", `"title":"Introduction","year":2020,"publisher":"Institute"`, `"title":"Introduction","year":2020,"publisher":"Institute"`, "no"},
		{"generic titles in German", `"title":"Einleitung","year":2020`, `"title":"Einleitung","year":2020`, "no"},
		{"generic titles by others", `"title":"Selected poems","authors":["Ana Sato"],"year":1990`, `"title":"Selected poems","authors":["Bo Lindqvist"],"year":1990`, "different"},
		{"one ISBN of several", `"title":"Gedichte","authors":["Sato"],"isbn":"0-306-40615-2 (pbk.) ; 978-3-16-148410-0 (ebook)"`, `"title":"Gedichte: eine Auswahl","authors":["Sato, Ana"],"isbn":["9783161484100","0521000000"]`, "same"},
		{"ISBNs without one in common", `"title":"Gedichte der frühen Jahre","authors":["Sato"],"year":1999,"isbn":"0306406152 9783161484100"`, `"title":"Gedichte der frühen Jahre","authors":["Sato, Ana"],"year":1999,"isbn":["0521000000"]`, "no"},
		{"one ISBN in two forms", `"title":"Gedichte","authors":["Sato"],"isbn":"0-306-40615-2"`, `"title":"Gedichte: eine Auswahl","authors":["Sato, Ana"],"isbn":"9780306406157"`, "same"},
		{"other ISBNs", `"title":"Gedichte","authors":["Sato, Ana"],"year":1990,"isbn":"0306406152"`, `"title":"Gedichte","authors":["Sato, Ana"],"year":1990,"isbn":"9783161484100"`, "different"},
		{"a book in two catalogues", `"title":"Las venas del litoral","authors":["García, José"],"year":1971,"publisher":"Siglo Nuevo"`, `"title":"Las venas del litoral","authors":["Jose Garcia"],"year":1971,"publisher":"Siglo Nuevo Editores"`, "same"},
		{"Cyrillic", `"title":"История крепостного труда на уральских заводах","year":1988`, `"title":"История крепостного труда на Уральских заводах.","year":1988`, "same"},
		{"Arabic", `"title":"تقرير عن العمل القسري في قطاع البناء بمدينة الدوحة","year":2019`, `"title":"تقرير عن العمل القسري في قطاع البناء بمدينة الدوحة","year":2019`, "same"},
		{"Chinese", `"title":"沿海渔业强迫劳动问题调查报告","year":2019`, `"title":"沿海渔业强迫劳动问题调查报告","year":2019`, "same"},
		{"other authors", `"title":"Understanding exploitation in agriculture","authors":["Ana Sato"],"year":2019`, `"title":"Understanding exploitation in agriculture","authors":["Karen Weber"],"year":2019`, "no"},
		{"conference and journal", `"title":"Adaptive inference in sparse networks","authors":["A. Sato"],"year":2001,"venue":"Proceedings of the Conference on Networks"`, `"title":"Adaptive inference in sparse networks","authors":["A. Sato"],"year":2003,"venue":"Journal of Networks"`, "no"},
		{"an acronym for its name", `"title":"Sea work","publisher":"International Labour Organization","year":2004`, `"title":"Land work","publisher":"ILO","year":2004`, "different"},
		{"nothing known", `"title":""`, `"title":""`, "different"},
		{"unlike", `"title":"Cocoa in Ghana","year":2004`, `"title":"Fishing vessels and flags","year":2004`, "different"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, b := line(t, "a", tt.a), line(t, "b", tt.b)
			v := match.Compare(&a, &b)
			right := string(v.Answer) == tt.want || tt.want == "no" && v.Answer != match.Same || tt.want == "no-different" && v.Answer != match.Different
			if !right {
				t.Errorf("%s, want %s (%.2f)\n%s", v.Answer, tt.want, v.Score, v.Evidence())
			}
			if w := match.Compare(&b, &a); w.Answer != v.Answer || w.Score != v.Score {
				t.Errorf("the other way round: %s %.2f, not %s %.2f", w.Answer, w.Score, v.Answer, v.Score)
			}
		})
	}
}
