package survey_test

import (
	"fmt"
	"strings"
)

// heldOut were written after the rules had been mended for the other unseen
// sites, and measured once before anything was mended for them.
func heldOut() []unseen {
	simple := func(w work) string {
		return fmt.Sprintf(`<main><h1>%s</h1><p>%s</p><p>%s</p></main>`, w.title, w.text, w.more)
	}
	dated := func(w work) string {
		return fmt.Sprintf(`<main><h1>%s</h1><p class="meta">%s</p><p>%s</p><p>%s</p></main>`, w.title, w.on("2 January 2006"), w.text, w.more)
	}
	return []unseen{
		{
			name: "sitecore results", list: "/en/resources", at: folder("/en/resources/", ""), size: 10, more: numbered("/en/resources", "page", 1, 1), shown: "date kind", menu: plainMenu, foot: plainFoot,
			card: func(w work) string {
				return fmt.Sprintf(`<div class="search-results__item"><div class="search-results__item-inner"><p class="search-results__meta"><span>%s</span><span class="sep">|</span><span>%s</span></p><h2 class="search-results__title"><a href="/en/resources/%s">%s</a></h2><div class="rich-text"><p>%s</p></div></div></div>`, w.kind, w.on("02 January 2006"), w.slug, w.title, w.text)
			},
			around: func(cards, next string) string {
				if next != "" {
					next = `<a class="btn btn--load-more" href="` + next + `">Load more results</a>`
				}
				return `<main><h1>Resources</h1><div class="search-results"><p>24 results</p>` + cards + `</div>` + next + `</main>`
			},
			page: dated,
		},
		{
			name: "umbraco, us dates", list: "/publications/", at: folder("/publications/", "/"), size: 12, more: func(n int) string { return fmt.Sprintf("/publications/%s", map[bool]string{true: "?p=2"}[n > 0]) }, shown: "date kind author", menu: plainMenu, foot: plainFoot,
			card: func(w work) string {
				return fmt.Sprintf(`<section class="listing-item"><header><h3><a href="/publications/%s/">%s</a></h3><ul class="facts"><li><b>Published:</b> %s</li><li><b>Type:</b> %s</li><li><b>Author:</b> %s</li></ul></header><p>%s</p></section>`, w.slug, w.title, w.on("January 2, 2006"), w.kind, w.by, w.text)
			},
			around: func(cards, next string) string {
				if next != "" {
					next = `<p class="paging"><a href="` + next + `">Next &gt;</a></p>`
				}
				return `<main><h1>Publications</h1><div class="listing">` + cards + `</div>` + next + `</main>`
			},
			page: simple,
		},
		{
			name: "invenio", list: "/search?cc=Papers", at: func(w work) string { return fmt.Sprintf("/record/%d", w.n) }, size: 10, more: numbered("/search?cc=Papers", "jrec", 1, 10), shown: "author",
			menu: `<div class="headerbox"><table class="headermodulebox"><tr><td class="headermoduleboxbody"><a class="header" href="/?ln=en">Search</a></td><td class="headermoduleboxbody"><a class="header" href="/submit?ln=en">Submit</a></td><td class="headermoduleboxbody"><a class="header" href="/help/?ln=en">Help</a></td></tr></table></div>`,
			card: func(w work) string {
				return fmt.Sprintf(`<tr><td valign="top" align="right" style="white-space: nowrap;"><input name="recid" type="checkbox" value="%d" /> %d. </td><td valign="top"><a href="/record/%d"><strong>%s</strong></a> / <a href="/search?f=author&amp;p=x">%s</a><br /><small>%s</small><div class="moreinfo"><span class="moreinfo"><a class="moreinfo" href="/record/%d?ln=en">Detailed record</a> - <a class="moreinfo" href="/search?p=recid%%3A%d&amp;rm=wrd">Similar records</a></span></div></td></tr>`, w.n, w.n, w.n, w.title, w.by, w.text, w.n, w.n)
			},
			around: func(cards, next string) string {
				if next != "" {
					next = `<td class="searchresultsboxheader" align="center"><strong>24</strong> records found 1 - 10 <a class="img" href="` + strings.ReplaceAll(next, "&", "&amp;") + `">next</a><img src="/img/sn.gif" alt="next" border="0"></td>`
				}
				return `<div class="pagebody"><div class="pagebodystripemiddle"><table class="searchresultsbox"><tr>` + next + `</tr></table><form action="/yourbaskets/add" method="post"><table>` + cards + `</table></form></div></div>`
			},
			page: func(w work) string {
				return fmt.Sprintf(`<div class="pagebody"><div class="detailedrecordbox"><table class="metadata"><tr><th>Title</th><td><h1>%s</h1></td></tr><tr><th>Author(s)</th><td><a href="/search?f=author">%s</a></td></tr><tr><th>Abstract</th><td>%s %s</td></tr></table></div></div>`, w.title, w.by, w.text, w.more)
			},
		},
		{
			name: "list groups of bootstrap, portuguese", lang: "pt", list: "/documentos", at: folder("/documentos/", ""), size: 8, more: numbered("/documentos", "pagina", 1, 1), shown: "date kind", menu: plainMenu, foot: plainFoot,
			card: func(w work) string {
				return fmt.Sprintf(`<a href="/documentos/%s" class="list-group-item list-group-item-action flex-column align-items-start"><div class="d-flex w-100 justify-content-between"><h5 class="mb-1">%s</h5><small>%s</small></div><p class="mb-1">%s</p><small>%s</small></a>`, w.slug, w.title, w.on("2 de January de 2006"), w.text, w.kind)
			},
			around: func(cards, next string) string {
				if next != "" {
					next = `<nav><ul class="pagination"><li class="page-item active"><span class="page-link">1</span></li><li class="page-item"><a class="page-link" href="` + next + `">Próxima</a></li></ul></nav>`
				}
				return `<main class="container"><h1>Documentos</h1><div class="list-group">` + cards + `</div>` + next + `</main>`
			},
			page: dated,
		},
		{
			name: "spanish table of files", lang: "es", list: "/normativa.html", at: func(w work) string { return w.file() }, shown: "date kind", menu: plainMenu, foot: plainFoot,
			card: func(w work) string {
				return fmt.Sprintf(`<tr><td>%s</td><td>%s</td><td><p>%s</p><p>%s</p></td><td><a href="%s"><img src="/pdf.png" alt="Descargar"></a></td></tr>`, w.on("02/01/2006"), w.kind, w.title, w.text, w.file())
			},
			around: func(cards, _ string) string {
				return `<main><h1>Normativa</h1><table class="tabla"><thead><tr><th>Fecha</th><th>Tipo</th><th>Descripción</th><th>Documento</th></tr></thead><tbody>` + cards + `</tbody></table></main>`
			},
		},
		{
			name: "arabic news, read more", lang: "ar", list: "/ar/news", at: folder("/ar/news/", ""), size: 10, more: numbered("/ar/news", "page", 0, 1), shown: "date",
			menu: `<div class="top"><a href="/ar">الرئيسية</a> <a href="/ar/news">الأخبار</a> <a href="/ar/about">من نحن</a></div>`,
			card: func(w work) string {
				return fmt.Sprintf(`<div class="views-row"><div class="views-field views-field-title"><span class="field-content"><a href="/ar/news/%s">%s</a></span></div><div class="views-field views-field-created"><span class="field-content">%s</span></div><div class="views-field views-field-body"><div class="field-content">%s</div></div><div class="views-field views-field-view-node"><span class="field-content"><a href="/ar/news/%s">اقرأ المزيد</a></span></div></div>`, w.slug, w.title, w.on("02 January, 2006"), w.text, w.slug)
			},
			around: func(cards, next string) string {
				if next != "" {
					next = `<nav class="pager"><ul class="pager__items"><li class="pager__item is-active"><a href="?page=0">1</a></li><li class="pager__item pager__item--next"><a href="` + next + `" title="الذهاب إلى الصفحة التالية" rel="next"><span aria-hidden="true">››</span></a></li></ul></nav>`
				}
				return `<div class="region-content"><h1>الأخبار</h1><div class="view-content">` + cards + `</div>` + next + `</div>`
			},
			page: dated,
		},
		{
			name: "blocks of a newsletter, french", lang: "fr", list: "/lettres", at: folder("/lettres/", ""), shown: "date", menu: plainMenu, foot: plainFoot,
			card: func(w work) string {
				return fmt.Sprintf(`<div class="wp-block-column"><p><em>%s</em></p><p><strong><a href="/lettres/%s">%s</a></strong></p><p>%s</p></div>`, w.on("2 January 2006"), w.slug, w.title, w.text)
			},
			around: func(cards, _ string) string {
				return `<main><h1>Lettres</h1><div class="wp-block-columns">` + cards + `</div></main>`
			},
			page: dated,
		},
		{
			name: "accordion of years", list: "/statements/", at: folder("/statements/", "/"), shown: "date", menu: plainMenu, foot: plainFoot,
			group: func(before, w work) string {
				if before.day.Year() == w.day.Year() {
					return ""
				}
				end := "</ul></div></details>"
				if before.n == 0 {
					end = ""
				}
				return fmt.Sprintf(`%s<details class="accordion"><summary>%d</summary><div class="panel"><ul>`, end, w.day.Year())
			},
			card: func(w work) string {
				return fmt.Sprintf(`<li><span class="day">%s:</span> <a href="/statements/%s/">%s</a></li>`, w.on("2 January 2006"), w.slug, w.title)
			},
			around: func(cards, _ string) string {
				return `<main><h1>Statements</h1>` + cards + `</ul></div></details></main>`
			},
			page: dated,
		},
		{
			name: "german ministry", lang: "de", list: "/DE/Service/Publikationen/publikationen.html", at: folder("/SharedDocs/Publikationen/DE/", ".html"), size: 10, more: numbered("/DE/Service/Publikationen/publikationen.html", "gtp", 1, 1), shown: "date kind",
			menu: `<header class="l-header"><nav class="c-nav"><ul><li><a href="/DE/Themen/themen.html">Themen</a></li><li><a href="/DE/Service/service.html">Service</a></li></ul></nav></header>`, foot: plainFoot,
			card: func(w work) string {
				return fmt.Sprintf(`<div class="c-teaser c-teaser--search"><div class="c-teaser__text"><h3 class="c-teaser__headline"><a href="/SharedDocs/Publikationen/DE/%s.html" class="c-teaser__headline-link"><span class="c-teaser__type">%s</span><span class="aural">:</span> %s</a></h3><p class="c-teaser__date"><span class="aural">Datum</span> %s</p><p>%s</p></div></div>`, w.slug, w.kind, w.title, w.on("02.01.2006"), w.text)
			},
			around: func(cards, next string) string {
				if next != "" {
					next = `<nav class="c-pagination"><ul><li><span>1</span></li><li><a href="/DE/Service/Publikationen/publikationen.html?gtp=2" title="Zur Seite 2">2</a></li><li class="forward"><a class="forward" href="` + next + `" title="Zur nächsten Seite">Nächste Seite</a></li></ul></nav>`
				}
				return `<main class="l-main"><h1>Publikationen</h1><div class="l-results">` + cards + `</div>` + next + `</main>`
			},
			page: func(w work) string {
				return fmt.Sprintf(`<main class="l-main"><h1>%s</h1><dl class="docData"><dt>Typ</dt><dd>%s</dd><dt>Datum</dt><dd>%s</dd></dl><p class="abstract">%s</p><p>%s</p></main>`, w.title, w.kind, w.on("02.01.2006"), w.text, w.more)
			},
		},
		{
			name: "grid of figures", list: "/reports/", at: folder("/reports/", "/"), size: 9, more: func(n int) string { return []string{"/reports/", "/reports/page/2/", "/reports/page/3/"}[n] }, shown: "year file", menu: plainMenu, foot: plainFoot,
			card: func(w work) string {
				return fmt.Sprintf(`<figure class="cover"><a href="/reports/%s/"><img src="/c.jpg" alt="Cover of %s"></a><figcaption><a href="/reports/%s/">%s</a> <span class="when">(%d)</span> <a class="pdf" href="%s">PDF</a></figcaption></figure>`, w.slug, w.title, w.slug, w.title, w.day.Year(), w.file())
			},
			around: func(cards, next string) string {
				if next != "" {
					next = `<div class="nav-links"><span class="current">1</span><a class="next" href="` + next + `"><i class="icon-arrow"></i></a></div>`
				}
				return `<main><h1>Reports</h1><div class="covers">` + cards + `</div>` + next + `</main>`
			},
			page: simple,
		},
	}
}
