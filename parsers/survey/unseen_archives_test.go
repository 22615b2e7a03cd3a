package survey_test

import (
	"fmt"
	"strings"
)

// unseenArchives imitate repositories, journals and archives whose interfaces
// for programs are closed.
func unseenArchives() []unseen {
	return []unseen{
		{
			name: "ojs, one issue", list: "/index.php/review/issue/view/12", at: func(w work) string { return fmt.Sprintf("/index.php/review/article/view/%d", w.n) }, shown: "author",
			menu: `<nav class="pkp_site_nav_menu"><ul id="navigationPrimary" class="pkp_navigation_primary pkp_nav_list"><li><a href="/index.php/review/issue/current">Current</a></li><li><a href="/index.php/review/issue/archive">Archives</a></li><li><a href="/index.php/review/about">About the review</a></li></ul></nav>`,
			foot: `<div class="pkp_structure_sidebar left" role="complementary"><div class="pkp_block block_information"><h2 class="title">Information</h2><div class="content"><ul><li><a href="/index.php/review/information/readers">For Readers</a></li><li><a href="/index.php/review/information/authors">For Authors</a></li><li><a href="/index.php/review/information/librarians">For Librarians</a></li></ul></div></div></div>`,
			card: func(w work) string {
				return fmt.Sprintf(`<li><div class="obj_article_summary"><h3 class="title"><a id="article-%d" href="/index.php/review/article/view/%d">%s</a></h3><div class="meta"><div class="authors">%s</div><div class="pages">%d-%d</div></div><ul class="galleys_links"><li><a class="obj_galley_link pdf" href="/index.php/review/article/view/%d/%d" aria-labelledby="article-%d">PDF</a></li></ul></div></li>`, w.n, w.n, w.title, w.by, w.n, w.n+20, w.n, w.n+900, w.n)
			},
			around: func(cards, _ string) string {
				return `<div class="pkp_structure_content has_sidebar"><div class="pkp_structure_main" role="main"><div class="page page_issue"><nav class="cmp_breadcrumbs" role="navigation"><ol><li><a href="/index.php/review/index">Home</a><span class="separator">/</span></li><li><a href="/index.php/review/issue/archive">Archives</a></li></ol></nav><h1>No. 12 (2024): Debt</h1><div class="obj_issue_toc"><div class="heading"><a class="cover" href="/index.php/review/issue/view/12"><img src="/c.jpg" alt=""></a><div class="published"><span class="label">Published:</span><span class="value">2024-04-29</span></div></div><div class="sections"><div class="section"><h2>Articles</h2><ul class="cmp_article_list articles">` + cards + `</ul></div></div></div></div></div></div>`
			},
			page: func(w work) string {
				return fmt.Sprintf(`<div role="main"><div class="page page_article"><article class="obj_article_details"><h1 class="page_title">%s</h1><div class="row"><div class="main_entry"><section class="item authors"><h2 class="pkp_screen_reader">Authors</h2><ul class="authors"><li><span class="name">%s</span></li></ul></section><section class="item abstract"><h2 class="label">Abstract</h2><p>%s %s</p></section></div><div class="entry_details"><div class="item galleys"><ul class="value galleys_links"><li><a class="obj_galley_link pdf" href="/index.php/review/article/view/%d/%d">PDF</a></li></ul></div><div class="item published"><section class="sub_item"><h2 class="label">Published</h2><div class="value"><span>2024-04-29</span></div></section></div></div></div></article></div></div>`, w.title, w.by, w.text, w.more, w.n, w.n+900)
			},
		},
		{
			name: "omeka s, browse", list: "/s/archive/item", at: func(w work) string { return fmt.Sprintf("/s/archive/item/%d", w.n) }, size: 10, more: numbered("/s/archive/item", "page", 1, 1), shown: "",
			menu: plainMenu, foot: plainFoot,
			card: func(w work) string {
				return fmt.Sprintf(`<li class="item resource"><a href="/s/archive/item/%d"><img src="/files/medium/%d.jpg" alt=""></a><h4><a href="/s/archive/item/%d" class="resource-link"><span class="resource-name">%s</span></a></h4><div class="description">%s</div></li>`, w.n, w.n, w.n, w.title, w.text)
			},
			around: func(cards, next string) string {
				if next != "" {
					next = fmt.Sprintf(`<nav class="pagination" role="navigation"><form method="GET" action=""><input type="text" name="page" class="page-input-top" value="1" size="4"><span class="page-count">of 3</span></form><span class="previous o-icon-prev button inactive"></span><a class="next o-icon-next button" href="%s" title="Next" aria-label="Next"></a><span class="row-count">1–10 of 24</span></nav>`, next)
				}
				return `<div id="content" role="main"><h2>Items</h2><div class="browse-controls">` + next + `<form class="sorting"><select name="sort_by"><option value="created">Created</option></select></form></div><ul class="resource-list">` + cards + `</ul>` + next + `</div>`
			},
			page: func(w work) string {
				return fmt.Sprintf(`<div id="content" role="main"><h2><span class="title">%s</span></h2><h3>Item</h3><dl><div class="property"><dt>Title <span class="field-term">(dcterms:title)</span></dt><dd class="value" lang="">%s</dd></div><div class="property"><dt>Description <span class="field-term">(dcterms:description)</span></dt><dd class="value">%s %s</dd></div><div class="property"><dt>Type</dt><dd class="value">%s</dd></div></dl></div>`, w.title, w.title, w.text, w.more, w.kind)
			},
		},
		{
			name: "dspace 6, xmlui", list: "/xmlui/handle/123456789/7/recent-submissions", at: func(w work) string { return fmt.Sprintf("/xmlui/handle/123456789/%d", w.n) }, size: 10, more: numbered("/xmlui/handle/123456789/7/recent-submissions", "offset", 0, 10), shown: "date author",
			menu: `<header><div class="navbar navbar-default"><a href="/xmlui/" class="navbar-brand">Labour Library</a></div></header><div class="trail-wrapper"><ul class="breadcrumb"><li><a href="/xmlui/">DSpace Home</a></li><li><a href="/xmlui/handle/123456789/7">Papers</a></li></ul></div>`,
			foot: `<div class="col-xs-6 col-sm-3 sidebar" id="sidebar"><div class="word-break"><h2 class="ds-option-set-head">Browse</h2><div class="list-group"><a class="list-group-item active"><span class="h5">All of DSpace</span></a><a href="/xmlui/community-list" class="list-group-item ds-option">Communities &amp; Collections</a><a href="/xmlui/browse?type=dateissued" class="list-group-item ds-option">By Issue Date</a><a href="/xmlui/browse?type=author" class="list-group-item ds-option">Authors of the library</a></div></div></div>`,
			card: func(w work) string {
				return fmt.Sprintf(`<li class="ds-artifact-item odd"><div class="thumbnail artifact-preview"><a class="image-link" href="/xmlui/handle/123456789/%d"><img alt="Thumbnail" class="img-responsive" src="/t.jpg"></a></div><div class="artifact-description"><h4 class="artifact-title"><a href="/xmlui/handle/123456789/%d">%s</a><span class="Z3988" title="ctx_ver=Z39.88-2004&amp;rft_val_fmt=info%%3Aofi%%2Ffmt%%3Akev%%3Amtx%%3Adc">&#65279; </span></h4><div class="artifact-info"><span class="author h4"><small><span>%s</span></small></span> <span class="publisher-date h4"><small>(<span class="date">%s</span>)</small></span></div><div class="artifact-abstract">%s</div></div></li>`, w.n, w.n, w.title, w.by, w.day.Format("2006-01-02"), w.text)
			},
			around: func(cards, next string) string {
				pager := `<div class="pagination-simple clearfix top"><p class="pagination-info">Now showing items 1-10 of 24</p><ul class="pagination"><li class="disabled"><a class="previous-page-link"><span class="glyphicon glyphicon-arrow-left"></span></a></li>%s</ul></div>`
				if next != "" {
					next = `<li><a class="next-page-link" href="` + next + `"><span class="glyphicon glyphicon-arrow-right"></span></a></li>`
				}
				pager = fmt.Sprintf(pager, next)
				return `<div class="main-content"><div id="aspect_discovery_recentSubmissions" class="ds-static-div primary"><h2 class="ds-div-head page-header first-page-header">Recent Submissions</h2>` + pager + `<ul class="ds-artifact-list list-unstyled">` + cards + `</ul>` + pager + `</div></div>`
			},
			page: func(w work) string {
				return fmt.Sprintf(`<div class="main-content"><div class="item-summary-view-metadata"><h2 class="page-header first-page-header">%s</h2><div class="simple-item-view-date word-break item-page-field-wrapper table"><h5>Date</h5>%s</div><div class="simple-item-view-authors item-page-field-wrapper table"><h5>Author</h5><div>%s</div></div><div class="simple-item-view-description item-page-field-wrapper table"><h5>Abstract</h5><div>%s %s</div></div></div></div>`, w.title, w.day.Format("2006-01-02"), w.by, w.text, w.more)
			},
		},
		{
			name: "dspace 6, jspui", list: "/jspui/browse?type=dateissued", at: func(w work) string { return fmt.Sprintf("/jspui/handle/1/%d", w.n) }, size: 10, more: numbered("/jspui/browse?type=dateissued", "offset", 0, 10), shown: "date author",
			menu: plainMenu, foot: plainFoot,
			card: func(w work) string {
				odd := []string{"even", "odd"}[w.n/7%2]
				return fmt.Sprintf(`<tr><td headers="t1" class="%sRowOddCol" nowrap="nowrap" align="right">%s</td><td headers="t2" class="%sRowEvenCol" ><strong><a href="/jspui/handle/1/%d">%s</a></strong></td><td headers="t3" class="%sRowOddCol" ><em><a href="/jspui/browse?type=author&amp;value=x">%s</a></em></td></tr>`, odd, w.day.Format("2-Jan-2006"), odd, w.n, w.title, odd, w.by)
			},
			around: func(cards, next string) string {
				if next != "" {
					next = `<div align="center" class="panel-footer">Showing results 1 to 10 of 24 <a class="pull-right" href="` + next + `">next &gt;</a></div>`
				}
				return `<main id="content"><div class="container"><h2>Browsing by Issue Date</h2><div id="browse_navigation" class="well text-center"><form method="get" action="/jspui/browse"><select name="year"><option>2024</option></select></form></div><div class="panel panel-primary">` + next + `<table align="center" class="table" summary="This table browses all dspace content"><tr><th id="t1" class="oddRowEvenCol">Issue Date</th><th id="t2" class="oddRowOddCol">Title</th><th id="t3" class="oddRowEvenCol">Author(s)</th></tr>` + cards + `</table>` + next + `</div></div></main>`
			},
			page: func(w work) string {
				return fmt.Sprintf(`<main id="content"><div class="container"><table class="table itemDisplayTable"><tr><td class="metadataFieldLabel dc_title">Title:&nbsp;</td><td class="metadataFieldValue dc_title">%s</td></tr><tr><td class="metadataFieldLabel dc_contributor">Authors:&nbsp;</td><td class="metadataFieldValue"><a class="author" href="/jspui/browse?x">%s</a></td></tr><tr><td class="metadataFieldLabel dc_date_issued">Issue Date:&nbsp;</td><td class="metadataFieldValue">%s</td></tr><tr><td class="metadataFieldLabel dc_description_abstract">Abstract:&nbsp;</td><td class="metadataFieldValue">%s %s</td></tr></table></div></main>`, w.title, w.by, w.day.Format("2-Jan-2006"), w.text, w.more)
			},
		},
		{
			name: "eprints, a year of papers", list: "/view/year/all.html", at: func(w work) string { return fmt.Sprintf("/%d/", w.n) }, shown: "year author",
			menu: plainMenu, foot: plainFoot,
			card: func(w work) string {
				return fmt.Sprintf(`<p><span class="person_name">%s</span> (%d) <a href="/%d/"><em>%s</em></a> %s. Labour Library, Geneva.</p>`, w.by, w.day.Year(), w.n, w.title, w.kind)
			},
			around: func(cards, _ string) string {
				return `<div class="ep_tm_page_content"><h1 class="ep_tm_pagetitle">Items by year</h1><div class="no_link_decor"><a href="/view/year/"><img src="/multi_up.png"> Up a level</a></div><div class="ep_view_page ep_view_page_view_year"><p>Number of items: <strong>24</strong>.</p>` + cards + `<p>This list was generated on <strong>Wed Nov 27 2024</strong>.</p></div></div>`
			},
			page: func(w work) string {
				return fmt.Sprintf(`<div class="ep_tm_page_content"><h1 class="ep_tm_pagetitle">%s</h1><div class="ep_summary_content"><p class="ep_block"><span class="person_name">%s</span> (%d) <em>%s.</em> %s. Labour Library, Geneva.</p><h2>Abstract</h2><p style="text-align: left;">%s %s</p><table><tr><th>Item Type:</th><td>%s</td></tr></table></div></div>`, w.title, w.by, w.day.Year(), w.title, w.kind, w.text, w.more, w.kind)
			},
		},
		{
			name: "atom archive", list: "/index.php/informationobject/browse?topLod=0", at: folder("/index.php/", ""), size: 10, more: numbered("/index.php/informationobject/browse?topLod=0", "page", 1, 1), shown: "date",
			menu: plainMenu, foot: plainFoot,
			card: func(w work) string {
				return fmt.Sprintf(`<article class="search-result row g-0 p-3 border-bottom"><div class="col-12 d-flex flex-column gap-1"><div class="d-flex align-items-center gap-2"><a href="/index.php/%s" class="h5 mb-0 text-truncate" title="%s">%s</a><button class="btn atom-btn-white ms-auto active-primary clipboard" data-clipboard-slug="%s"><i class="fas fa-lg fa-paperclip" aria-hidden="true"></i><span class="visually-hidden">Add to clipboard</span></button></div><div class="d-flex flex-column gap-2"><div class="d-flex flex-column"><div class="d-flex flex-wrap"><span class="text-primary">GB 0001 %d</span> <span class="text-muted mx-2"> · </span><span class="text-muted">Item</span> <span class="text-muted mx-2"> · </span><span class="text-muted">%s</span></div></div><span class="text-block d-none"><p>%s</p></span></div></div></article>`, w.slug, w.title, w.title, w.slug, w.n, w.on("2006-01-02"), w.text)
			},
			around: func(cards, next string) string {
				if next != "" {
					next = `<nav aria-label="Page navigation"><div class="result-count text-center mb-2">Results 1 to 10 of 24</div><ul class="pagination justify-content-center"><li class="page-item active"><span class="page-link">1</span></li><li class="page-item"><a class="page-link" title="Go to page 2" href="#">2</a></li><li class="page-item"><a class="page-link" rel="next" title="Go to next page" href="` + next + `">Next</a></li></ul></nav>`
				}
				return `<div id="wrapper" class="container-xxl pt-3 flex-grow-1"><div class="row"><div id="sidebar" class="col-md-3"><h2 class="d-grid"><button class="btn">Narrow your results by:</button></h2></div><div id="main-column" role="main" class="col-md-9"><h1>Showing 24 results</h1><div id="content">` + cards + `</div>` + next + `</div></div></div>`
			},
			page: func(w work) string {
				return fmt.Sprintf(`<div id="main-column" role="main"><h1>%s</h1><section id="identityArea"><h2>Identity area</h2><div class="field"><h3>Title</h3><div>%s</div></div><div class="field"><h3>Date(s)</h3><div><ul><li>%s (Creation)</li></ul></div></div></section><section id="contentAndStructureArea"><h2>Content and structure area</h2><div class="field"><h3>Scope and content</h3><div><p>%s %s</p></div></div></section></div>`, w.title, w.title, w.on("2006-01-02"), w.text, w.more)
			},
		},
		{
			name: "results of a search, aspx", list: "/search/results.aspx?k=labour", at: func(w work) string { return fmt.Sprintf("/search/document.aspx?id=%d", w.n) }, size: 10, more: numbered("/search/results.aspx?k=labour", "pg", 1, 1), shown: "date kind author",
			menu: plainMenu, foot: plainFoot,
			card: func(w work) string {
				return fmt.Sprintf(`<div class="resultItem"><div class="resultNumber">%d.</div><div class="resultBody"><a id="ctl00_rpt_ctl%d_lnk" href="/search/document.aspx?id=%d"><b>%s</b></a><br /><span class="label">Author:</span> %s<br /><span class="label">Type:</span> %s<br /><span class="label">Date:</span> %s<br /><span class="resultAbstract">%s</span></div></div>`, w.n, w.n, w.n, w.title, w.by, w.kind, w.on("02 January 2006"), w.text)
			},
			around: func(cards, next string) string {
				if next != "" {
					next = `<div class="pagerBar"><b>1</b> <a href="/search/results.aspx?k=labour&amp;pg=2">2</a> <a href="/search/results.aspx?k=labour&amp;pg=3">3</a> <a href="` + strings.ReplaceAll(next, "&", "&amp;") + `">&gt;</a> <a href="/search/results.aspx?k=labour&amp;pg=3">&gt;&gt;</a></div>`
				}
				return `<form name="aspnetForm" method="post" action="results.aspx?k=labour" id="aspnetForm"><input type="hidden" name="__VIEWSTATE" value="x"><div id="content"><h1>Search results</h1>` + next + cards + next + `</div></form>`
			},
			page: func(w work) string {
				return fmt.Sprintf(`<form name="aspnetForm" method="post"><div id="content"><h1>%s</h1><table class="details"><tr><td class="label">Author:</td><td>%s</td></tr><tr><td class="label">Type:</td><td>%s</td></tr><tr><td class="label">Date:</td><td>%s</td></tr></table><h3>Abstract</h3><div class="abstract">%s %s</div></div></form>`, w.title, w.by, w.kind, w.on("02 January 2006"), w.text, w.more)
			},
		},
		{
			name: "mediawiki, a category by letters", list: "/index.php/Category:Papers", at: folder("/index.php/", ""), shown: "",
			head: `<meta name="generator" content="MediaWiki 1.39.17"><link rel="alternate" type="application/atom+xml" title="Labour Wiki Atom feed" href="/index.php?title=Special:RecentChanges&amp;feed=atom">`,
			menu: `<div id="mw-page-base" class="noprint"></div>`,
			foot: `<div id="mw-navigation"><nav id="p-navigation" class="vector-menu vector-menu-portal" role="navigation"><ul class="vector-menu-content-list"><li id="n-mainpage-description" class="mw-list-item"><a href="/index.php/Main_Page">Main page</a></li><li id="n-recentchanges" class="mw-list-item"><a href="/index.php/Special:RecentChanges">Recent changes</a></li></ul></nav></div><footer id="footer"><ul id="footer-places"><li><a href="/index.php/Labour_Wiki:About">About Labour Wiki</a></li></ul></footer>`,
			group: func(before, w work) string {
				if before.n != 0 && before.title[0] == w.title[0] {
					return ""
				}
				end := "</ul></div>"
				if before.n == 0 {
					end = ""
				}
				return fmt.Sprintf(`%s<div class="mw-category-group"><h3>%c</h3><ul>`, end, w.title[0])
			},
			card: func(w work) string {
				return fmt.Sprintf(`<li><a href="/index.php/%s" title="%s">%s</a></li>`, w.slug, w.title, w.title)
			},
			around: func(cards, _ string) string {
				return `<div id="content" class="mw-body" role="main"><h1 id="firstHeading" class="firstHeading mw-first-heading">Category:Papers</h1><div id="mw-content-text"><div class="mw-category-generated"><div id="mw-pages"><h2>Pages in category "Papers"</h2><p>The following 24 pages are in this category, out of 24 total.</p><div class="mw-content-ltr"><div class="mw-category mw-category-columns">` + cards + `</ul></div></div></div></div></div></div></div>`
			},
			page: func(w work) string {
				return fmt.Sprintf(`<div id="content" class="mw-body" role="main"><h1 id="firstHeading" class="firstHeading mw-first-heading"><span class="mw-page-title-main">%s</span></h1><div id="bodyContent" class="vector-body"><div id="siteSub" class="noprint">From Labour Wiki</div><div id="mw-content-text" class="mw-body-content mw-content-ltr" lang="en" dir="ltr"><div class="mw-parser-output"><p>%s</p><p>%s</p></div></div><div id="catlinks" class="catlinks"><div id="mw-normal-catlinks"><a href="/index.php/Special:Categories" title="Special:Categories">Category</a>: <ul><li><a href="/index.php/Category:Papers" title="Category:Papers">Papers</a></li></ul></div></div></div></div>`, w.title, w.text, w.more)
			},
		},
	}
}
