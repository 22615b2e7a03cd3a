package normalize_test

import (
	"strings"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/normalize"
)

// Topics of the shipped vocabulary, in the five languages in which its words are
// kept: as one writes them, and as one finds them written.
func TestTopicsOfTheVocabulary(t *testing.T) {
	vocab, err := config.LoadVocabulary()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, text, lang, has, hasNot string }{
		{"English", "Forced labour in fishing", "en", "forced-labour", ""},
		{"American English", "Child labor on tobacco farms", "en", "child-labour", ""},
		{"singular of a plural", "A domestic worker speaks", "en", "domestic-servitude", ""},
		{"plural of a singular", "Supply chains and human rights", "en", "supply-chains", ""},
		{"French", "Le travail forcé dans les mines", "fr", "forced-labour", ""},
		{"French plural", "Condamné aux travaux forcés", "fr", "forced-labour", ""},
		{"French without accents", "LE TRAVAIL FORCE ET LA TRAITE DES ETRES HUMAINS", "fr", "forced-labour human-trafficking", ""},
		{"French with a printer's apostrophe", "Le prélèvement d’organes", "fr", "organ-removal", ""},
		{"accents as marks of their own", "travail force\u0301", "fr", "forced-labour", ""},
		{"French singular", "Une chaîne d'approvisionnement du cacao", "fr", "supply-chains", ""},
		{"Spanish", "El trabajo forzoso en la agricultura", "es", "forced-labour", ""},
		{"Spanish without accents", "Esclavitud domestica: servidumbre domestica", "es", "domestic-servitude", ""},
		{"Spanish singular", "Un trabajador migrante en la cadena de suministro", "es", "supply-chains migration", ""},
		{"Portuguese", "Combate ao trabalho análogo ao de escravo", "pt", "forced-labour", ""},
		{"Brazilian Portuguese", "O tráfico de pessoas e o trabalho infantil", "pt-BR", "human-trafficking child-labour", ""},
		{"Arabic", "مكافحة العمل الجبري", "ar", "forced-labour", ""},
		{"Arabic with vowel marks", "العَمَلُ القَسْرِيّ", "ar", "forced-labour", ""},
		{"Arabic, stretched", "العمـــل الجبري", "ar", "forced-labour", ""},
		{"Arabic without article", "ضحايا عمل قسري", "ar", "forced-labour", ""},
		{"Arabic, for the", "التصدي للعمل الجبري", "ar", "forced-labour", ""},
		{"Arabic, and by the", "وبالاتجار بالبشر", "ar", "human-trafficking", ""},
		{"Arabic, another alef", "عمل الاطفال", "ar", "child-labour", ""},
		{"an acronym", "The NRM in 2024", "en", "survivors", ""},

		{"children are born", "Child labour ward: a guide to childbirth for midwives", "en", "", "child-labour"},
		{"labour alone", "The Labour Party and early labour in childbirth", "en", "", "child-labour forced-labour labour-rights"},
		{"maternity and work", "Maternity leave and the worst forms of child labour", "en", "child-labour", ""},
		{"history", "The abolition of the slave trade and slavery in the Caribbean", "en", "", "modern-slavery"},
		{"drugs", "Drug trafficking and tobacco smuggling", "en", "", "human-trafficking migration"},
		{"interests", "A conflict of interest at the bank", "en", "", "conflict-crisis"},
		{"belief", "We write in the conviction that courts matter", "en", "", "justice"},
		{"small letters", "A tip for travellers and the thb currency", "en", "", "human-trafficking"},
		{"a part of a word", "Unforced labourers", "en", "", "forced-labour"},
		{"mockery, not corvée", "السخرية في الأدب", "ar", "", "forced-labour"},
		{"a guarantee, not sponsorship", "كفالة الأيتام", "ar", "", "domestic-servitude"},
		{"another language's word", "trabajo forzoso", "fr", "", "forced-labour"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			found := make(map[string][]string)
			for _, f := range normalize.Topics(tt.text, tt.lang, vocab) {
				found[f.ID] = f.Words
			}
			for id := range strings.FieldsSeq(tt.has) {
				if len(found[id]) == 0 {
					t.Errorf("%q is not about %s, but about %v", tt.text, id, found)
				}
			}
			for id := range strings.FieldsSeq(tt.hasNot) {
				if words := found[id]; len(words) > 0 {
					t.Errorf("%q is about %s because of %q", tt.text, id, words)
				}
			}
		})
	}
}

// Every alias of a topic finds its own topic, and every label and raw label of a
// type its own type, whatever the language.
func TestVocabularyFindsItself(t *testing.T) {
	vocab, err := config.LoadVocabulary()
	if err != nil {
		t.Fatal(err)
	}
	for _, topic := range vocab.Topics {
		for lang, words := range topic.Aliases {
			for _, w := range words {
				found := false
				for _, f := range normalize.Topics("x: "+w+".", lang, vocab) {
					found = found || f.ID == topic.ID
				}
				if !found {
					t.Errorf("%q in %s is not %s", w, lang, topic.ID)
				}
			}
		}
	}
	for _, d := range vocab.DocTypes {
		for lang, labels := range d.RawLabels {
			for _, label := range append(labels, d.Labels[lang]) {
				if label == "" {
					continue
				}
				if id, _, _ := normalize.Category([]string{label}, nil, vocab, harvest.Record{}); id != d.ID {
					t.Errorf("%q in %s is %q, want %s", label, lang, id, d.ID)
				}
			}
		}
	}
}

// Labels as sites in other languages print them.
func TestLabelsInOtherLanguages(t *testing.T) {
	vocab, err := config.LoadVocabulary()
	if err != nil {
		t.Fatal(err)
	}
	for label, want := range map[string]string{
		"Rapport": "report", "RAPPORTS": "report", "Rapports annuels": "report", "Étude": "research", "ÉTUDES": "research", "Communiqués de presse": "news",
		"Informe": "report", "Informes": "report", "Guías": "guidance", "Comunicado de prensa": "news", "Datos y estadísticas": "dataset",
		"Relatório": "report", "Relatórios": "report", "Notícias": "news", "Legislação": "legislation",
		"تقرير": "report", "تَقْرِير": "report", "دليل": "guidance", "بيان صحفي": "news", "ورقة عمل": "research", "ورشة عمل": "event",
		"Etude": "research", "Relatorio": "report", "Estadisticas": "dataset",
	} {
		if id, _, _ := normalize.Category([]string{label}, nil, vocab, harvest.Record{}); id != want {
			t.Errorf("%q is %q, want %s", label, id, want)
		}
	}
}
