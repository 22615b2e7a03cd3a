package match

// kindWords name the kind of a document. One description leaves them out where
// another has them ("Final report: …"), so they say nothing for or against.
var kindWords = setOf(`
	report reports final full paper papers working discussion document documents publication study studies series
	article thesis dissertation monograph book edition new updated revised version technical research occasional
	rapport rapports etude document publication informe estudio documento publicacion bericht studie relatorio estudo
	rapporto relazione verslag raport доклад отчет تقرير
`)

// derivedWords mark a document about another: a summary of the report is not
// the report, nor is a reply to it, an annex of it or a review.
var derivedWords = setOf(`
	summary executive synopsis abstract overview highlights appendix appendices annex annexes supplement supplementary addendum erratum
	errata corrigendum corrigenda correction retraction retracted reply response rejoinder comment comments commentary comentario
	interview slides presentation poster infographic factsheet brief briefing flyer brochure toolkit workbook
	questionnaire transcript webinar podcast video index bibliography glossary foreword preface prologue epilogue introduction
	draft interim preliminary preprint protocol methodology launch press media release guide teacher teachers student
	abridged excerpt extract chapter
	resume synthese annexe annexes erratum reponse commentaire fiche projet provisoire preliminaire protocole
	resumen ejecutivo anexo anexos respuesta comentarios ficha borrador preliminar protocolo
	resumo sumario executivo zusammenfassung anhang erwiderung entwurf kommentar
`)

// collectedWords are what the collected works of all authors are called.
var collectedWords = setOf(`
	selected collected complete works writings poems poetry essays stories tales plays letters correspondence speeches anthology memoirs diary diaries
	oeuvre oeuvres œuvres completes choisies choisis poesies poemes contes lettres ecrits memoires theatre nouvelles anthologie
	obra obras completas escogidas escogidos escolhidas selectas reunidas cuentos contos poemas poesia poesias cartas ensayos antologia teatro
	gesammelte ausgewahlte samtliche werke schriften gedichte erzahlungen briefe dramen novellen aufsatze tagebucher
	opere scelte tutte racconti poesie lettere scritti
	verzamelde werken gedichten verhalen samlede skrifter verker vaerker samlade dikter
	dziela wybrane zebrane wiersze opowiadania listy pisma vybrane sebrane spisy basne povidky izabrana djela dela sabrana pjesme
	собрание сочинении сочинения избранное избранные произведения рассказы повести стихи стихотворения письма очерки полное
	secme siirler hikayeler butun eserleri
	الاعمال الكامله ديوان قصائد رسائل مختارات
	全集 選集 选集 詩集 诗集 文集 作品集
`)

// weightOf says how much a word tells which document a title names, in steps
// of the author's judgement: words of grammar nothing, words of kinds of
// document and of the subject little, short words less than long ones. It
// depends on the word alone, so that two descriptions compare the same in any
// catalogue.
func weightOf(w string) float64 {
	n := 0
	wide := false
	for _, r := range w {
		n++
		wide = wide || r >= 0x0E00 && r != 'ﬁ'
	}
	switch {
	case functionWords[w]:
		return 0
	case kindWords[w]:
		return 0.1
	case genericWords[w]:
		return 0.35
	case collectedWords[w]:
		return 0.65
	case wide && n <= 2: // a pair of characters of a script without spaces
		return 0.6
	case n <= 1:
		return 0.1
	case n <= 3:
		return 0.5
	case n <= 5:
		return 0.8
	case n <= 8:
		return 1
	default:
		return 1.15
	}
}

// noteWords stand in brackets behind a title and say in which form it comes:
// "(extended abstract)", "[PDF]", "(English)".
var noteWords = setOf(`
	abstract extended short full invited keynote talk talks panel session tutorial demo demonstration demonstrations description poster paper
	industrial experience track slides available at the conference of in and report final book review reviews article letter editorial comment
	pdf doc docx html epub online web version print download
	english french spanish arabic portuguese russian chinese german en fr es ar pt ru zh de anglais francais espagnol ingles frances espanol
	deutsch englisch portugues
	electronic resource ressource electronique recurso electronico elektronische ressource microform microfilm microfiche text texte imprime texto impreso
	large type braille sound recording audio ebook no
`)
