package links_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/harvest87/harvest/config"
)

// apart are sites that were written without a look at the rules that tell items
// from hubs.
func apart() []imitated {
	return []imitated{plone(), spip(), aspx(), journal(), handbook(), campaign(), ministry(), capitals()}
}

// short is the beginning of a text, as lists show it.
func short(i int) string {
	return fmt.Sprintf("%s is the subject of this paper. Its authors spoke with workers in four districts.", subjects[i])
}

// plone has folders with summaries, dates in a byline, and no marks in the head.
func plone() imitated {
	s, put := site("Plone", func(title, _, class, body string) string {
		return fmt.Sprintf(`<!DOCTYPE html><html lang="en"><head><title>%s — Labour archive</title><meta name="generator" content="Plone - https://plone.org/"></head><body class="%s"><div id="portal-header"><ul id="portal-globalnav"><li><a href="/">Home</a></li><li><a href="/papers">Papers</a></li><li><a href="/about/">About</a></li></ul></div><div id="portal-breadcrumbs"><a href="/">Home</a></div><div id="content">%s</div><div id="portal-footer"><a href="/contact/">Contact</a> <a href="/privacy-policy/">Privacy</a></div></body></html>`, title, class, body)
	})
	list := func(from, to int) (out string) {
		for i := from; i < to; i++ {
			out += fmt.Sprintf(`<article class="entry"><span class="summary"><a href="/papers/%s" class="state-published url">%s</a></span><div class="documentByLine">by <a href="/author/ada">ada</a> — last modified %s</div><div class="description">%s</div></article>`, slug(subjects[i]), subjects[i], day(i), short(i))
		}
		return out
	}
	put("/", "Home", "", "template-document_view", `<h1 class="documentFirstHeading">Labour archive</h1><p>The archive keeps papers on work that nobody chose.</p><p><a href="/papers">All papers</a></p>`, false)
	put("/papers", "Papers", "", "template-summary_view", "<h1>Papers</h1>"+list(0, 6)+`<div class="listingBar"><a href="/papers?b_start:int=6">Next 6 items »</a></div>`, false)
	put("/papers?b_start:int=6", "Papers", "", "template-summary_view", "<h1>Papers</h1>"+list(6, 12), false)
	put("/author/ada", "ada", "", "template-author", "<h1>ada</h1><p>Content by this author</p>"+list(0, 6), false)
	for i, subject := range subjects {
		put("/papers/"+slug(subject), subject, "", "template-document_view portaltype-document", fmt.Sprintf(`<h1 class="documentFirstHeading">%s</h1><div class="documentByLine">by <a href="/author/ada">ada</a> — published %s</div><div class="documentDescription">%s</div><div id="parent-fieldname-text">%s</div>`, subject, day(i), short(i), text(i)), true)
	}
	for path, says := range about {
		put(path, strings.Trim(path, "/"), "", "template-document_view", "<h1>"+strings.Trim(path, "/")+"</h1><p>"+says+"</p>", false)
	}
	return *s
}

// spip tells pages apart by a parameter.
func spip() imitated {
	s, put := site("SPIP", func(title, _, class, body string) string {
		return fmt.Sprintf(`<!DOCTYPE html><html lang="fr" class="%s"><head><title>%s - Bibliothèque du travail</title><meta name="generator" content="SPIP 4.1"></head><body><div class="header"><a rel="start home" href="/">Accueil</a></div><div class="nav" id="nav"><ul><li><a href="/spip.php?rubrique1">Études</a></li><li><a href="/spip.php?rubrique2">Qui sommes-nous</a></li></ul></div><div class="main">%s</div><div class="footer"><a href="/spip.php?page=plan">Plan du site</a></div></body></html>`, class, title, body)
	})
	titles := make([]string, len(subjects))
	list := ""
	for i := range subjects {
		titles[i] = fmt.Sprintf("Enquête numéro %d : les travailleurs et leurs salaires", i+1)
		at := fmt.Sprintf("/spip.php?article%d", 20+i)
		list += fmt.Sprintf(`<li class="item"><a href="%s">%s</a> <small>%d mars 2021</small></li>`, at, titles[i], i+1)
		put(at, titles[i], "", "page_article", fmt.Sprintf(`<h1 class="surlignable">%s</h1><p class="info-publi"><abbr class="published" title="2021-03-%02dT10:00:00Z">%d mars 2021</abbr>, par <a href="/spip.php?auteur1">Ada</a></p><div class="texte"><p>Les inspecteurs ont parlé avec des travailleurs de quatre régions, ont lu les dossiers et ont comparé ce que les uns et les autres avaient vu pendant trois ans de visites.</p><p>La plupart avaient payé avant de commencer, peu d’entre eux avaient un contrat dans une langue qu’ils savaient lire, et les plaintes étaient rarement suivies par qui que ce soit. Le texte dit enfin ce que peuvent faire les ministères, les acheteurs et les syndicats, dans l’ordre de ce qui aiderait le plus vite.</p></div>`, titles[i], i+1, i+1), true)
	}
	put("/", "Accueil", "", "page_sommaire", `<h2>Bienvenue</h2><p>La bibliothèque garde des études.</p><ul>`+list[:strings.Index(list, "</li>")+5]+`</ul>`, false)
	put("/spip.php?rubrique1", "Études", "", "page_rubrique", `<h1>Études</h1><ul>`+list+`</ul>`, false)
	put("/spip.php?rubrique2", "Qui sommes-nous", "", "page_rubrique", `<h1>Qui sommes-nous</h1><p>La bibliothèque a été fondée par trois syndicats en 1998 et vit de ses membres.</p>`, false)
	put("/spip.php?page=plan", "Plan du site", "", "page_plan", `<h1>Plan du site</h1><ul><li><a href="/spip.php?rubrique1">Études</a><ul>`+list+`</ul></li></ul>`, false)
	put("/spip.php?auteur1", "Ada", "", "page_auteur", `<h1>Ada</h1><ul>`+list+`</ul>`, false)
	return *s
}

// aspx has documents by number, in a table of details.
func aspx() imitated {
	s, put := site("ASP.NET", func(title, _, _, body string) string {
		return fmt.Sprintf(`<html><head><title>%s</title></head><body><form id="aspnetForm" method="post"><div id="nav"><a href="/Default.aspx">Home</a><a href="/Browse.aspx">Browse</a><a href="/Help.aspx">Help</a></div><div id="main">%s</div></form></body></html>`, title, body)
	})
	rows := ""
	for i, subject := range subjects {
		at := fmt.Sprintf("/Document.aspx?id=%d", 700+i)
		rows += fmt.Sprintf(`<tr><td><a href="%s">%s</a></td><td>%s</td></tr>`, at, subject, day(i))
		put(at, subject, "", "", fmt.Sprintf(`<h2>%s</h2><table><tr><th>Date</th><td>%s</td></tr><tr><th>Author</th><td>Ada Okafor</td></tr></table><h3>Abstract</h3>%s<p><a href="/files/%d.pdf">Full text (PDF)</a></p>`, subject, day(i), text(i), i), true)
	}
	put("/", "Documents", "", "", `<h1>Documents on labour</h1><p>Choose how you want to look.</p><a href="/Browse.aspx">Browse all</a>`, false)
	put("/Default.aspx", "Documents", "", "", `<h1>Documents on labour</h1><p>Choose how you want to look.</p><a href="/Browse.aspx">Browse all</a>`, false)
	put("/Browse.aspx", "Browse", "", "", `<h1>Browse</h1><table><tr><th>Title</th><th>Date</th></tr>`+rows+`</table>`, false)
	put("/Help.aspx", "Help", "", "", `<h1>Help</h1><p>Type a word and press the button. Words are looked for in titles and abstracts. A star stands for any letters. Write to the librarian when nothing is found that should be.</p>`, false)
	return *s
}

// journal has issues, which are hubs, and articles with an abstract.
func journal() imitated {
	s, put := site("journal", func(title, head, class, body string) string {
		return fmt.Sprintf(`<!DOCTYPE html><html lang="en-US"><head><title>%s | Labour Review</title>%s</head><body class="%s"><header role="banner"><nav><a href="/index.php/lr/issue/archive">Archives</a><a href="/index.php/lr/about">About</a></nav></header><div role="main">%s</div></body></html>`, title, head, class, body)
	})
	put("/", "Labour Review", "", "pkp_page_index", `<h1>Labour Review</h1><p>A journal on work.</p><a href="/index.php/lr/issue/archive">Archives</a>`, false)
	put("/index.php/lr/about", "About", "", "pkp_page_about", "<h1>About the journal</h1><p>"+about["/about/"]+"</p>", false)
	issues := ""
	for n := range 3 {
		toc := ""
		for i := n * 4; i < n*4+4; i++ {
			at := fmt.Sprintf("/index.php/lr/article/view/%d", 40+i)
			toc += fmt.Sprintf(`<li><h3 class="title"><a href="%s">%s</a></h3><div class="authors">Ada Okafor, Bruno Lima</div></li>`, at, subjects[i])
			put(at, subjects[i], fmt.Sprintf(`<meta name="citation_title" content="%s"><meta name="citation_date" content="%s"><meta name="citation_author" content="Ada Okafor">`, subjects[i], day(i)), "pkp_page_article", fmt.Sprintf(`<article class="obj_article_details"><h1>%s</h1><ul class="authors"><li>Ada Okafor</li></ul><section class="abstract"><h2>Abstract</h2><p>%s</p></section><section><h2>References</h2><p>%s</p></section></article>`, subjects[i], short(i), strings.Repeat(`<a href="https://doi.example/10.1/x">A work that is cited</a> `, 12)), true)
		}
		at := fmt.Sprintf("/index.php/lr/issue/view/%d", n+1)
		issues += fmt.Sprintf(`<li><h2><a class="title" href="%s">Vol. %d (202%d)</a></h2></li>`, at, n+1, n)
		put(at, fmt.Sprintf("Vol. %d", n+1), "", "pkp_page_issue", fmt.Sprintf(`<h1>Vol. %d (202%d)</h1><div class="published">Published: 202%d-06-30</div><ul>%s</ul>`, n+1, n, n, toc), false)
	}
	put("/index.php/lr/issue/archive", "Archives", "", "pkp_page_issue", `<h1>Archives</h1><ul>`+issues+`</ul>`, false)
	return *s
}

// handbook has a menu of all its pages beside each of them.
func handbook() imitated {
	menu := ""
	for _, subject := range subjects {
		menu += fmt.Sprintf(`<li><a href="/guide/%s.html">%s</a></li>`, slug(subject), subject)
	}
	s, put := site("handbook", func(title, _, _, body string) string {
		return fmt.Sprintf(`<!doctype html><html lang="en"><head><title>%s</title></head><body><nav class="sidebar"><ul>%s</ul></nav><div class="content">%s</div></body></html>`, title, menu, body)
	})
	put("/", "Guide", "", "", `<h1>Guide</h1><p>This guide has twelve chapters.</p>`, false)
	for i, subject := range subjects {
		next := ""
		if i+1 < len(subjects) {
			next = fmt.Sprintf(`<p class="prevnext"><a rel="next" href="/guide/%s.html">%s</a></p>`, slug(subjects[i+1]), subjects[i+1])
		}
		put("/guide/"+slug(subject)+".html", subject, "", "", "<h1>"+subject+"</h1>"+text(i)+text((i+3)%len(subjects))+next, true)
	}
	return *s
}

// campaign has stories, and pages that ask for money.
func campaign() imitated {
	s, put := site("campaign", func(title, head, class, body string) string {
		return fmt.Sprintf(`<!doctype html><html lang="en-GB"><head><title>%s | End it</title>%s</head><body class="%s"><header><a href="/">End it</a><nav><a href="/stories">Stories</a><a href="/donate">Donate</a><a href="/team">Team</a><a href="/jobs">Jobs</a></nav></header><main>%s</main><footer><a href="/privacy-policy/">Privacy</a></footer></body></html>`, title, head, class, body)
	})
	tiles := func(from, to int) (out string) {
		for i := from; i < to; i++ {
			out += fmt.Sprintf(`<a class="tile" href="/stories/%s"><img src="/i/%d.jpg" alt=""><h3>%s</h3><span>%s</span></a>`, slug(subjects[i]), i, subjects[i], day(i))
		}
		return out
	}
	put("/", "Home", `<meta property="og:type" content="website">`, "home", `<section class="hero"><h1>End it</h1><p>We want work that people chose.</p><a href="/donate">Give now</a></section><section class="tiles">`+tiles(0, 3)+`</section>`, false)
	put("/stories", "Stories", `<meta property="og:type" content="website">`, "stories", `<h1>Stories</h1><div class="tiles">`+tiles(0, 12)+`</div>`, false)
	put("/donate", "Donate", `<meta property="og:type" content="website">`, "donate", `<h1>Donate</h1><p>Ten pounds pay for an hour of a lawyer. Fifty pay for a night in a house that is safe. What you give goes to people who have left a place where they were made to work, and to nobody else. You can stop at any time, and we write to you twice a year and not more often.</p><form action="/give"><input name="sum"><button>Give</button></form>`, false)
	put("/team", "Team", "", "team", `<h1>Team</h1>`+strings.Repeat(`<div class="person"><h3>Ada Okafor</h3><p>Ada leads our work with ministries and has done so since 2011.</p></div>`, 8), false)
	put("/jobs", "Jobs", "", "jobs", `<h1>Jobs</h1><p>There is no place free at the moment. Look again in March 2024.</p>`, false)
	put("/privacy-policy/", "Privacy", "", "page", "<h1>Privacy</h1><p>"+strings.Repeat(about["/privacy-policy/"]+" ", 4)+"</p><p>Last updated 3 May 2023</p>", false)
	for i, subject := range subjects {
		put("/stories/"+slug(subject), subject, `<meta property="og:type" content="article"><script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"`+subject+`","datePublished":"`+day(i)+`"}</script>`, "story", `<h1>`+subject+`</h1><p class="date">`+day(i)+`</p>`+text(i)+`<h2>More stories</h2><div class="tiles">`+tiles((i+1)%9, (i+1)%9+3)+`</div><a href="/donate">Give now</a>`, true)
	}
	return *s
}

// ministry has topics, which have some words of their own, and press releases.
func ministry() imitated {
	s, put := site("ministry", func(title, _, class, body string) string {
		return fmt.Sprintf(`<!DOCTYPE html><html lang="es"><head><title>%s - Ministerio de Trabajo</title></head><body class="%s"><div class="cabecera"><a href="/es/inicio">Inicio</a> <a href="/es/temas">Temas</a> <a href="/es/prensa">Prensa</a></div><div id="contenido">%s</div><div class="pie"><a href="/es/aviso-legal">Aviso legal</a></div></body></html>`, title, class, body)
	})
	list := ""
	for i := range subjects {
		at := fmt.Sprintf("/es/prensa/2023/%02d/nota-%d", i%12+1, i+1)
		title := fmt.Sprintf("El ministerio presenta la inspección número %d de talleres", i+1)
		list += fmt.Sprintf(`<li><span class="fecha">%d/%d/2023</span> <a href="%s">%s</a></li>`, i+1, i%12+1, at, title)
		put(at, title, "", "nota", fmt.Sprintf(`<h1>%s</h1><p class="fecha">%d de marzo de 2023</p><p>Los inspectores hablaron con trabajadores de cuatro provincias, leyeron los expedientes y compararon lo que unos y otros habían visto durante tres años de visitas a los talleres.</p><p>La mayoría había pagado antes de empezar, pocos tenían un contrato en una lengua que supieran leer y casi nadie siguió las denuncias. El ministerio dice qué pueden hacer los compradores y los sindicatos, en el orden de lo que más ayudaría.</p>`, title, i+1), true)
	}
	put("/", "Inicio", "", "portada", `<h1>Ministerio de Trabajo</h1><ul>`+list[:strings.Index(list, "</li>")+5]+`</ul><a href="/es/prensa">Todas las notas</a>`, false)
	put("/es/inicio", "Inicio", "", "portada", `<h1>Ministerio de Trabajo</h1><a href="/es/prensa">Todas las notas</a>`, false)
	put("/es/prensa", "Prensa", "", "lista", `<h1>Sala de prensa</h1><ul>`+list+`</ul>`, false)
	put("/es/temas", "Temas", "", "temas", `<h1>Temas</h1><p>El ministerio trabaja en tres temas.</p><ul><li><a href="/es/temas/salarios">Salarios</a></li><li><a href="/es/temas/trata">Trata de personas</a></li></ul>`, false)
	for _, topic := range []string{"salarios", "trata"} {
		put("/es/temas/"+topic, topic, "", "tema", `<h1>`+topic+`</h1><p>El ministerio quiere que cada persona reciba lo que se le debe. En esta página se encuentra todo lo que ha publicado sobre el tema.</p><ul>`+list+`</ul>`, false)
	}
	put("/es/aviso-legal", "Aviso legal", "", "pagina", `<h1>Aviso legal</h1><p>`+strings.Repeat("El contenido de este sitio puede usarse si se nombra la fuente. ", 8)+`</p>`, false)
	return *s
}

// capitals is a site of 1998.
func capitals() imitated {
	s, put := site("of 1998", func(title, _, _, body string) string {
		return fmt.Sprintf(`<HTML><HEAD><TITLE>%s</TITLE></HEAD><BODY BGCOLOR="#FFFFFF">%s<HR><FONT SIZE=2><A HREF="/index.htm">Home</A> | <A HREF="/mail.htm">Mail us</A></FONT></BODY></HTML>`, title, body)
	})
	list := ""
	for i, subject := range subjects {
		at := fmt.Sprintf("/doc%02d.htm", i)
		list += fmt.Sprintf(`<LI><A HREF="%s">%s</A>`, at, subject)
		put(at, subject, "", "", fmt.Sprintf(`<CENTER><FONT SIZE=5><B>%s</B></FONT><BR>%d June 1998</CENTER>%s`, subject, i+1, text(i)), true)
	}
	put("/", "Papers", "", "", `<H1>Papers on labour</H1><UL>`+list+`</UL>`, false)
	put("/index.htm", "Papers", "", "", `<H1>Papers on labour</H1><UL>`+list+`</UL>`, false)
	put("/mail.htm", "Mail", "", "", `<H1>Mail us</H1><P>Our address is 5 Station Road.</P>`, false)
	return *s
}

// TestItemDetectionApart is TestItemDetection on sites that the rules were not
// written beside:
//
//	go test ./parsers/links -run TestItemDetectionApart -v
func TestItemDetectionApart(t *testing.T) {
	measureDetection(t, apart(), config.LinksDoor{})
}
