package survey_test

import "fmt"

// unseenPlain imitate pages without a system, or whose system leaves no names.
func unseenPlain() []unseen {
	simple := func(w work) string {
		return fmt.Sprintf(`<div id="page"><h1>%s</h1><p>%s</p><p>%s</p></div>`, w.title, w.text, w.more)
	}
	return []unseen{
		{
			name: "cards of bootstrap with badges", list: "/reports.html", at: folder("/reports/", ".html"), size: 8, more: func(n int) string {
				return []string{"/reports.html", "/reports-2.html", "/reports-3.html"}[n]
			}, shown: "date kind file",
			menu: `<nav class="navbar navbar-expand-lg"><a class="navbar-brand" href="/">Labour Library</a><ul class="navbar-nav"><li class="nav-item"><a class="nav-link" href="/reports.html">Reports</a></li><li class="nav-item"><a class="nav-link" href="/people.html">People</a></li></ul></nav>`, foot: plainFoot,
			card: func(w work) string {
				return fmt.Sprintf(`<div class="col"><div class="card shadow-sm h-100"><img src="/i.jpg" class="card-img-top" alt="Cover"><div class="card-body d-flex flex-column"><h5 class="card-title">%s</h5><h6 class="card-subtitle mb-2 text-muted"><span class="badge bg-primary">%s</span> %s</h6><p class="card-text">%s</p><div class="mt-auto btn-group"><a href="/reports/%s.html" class="btn btn-sm btn-outline-secondary">Read more</a><a href="%s" class="btn btn-sm btn-outline-secondary">Download</a></div></div></div></div>`, w.title, w.kind, w.on("January 2, 2006"), w.text, w.slug, w.file())
			},
			around: func(cards, next string) string {
				if next != "" {
					next = `<nav aria-label="Pages"><ul class="pagination"><li class="page-item disabled"><a class="page-link">Previous</a></li><li class="page-item"><a class="page-link" href="` + next + `">Next</a></li></ul></nav>`
				}
				return `<main class="container"><h1>Reports</h1><div class="row row-cols-1 row-cols-md-3 g-4">` + cards + `</div>` + next + `</main>`
			},
			page: simple,
		},
		{
			name: "a table by hand", list: "/papers.htm", at: folder("/papers/", ".htm"), shown: "year author",
			card: func(w work) string {
				return fmt.Sprintf("<tr>\n<td>%d</td>\n<td><a href=\"papers/%s.htm\">%s</a></td>\n<td>%s</td>\n</tr>\n", w.day.Year(), w.slug, w.title, w.by)
			},
			around: func(cards, _ string) string {
				return `<center><h2>Papers of the library</h2></center><p><a href="/">Home</a> | <a href="/papers.htm">Papers</a> | <a href="/links.htm">Links</a></p><table border="1" cellpadding="4"><tr><td><b>Year</b></td><td><b>Title</b></td><td><b>Author</b></td></tr>` + cards + `</table><hr><p><i>Last updated 3 January 2024</i></p>`
			},
			page: simple,
		},
		{
			name: "a list of definitions by hand", list: "/bulletins/", at: folder("/bulletins/", "/"), shown: "date", menu: plainMenu, foot: plainFoot,
			card: func(w work) string {
				return fmt.Sprintf("<dt>%s</dt><dd><a href=\"/bulletins/%s/\">%s</a></dd>", w.on("2 January 2006"), w.slug, w.title)
			},
			around: func(cards, _ string) string {
				return `<div class="text"><h1>Bulletins</h1><p>All that we have sent out since 2023.</p><dl>` + cards + `</dl></div>`
			},
			page: simple,
		},
		{
			name: "files only, by years", list: "/statements", at: func(w work) string { return w.file() }, shown: "date", menu: plainMenu, foot: plainFoot,
			group: func(before, w work) string {
				if before.day.Year() == w.day.Year() {
					return ""
				}
				end := "</ul>"
				if before.n == 0 {
					end = ""
				}
				return fmt.Sprintf(`%s<h2>%d</h2><ul class="downloads">`, end, w.day.Year())
			},
			card: func(w work) string {
				return fmt.Sprintf(`<li><a href="%s" target="_blank">%s</a> <span>(%s, PDF, 214 KB)</span><p>%s</p></li>`, w.file(), w.title, w.on("2 January 2006"), w.text)
			},
			around: func(cards, _ string) string {
				return `<main><h1>Statements</h1>` + cards + `</ul></main>`
			},
		},
		{
			name: "headings of months", list: "/archive/", at: folder("/archive/", "/"), shown: "month", menu: plainMenu, foot: plainFoot,
			group: func(before, w work) string {
				if before.day.Format("2006-01") == w.day.Format("2006-01") {
					return ""
				}
				return fmt.Sprintf(`<h3>%s</h3>`, w.on("January 2006"))
			},
			card: func(w work) string {
				return fmt.Sprintf(`<p class="entry"><a href="/archive/%s/">%s</a></p>`, w.slug, w.title)
			},
			around: func(cards, _ string) string { return `<main><h1>Archive</h1>` + cards + `</main>` },
			page: func(w work) string {
				return fmt.Sprintf(`<main><h1>%s</h1><p class="when">%s</p><p>%s</p><p>%s</p></main>`, w.title, w.on("January 2006"), w.text, w.more)
			},
		},
		{
			name: "paragraphs by hand", list: "/news.php", at: func(w work) string { return fmt.Sprintf("/news.php?id=%d", w.n) }, shown: "date", size: 10, more: numbered("/news.php", "p", 1, 1),
			menu: `<div id="menu"><a href="/">Home</a><br><a href="/news.php">News</a><br><a href="/team.php">Who we are</a></div>`,
			card: func(w work) string {
				return fmt.Sprintf("<p><strong><a href=\"news.php?id=%d\">%s</a></strong><br>\n<em>%s</em> &ndash; %s <a href=\"news.php?id=%d\">more</a></p>\n", w.n, w.title, w.on("02.01.2006"), w.text, w.n)
			},
			around: func(cards, next string) string {
				if next != "" {
					next = `<p align="right">1 | <a href="` + next + `">older entries</a></p>`
				}
				return `<div id="main"><h2>News</h2>` + cards + next + `</div>`
			},
			page: func(w work) string {
				return fmt.Sprintf(`<div id="main"><h2>%s</h2><p><em>%s</em></p><p>%s</p><p>%s</p></div>`, w.title, w.on("02.01.2006"), w.text, w.more)
			},
		},
		{
			name: "names of a build tool", list: "/library", at: folder("/library/", ""), size: 10, more: numbered("/library", "page", 1, 1), shown: "date kind", menu: plainMenu, foot: plainFoot,
			card: func(w work) string {
				return fmt.Sprintf(`<li class="css-1x%d"><div class="sc-bdVaJa iAqKxb"><a class="Link_root__k3Jd9" href="/library/%s"><h3 class="Card_title__a8Xf2">%s</h3></a><div class="Card_meta__Zb1Lq"><span>%s</span><span>%s</span></div><div class="Card_text__pQ2Rt">%s</div></div></li>`, w.n, w.slug, w.title, w.kind, w.on("2 January 2006"), w.text)
			},
			around: func(cards, next string) string {
				if next != "" {
					next = `<div class="Pager_root__x1"><a class="Pager_link__y2" aria-label="Next" href="` + next + `">→</a></div>`
				}
				return `<div id="__next"><main class="Layout_main__d2"><h1>Library</h1><ul class="List_root__m9">` + cards + `</ul>` + next + `</main></div>`
			},
			page: func(w work) string {
				return fmt.Sprintf(`<div id="__next"><main class="Layout_main__d2"><h1 class="Article_h__s1">%s</h1><div class="Article_meta__s2"><span>%s</span><span>%s</span></div><div class="Article_text__s3"><p>%s</p><p>%s</p></div></main></div>`, w.title, w.kind, w.on("2 January 2006"), w.text, w.more)
			},
		},
	}
}
