package match

import (
	"strconv"
	"strings"
)

// The lists below are folded as wordsOf folds.

// functionWords carry grammar, not meaning.
var functionWords = setOf(`
	a an and are as at by for from in into is it its of on or our that the their this to with
	au aux ce ces d dans de des du en et l la le les leur leurs par pour qu que sa se ses son sur un une
	al como con del el lo los las para por su sus unos unas y e
	ao aos com da das do dos em na nas no nos o os pela pelo uma
	auf aus bei das dem den der die ein eine im ist mit nach oder sich und vom von zu zum zur
	в во и к на о об от по при с со у
	في من على الي الى عن و
`)

// genericWords name kinds of documents, places on a site, and the subjects
// of this field: a title made of nothing else does not say which document it is.
var genericWords = setOf(`
	abstract about act action agenda annex annual announcement appendix article articles authors background bibliography blog book booklet
	brief briefing briefings brochure bulletin case chapter charter code comment commentary communique company conclusion conclusions
	conference consultation contact contents contribution convention corporate country cover data database declaration definition
	definitions directory discussion document documents editorial edition events event evidence executive faq faqs fact facts factsheet factsheets
	final findings foreword form framework full general glossary group guidance guide guideline guidelines handbook help highlights home homepage
	impact index info information interim interview introduction issue issues journal key law laws legal legislation letter library links list
	manual manuals map meeting members methodology minutes mission module monthly national new news newsletter note notes online open
	opening our outline overview page paper papers part partners pdf plan plans podcast policies policy post poster postscript preface
	preliminary presentation press privacy proceedings product profile programme program progress project projects protocol public
	publication publications quarterly questions read references regional release releases remarks report reporting reports research
	resource resources response results review reviews search section series session site slides special speech statement statements
	statistics status stories story strategic strategy studies study submission summaries summary supplement survey synopsis table team
	technical template terms text thesis title tool toolkit tools topic topics training transcript update updates us version video videos
	vision volume we web webinar webinars website week weekly welcome what who why work working workshop year yearly yearbook

	modern slavery slave human trafficking trafficked persons people forced labour labor child children supply chain chains transparency
	exploitation rights victims victim survivors survivor anti combating ending end against

	accueil actualites annuel annuelle annexe apropos avant bilan colloque communique compte rendu conclusion contexte directives dossier
	etude etudes evenement evenements expose fiche glossaire guide introduction lettre loi lois note notes nouvelles page plan politique
	presentation presse preface programme projet propos publication publications rapport rapports recherche recommandations
	remerciements reponse ressources resume sommaire site synthese texte traite etres humains esclavage moderne travail force enfants

	actualidad acerca anual boletin capitulo comunicado conclusiones contacto datos documento documentos estudio estudios eventos folleto
	guia hoja informacion informe informes inicio introduccion ley leyes manual marco memoria nacional nosotros noticias nota
	politica prensa prefacio presentacion programa prologo proyecto publicaciones recursos resumen revista trata personas esclavitud
	moderna trabajo forzoso infantil

	relatorio relatorios anual introducao noticias resumo publicacoes estudo lei plano trafico pessoas escravidao trabalho escravo infantil

	bericht berichte jahresbericht einleitung einfuhrung inhalt vorwort zusammenfassung nachrichten aktuelles leitfaden studie gesetz
	menschenhandel zwangsarbeit sklaverei moderne kinderarbeit pressemitteilung

	введение доклад доклады отчет новости заключение закон план обзор торговля людьми рабство принудительныи труд
	تقرير مقدمه اخبار ملخص قانون دليل الاتجار بالبشر بالاشخاص العبوديه الحديثه العمل القسري
`)

// partWords come before or after what counts editions, volumes and parts.
var partWords = setOf(`
	annex appendix article band book chapter ed edition issue module no number part phase protocol section series session vol volume
	annexe chapitre edition livre numero partie tome volet
	anexo capitulo edicion libro parte serie tomo
	edicao volume numero anexo
	anhang auflage ausgabe bd bde heft kapitel nr teil
	tom tome deel dil svazek czesc kotet cilt bind band osa hefte knjiga svezak cast zvazok
	том часть выпуск издание книга
	الجزء المجلد الطبعه
`)

var romanOf = map[string]string{
	"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10",
	"xi": "11", "xii": "12", "xiii": "13", "xiv": "14", "xv": "15", "xvi": "16", "xvii": "17", "xviii": "18", "xix": "19", "xx": "20",
}

var ordinalOf = countedFrom(1, `
	first|premier|premiere|primer|primera|primeira|erste|erster
	second|deuxieme|seconde|segundo|segunda|zweite|zweiter
	third|troisieme|tercer|tercera|terceira|dritte|dritter
	fourth|quatrieme|cuarto|cuarta|quarta|vierte|vierter
	fifth|cinquieme|quinto|quinta|funfte|funfter
	sixth|sixieme|sexto|sexta|sechste
	seventh|septieme|septimo|septima|setima|siebte
	eighth|huitieme|octavo|octava|oitava|achte
	ninth|neuvieme|noveno|novena|neunte
	tenth|dixieme|decimo|decima|zehnte
`, "")

var monthOf = countedFrom(1, `
	january|janvier|enero|janeiro|januar
	february|fevrier|febrero|fevereiro|februar
	march|mars|marzo|marco|marz
	april|avril|abril
	mai|mayo|maio
	june|juin|junio|junho|juni
	july|juillet|julio|julho|juli
	august|aout|agosto
	september|septembre|septiembre|setembro
	october|octobre|octubre|outubro|oktober
	november|novembre|noviembre|novembro
	december|decembre|diciembre|dezembro|dezember
`, "month ")

func setOf(list string) map[string]bool {
	set := make(map[string]bool)
	for w := range strings.FieldsSeq(list) {
		for _, folded := range wordsOf(w) {
			set[folded] = true
		}
	}
	return set
}

// countedFrom numbers the lines of a list, whose words are separated by bars.
func countedFrom(n int, list, prefix string) map[string]string {
	out := make(map[string]string)
	for i, line := range strings.Fields(list) {
		for w := range strings.SplitSeq(line, "|") {
			out[w] = prefix + strconv.Itoa(n+i)
		}
	}
	return out
}
