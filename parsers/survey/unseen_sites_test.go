package survey_test

import (
	"fmt"
	"slices"
	"strings"
)

func unseenSites() []unseen {
	return slices.Concat(unseenSystems(), unseenArchives(), unseenPlain(), unseenTongues(), heldOut())
}

// numbered are the addresses of the pages of a list by a parameter.
func numbered(list, name string, first, step int) func(n int) string {
	return func(n int) string {
		if n == 0 {
			return list
		}
		sign := "?"
		if strings.Contains(list, "?") {
			sign = "&"
		}
		return fmt.Sprintf("%s%s%s=%d", list, sign, name, first+n*step)
	}
}

func folder(prefix, suffix string) func(w work) string {
	return func(w work) string { return prefix + w.slug + suffix }
}

const plainMenu = `<header><a class="logo" href="/">Labour Library</a><nav><ul><li><a href="/about">About the library</a></li><li><a href="/publications">Publications</a></li><li><a href="/news">News and events</a></li><li><a href="/contact">Contact us</a></li></ul></nav></header>`

const plainFoot = `<footer><ul><li><a href="/privacy">Privacy notice</a></li><li><a href="/accessibility">Accessibility</a></li><li><a href="https://social.example/library">Follow us</a></li></ul><p>© 2024 Labour Library. All rights reserved.</p></footer>`

// latest is a box that stands beside items on every page of them.
func latest(head, list string, titles ...string) string {
	var b strings.Builder
	b.WriteString(head)
	for i, t := range titles {
		fmt.Fprintf(&b, `<li><a href="/latest/%d">%s</a></li>`, i, t)
	}
	return fmt.Sprintf(list, b.String())
}

// unseenSystems imitate content management systems.
func unseenSystems() []unseen {
	return []unseen{
		{
			name: "drupal views table", list: "/library/publications", at: folder("/node/", ""), size: 10, more: numbered("/library/publications", "page", 0, 1), shown: "date kind file",
			menu: `<a href="#main-content" class="visually-hidden focusable skip-link">Skip to main content</a><div class="layout-container"><header role="banner"><nav role="navigation"><ul class="menu"><li class="menu-item"><a href="/" data-drupal-link-system-path="&lt;front&gt;">Home</a></li><li class="menu-item"><a href="/library/publications" data-drupal-link-system-path="library/publications">Publications</a></li><li class="menu-item"><a href="/about">About the library</a></li></ul></nav></header>`,
			foot: `<footer role="contentinfo"><nav><ul class="menu"><li class="menu-item"><a href="/contact">Contact</a></li></ul></nav></footer></div>`,
			card: func(w work) string {
				return fmt.Sprintf(`<tr><td headers="view-field-date-table-column" class="views-field views-field-field-date"><time datetime="%sT12:00:00Z" class="datetime">%s</time></td><td headers="view-title-table-column" class="views-field views-field-title"><a href="/node/%s" hreflang="en">%s</a></td><td headers="view-field-type-table-column" class="views-field views-field-field-type">%s</td><td class="views-field views-field-field-file"><span class="file file--mime-application-pdf file--application-pdf"><a href="%s" type="application/pdf">%s.pdf</a></span></td></tr>`, w.day.Format("2006-01-02"), w.on("02/01/2006"), w.slug, w.title, w.kind, w.file(), w.slug)
			},
			around: func(cards, next string) string {
				pager := ""
				if next != "" {
					pager = fmt.Sprintf(`<nav class="pager" role="navigation" aria-labelledby="pagination-heading"><h4 id="pagination-heading" class="visually-hidden">Pagination</h4><ul class="pager__items js-pager__items"><li class="pager__item is-active"><a href="?page=0" title="Current page" aria-current="page">1</a></li><li class="pager__item pager__item--next"><a href="%s" title="Go to next page" rel="next"><span class="visually-hidden">Next page</span><span aria-hidden="true">Next ›</span></a></li><li class="pager__item pager__item--last"><a href="?page=2" title="Go to last page"><span aria-hidden="true">Last »</span></a></li></ul></nav>`, next)
				}
				return `<main role="main"><a id="main-content" tabindex="-1"></a><div class="region region-content"><h1 class="page-title">Publications</h1><div class="views-element-container"><div class="view view-publications view-id-publications view-display-id-page_1"><div class="view-filters"><form class="views-exposed-form" action="/library/publications" method="get"><div class="form-item"><label>Type</label><select name="type"><option value="All">- Any -</option><option value="1">Report</option><option value="2">Guidance</option></select></div><input type="submit" value="Apply"></form></div><div class="view-content"><table class="views-table views-view-table cols-4"><thead><tr><th scope="col">Date</th><th scope="col"><a href="?order=title&amp;sort=asc" title="sort by Title">Title</a></th><th scope="col">Type</th><th scope="col">File</th></tr></thead><tbody>` + cards + `</tbody></table></div>` + pager + `</div></div></div></main>`
			},
			page: func(w work) string {
				return fmt.Sprintf(`<main role="main"><nav class="breadcrumb"><ol><li><a href="/">Home</a></li><li><a href="/library/publications">Publications</a></li></ol></nav><h1 class="page-title"><span class="field field--name-title">%s</span></h1><article class="node node--type-publication node--view-mode-full"><div class="node__content"><div class="field field--name-field-date field--type-datetime field--label-inline"><div class="field__label">Date</div><div class="field__item"><time datetime="%sT12:00:00Z">%s</time></div></div><div class="clearfix text-formatted field field--name-body field--type-text-with-summary field--label-hidden field__item"><p>%s</p><p>%s</p></div><div class="field field--name-field-file"><a href="%s" type="application/pdf">%s.pdf</a></div></div></article></main>`, w.title, w.day.Format("2006-01-02"), w.on("02/01/2006"), w.text, w.more, w.file(), w.slug)
			},
		},
		{
			name: "drupal teasers", list: "/resources", at: folder("/resources/", ""), size: 10, more: numbered("/resources", "page", 0, 1), shown: "date kind author",
			menu: plainMenu, foot: plainFoot,
			card: func(w work) string {
				return fmt.Sprintf(`<div class="views-row"><article data-history-node-id="%d" class="node node--type-resource node--promoted node--view-mode-teaser"><header><div class="node__meta"><span class="node__author">By <span>%s</span></span>, <span class="node__date">%s</span></div><h2 class="node__title"><a href="/resources/%s" rel="bookmark"><span>%s</span></a></h2></header><div class="node__content"><div class="field field--name-field-category field__item"><a href="/taxonomy/term/%d" hreflang="en">%s</a></div><div class="text-content field field--name-body field__item"><p>%s</p></div><ul class="links inline"><li><a href="/resources/%s" rel="tag" title="%s">Read more<span class="visually-hidden"> about %s</span></a></li></ul></div></article></div>`, w.n, w.by, w.on("2 January, 2006"), w.slug, w.title, len(w.kind), w.kind, w.text, w.slug, w.title, w.title)
			},
			around: func(cards, next string) string {
				if next != "" {
					next = `<nav class="pager"><ul><li class="pager__item pager__item--next"><a href="` + next + `" rel="next">››</a></li></ul></nav>`
				}
				return `<main><h1>Resources</h1><div class="views-infinite-scroll-content-wrapper">` + cards + `</div>` + next + `</main>`
			},
			page: func(w work) string {
				return fmt.Sprintf(`<main><article class="node node--type-resource node--view-mode-full"><h1>%s</h1><div class="node__meta"><span class="node__author">By <span>%s</span></span>, <span class="node__date">%s</span></div><div class="field field--name-field-category"><a href="/taxonomy/term/1">%s</a></div><div class="field field--name-body"><p>%s</p><p>%s</p></div></article></main><aside>%s</aside>`, w.title, w.by, w.on("2 January, 2006"), w.kind, w.text, w.more, latest(`<h2>Most read</h2>`, `<ul>%s</ul>`, "Our hours in the summer", "The reading room is open", "A visit of the minister"))
			},
		},
		{
			name: "joomla blog", list: "/index.php/publications", at: folder("/index.php/publications/12-", ""), size: 10, more: numbered("/index.php/publications", "start", 0, 10), shown: "date kind author",
			menu: `<header class="header container-header"><div class="grid-child"><nav class="navbar"><ul class="mod-menu mod-list nav"><li class="nav-item item-101"><a href="/index.php">Home</a></li><li class="nav-item item-102 current active"><a href="/index.php/publications">Publications</a></li><li class="nav-item item-103"><a href="/index.php/contact">Contact the library</a></li></ul></nav></div></header>`,
			foot: `<footer class="container-footer"><div class="mod-custom"><p>The library is paid for by its members.</p></div></footer>`,
			card: func(w work) string {
				return fmt.Sprintf(`<div class="blog-item" itemprop="blogPost" itemscope itemtype="https://schema.org/BlogPosting"><div class="item-content"><div class="page-header"><h2 itemprop="name"><a href="/index.php/publications/12-%s" itemprop="url">%s</a></h2></div><dl class="article-info text-muted"><dt class="article-info-term">Details</dt><dd class="createdby" itemprop="author" itemscope itemtype="https://schema.org/Person"><span class="icon-user icon-fw" aria-hidden="true"></span> Written by: <span itemprop="name">%s</span></dd><dd class="category-name"><span class="icon-folder-open icon-fw" aria-hidden="true"></span>Category: <a href="/index.php/publications/%s" itemprop="genre">%s</a></dd><dd class="published"><span class="icon-calendar icon-fw" aria-hidden="true"></span><time datetime="%s" itemprop="datePublished">Published: %s</time></dd><dd class="hits">Hits: %d</dd></dl><p>%s</p><p class="readmore"><a class="btn btn-secondary" href="/index.php/publications/12-%s" aria-label="Read more: %s"><span class="icon-chevron-right" aria-hidden="true"></span> Read more …</a></p></div></div>`, w.slug, w.title, w.by, strings.ToLower(w.kind), w.kind, w.day.Format("2006-01-02T15:04:05+00:00"), w.on("02 January 2006"), w.n, w.text, w.slug, w.title)
			},
			around: func(cards, next string) string {
				if next != "" {
					next = `<div class="com-content-category-blog__navigation w-100"><p class="counter float-md-end pt-3 pe-2">Page 1 of 3</p><div class="com-content-category-blog__pagination"><nav class="pagination__wrapper" aria-label="Pagination"><ul class="pagination ms-0 mb-4"><li class="disabled page-item"><span class="page-link"><span class="icon-angle-double-left"></span></span></li><li class="active page-item"><a aria-current="true" aria-label="Page 1" href="#" class="page-link">1</a></li><li class="page-item"><a aria-label="Go to next page" href="` + next + `" class="page-link"><span class="icon-angle-right" aria-hidden="true"></span></a></li><li class="page-item"><a aria-label="Go to end page" href="/index.php/publications?start=20" class="page-link"><span class="icon-angle-double-right" aria-hidden="true"></span></a></li></ul></nav></div></div>`
				}
				return `<div class="grid-child container-component"><main><div class="com-content-category-blog blog" itemscope itemtype="https://schema.org/Blog"><div class="page-header"><h1>Publications</h1></div><div class="com-content-category-blog__items blog-items">` + cards + `</div>` + next + `</div></main></div><div class="grid-child container-sidebar-right"><div class="sidebar-right card"><h3 class="card-header">Most read</h3><div class="card-body"><ul class="mostread mod-list"><li><a href="/index.php/9-hours">Our hours in the summer</a></li><li><a href="/index.php/8-room">The reading room is open again</a></li><li><a href="/index.php/7-minister">A visit of the minister</a></li></ul></div></div></div>`
			},
			page: func(w work) string {
				return fmt.Sprintf(`<main><div class="com-content-article item-page" itemscope itemtype="https://schema.org/Article"><meta itemprop="inLanguage" content="en-GB"><div class="page-header"><h1 itemprop="headline">%s</h1></div><dl class="article-info text-muted"><dt class="article-info-term">Details</dt><dd class="createdby" itemprop="author" itemscope itemtype="https://schema.org/Person">Written by: <span itemprop="name">%s</span></dd><dd class="category-name">Category: <a href="/index.php/publications/x" itemprop="genre">%s</a></dd><dd class="published"><time datetime="%s" itemprop="datePublished">Published: %s</time></dd></dl><div itemprop="articleBody" class="com-content-article__body"><p>%s</p><p>%s</p></div></div></main>`, w.title, w.by, w.kind, w.day.Format("2006-01-02T15:04:05+00:00"), w.on("02 January 2006"), w.text, w.more)
			},
		},
		{
			name: "joomla table of a category", list: "/en/documents", at: folder("/en/documents/", ""), shown: "date author",
			menu: plainMenu, foot: plainFoot,
			card: func(w work) string {
				return fmt.Sprintf(`<tr class="cat-list-row%d"><th class="list-title" scope="row"><a href="/en/documents/%s">%s</a></th><td class="list-date small">%s</td><td class="list-author">%s</td><td class="list-hits"><span class="badge bg-info">Hits: %d</span></td></tr>`, w.n%2, w.slug, w.title, w.day.Format("02 January 2006"), w.by, w.n)
			},
			around: func(cards, _ string) string {
				return `<main><div class="com-content-category category-list"><h1>Documents</h1><form action="/en/documents" method="post" name="adminForm" id="adminForm" class="com-content-category__articles"><div class="btn-group"><label for="limit">Display #</label><select id="limit" name="limit"><option value="5">5</option><option value="0" selected>All</option></select></div><table class="com-content-category__table category table table-striped table-bordered table-hover"><caption class="visually-hidden">List of articles in category Documents</caption><thead><tr><th scope="col" id="categorylist_header_title"><a href="#">Title</a></th><th scope="col"><a href="#">Published Date</a></th><th scope="col"><a href="#">Author</a></th><th scope="col"><a href="#">Hits</a></th></tr></thead><tbody>` + cards + `</tbody></table></form></div></main>`
			},
			page: func(w work) string {
				return fmt.Sprintf(`<main><div class="item-page"><h2>%s</h2><div class="article-body"><p>%s</p><p>%s</p></div></div></main>`, w.title, w.text, w.more)
			},
		},
		{
			name: "typo3 news", list: "/news/", at: folder("/news/detail/", "/"), size: 10, more: func(n int) string {
				if n == 0 {
					return "/news/"
				}
				return fmt.Sprintf("/news/page/%d/", n+1)
			}, shown: "date kind",
			menu: plainMenu, foot: plainFoot,
			card: func(w work) string {
				return fmt.Sprintf(`<div class="article articletype-0" itemscope="itemscope" itemtype="http://schema.org/Article"><div class="header"><h3><a itemprop="url" title="%s" href="/news/detail/%s/"><span itemprop="headline">%s</span></a></h3></div><div class="teaser-text"><div itemprop="description"><p>%s</p></div><a class="more" title="%s" href="/news/detail/%s/">Read more</a></div><div class="footer"><p><span class="news-list-date"><time itemprop="datePublished" datetime="%s">%s</time></span><span class="news-list-category">%s</span></p></div></div>`, w.title, w.slug, w.title, w.text, w.title, w.slug, w.day.Format("2006-01-02"), w.on("02.01.2006"), w.kind)
			},
			around: func(cards, next string) string {
				if next != "" {
					next = `<ul class="f3-widget-paginator"><li class="current">1</li><li><a href="/news/page/2/">2</a></li><li><a href="/news/page/3/">3</a></li><li class="next"><a href="` + next + `">Next</a></li></ul>`
				}
				return `<main><div id="c17" class="frame frame-default frame-type-news_pi1"><div class="news"><div class="news-list-view" id="news-container-17">` + cards + next + `</div></div></div></main>`
			},
			page: func(w work) string {
				return fmt.Sprintf(`<main><div class="news news-single"><div class="article" itemscope itemtype="http://schema.org/Article"><div class="header"><h1 itemprop="headline">%s</h1></div><div class="footer"><p><span class="news-list-date"><time itemprop="datePublished" datetime="%s">%s</time></span> <span class="news-list-category">%s</span></p></div><div class="teaser-text" itemprop="description"><p>%s</p></div><div class="news-text-wrap" itemprop="articleBody"><p>%s</p></div><div class="news-backlink-wrap"><a href="/news/">Back</a></div></div></div></main>`, w.title, w.day.Format("2006-01-02"), w.on("02.01.2006"), w.kind, w.text, w.more)
			},
		},
		{
			name: "scottish government design", list: "/publications/?cat=filter", at: folder("/publications/", "/"), size: 10, more: numbered("/publications/?cat=filter", "page", 1, 1), shown: "date kind",
			menu: plainMenu, foot: plainFoot,
			card: func(w work) string {
				return fmt.Sprintf(`<li class="ds_search-result"><h3 class="ds_search-result__title"><a class="ds_search-result__link" href="/publications/%s/">%s</a></h3><dl class="ds_search-result__metadata ds_metadata ds_metadata--inline"><div class="ds_metadata__item"><dt class="ds_metadata__key visually-hidden">Publication type</dt><dd class="ds_metadata__value">%s</dd></div><div class="ds_metadata__item"><dt class="ds_metadata__key visually-hidden">Date</dt><dd class="ds_metadata__value">%s</dd></div></dl><p class="ds_search-result__summary">%s</p></li>`, w.slug, w.title, w.kind, w.on("2 January 2006"), w.text)
			},
			around: func(cards, next string) string {
				if next != "" {
					next = `<nav class="ds_pagination" aria-label="Search result pages"><ul class="ds_pagination__list"><li class="ds_pagination__item"><a class="ds_pagination__link ds_current" href="#" aria-current="page"><span class="ds_pagination__link-label">1</span></a></li><li class="ds_pagination__item"><a aria-label="Next page" class="ds_pagination__link ds_pagination__link--text" href="` + next + `"><span class="ds_pagination__link-label">Next</span></a></li></ul></nav>`
				}
				return `<main id="main-content"><div class="ds_layout ds_layout--search-results--filters"><h1 class="ds_page-header__title">Publications</h1><div class="ds_search-controls"><h2 class="ds_search-results__title">24 results</h2></div><ol class="ds_search-results__list" data-total="24">` + cards + `</ol>` + next + `</div></main>`
			},
			page: func(w work) string {
				return fmt.Sprintf(`<main><header class="ds_page-header"><span class="ds_page-header__label ds_content-label">Publication - %s</span><h1 class="ds_page-header__title">%s</h1><dl class="ds_page-header__metadata ds_metadata"><div class="ds_metadata__item"><dt class="ds_metadata__key">Published</dt><dd class="ds_metadata__value"><strong>%s</strong></dd></div><div class="ds_metadata__item"><dt class="ds_metadata__key">From</dt><dd class="ds_metadata__value"><a href="/director">Justice Directorate</a></dd></div></dl></header><div class="ds_leader-first-paragraph"><p>%s</p></div><div class="body-content"><p>%s</p></div></main>`, w.kind, w.title, w.on("2 January 2006"), w.text, w.more)
			},
		},
		{
			name: "ckan without its interface", list: "/dataset/", at: folder("/dataset/", ""), size: 10, more: numbered("/dataset/", "page", 1, 1), shown: "",
			menu: plainMenu, foot: plainFoot,
			card: func(w work) string {
				return fmt.Sprintf(`<li class="dataset-item"><div class="dataset-content"><h2 class="dataset-heading"><a href="/dataset/%s" title="%s">%s</a></h2><div>%s</div></div><ul class="dataset-resources list-unstyled"><li><a href="/dataset/%s" class="badge badge-default" data-format="csv">CSV</a></li><li><a href="/dataset/%s" class="badge badge-default" data-format="pdf">PDF</a></li></ul></li>`, w.slug, w.title, w.title, w.text, w.slug, w.slug)
			},
			around: func(cards, next string) string {
				if next != "" {
					next = `<div class="pagination-wrapper"><ul class="pagination justify-content-center"><li class="page-item active"><a class="page-link" href="/dataset/?page=1">1</a></li><li class="page-item"><a class="page-link" href="/dataset/?page=2">2</a></li><li class="page-item"><a class="page-link" href="` + next + `">»</a></li></ul></div>`
				}
				return `<div class="main"><div class="container"><div class="row wrapper"><aside class="secondary col-sm-3"><div class="filters"><section class="module module-narrow module-shallow"><h2 class="module-heading">Organizations</h2><nav><ul class="list-unstyled nav nav-simple nav-facet"><li class="nav-item"><a href="/dataset/?organization=labour" title=""><span class="item-label">Ministry of Labour</span> <span class="item-count badge">14</span></a></li><li class="nav-item"><a href="/dataset/?organization=justice"><span class="item-label">Ministry of Justice</span> <span class="item-count badge">6</span></a></li><li class="nav-item"><a href="/dataset/?organization=police"><span class="item-label">Police of the Kingdom</span> <span class="item-count badge">4</span></a></li></ul></nav></section></div></aside><div class="primary col-sm-9"><section class="module"><div class="module-content"><h1>24 datasets found</h1><ul class="dataset-list list-unstyled">` + cards + `</ul></div>` + next + `</section></div></div></div></div>`
			},
			page: func(w work) string {
				return fmt.Sprintf(`<div class="main"><article class="module"><div class="module-content"><h1>%s</h1><div class="notes embedded-content"><p>%s %s</p></div><section id="dataset-resources" class="resources"><h2>Data and Resources</h2><ul class="resource-list"><li class="resource-item"><a class="heading" href="/dataset/x/resource/1">Table</a></li></ul></section></div></article></div>`, w.title, w.text, w.more)
			},
		},
		{
			name: "weebly blog", list: "/blog", at: folder("/blog/", ""), size: 10, more: func(n int) string {
				if n == 0 {
					return "/blog"
				}
				return fmt.Sprintf("/blog/previous/%d", n+1)
			}, shown: "date",
			menu: plainMenu, foot: plainFoot,
			card: func(w work) string {
				return fmt.Sprintf(`<div id="blog-post-%d" class="blog-post"><div class="blog-header"><h2 class="blog-title"><a class="blog-title-link blog-link" href="/blog/%s">%s</a></h2><p class="blog-date"><span class="date-text">%s</span></p><p class="blog-comments"><a href="/blog/%s#comments" class="blog-link">0 Comments</a></p><div class="blog-separator">&nbsp;</div></div><div class="blog-content"><div class="paragraph">%s <br /><br />%s</div></div><div class="blog-social"></div></div>`, w.n, w.slug, w.title, w.on("1/2/2006"), w.slug, w.text, w.more)
			},
			around: func(cards, next string) string {
				if next != "" {
					next = `<div class="blog-page-nav-previous"><a href="` + next + `" class="blog-link">&lt;&lt;Previous</a></div>`
				}
				return `<div id="wsite-content"><div class="blog-body">` + cards + next + `</div><div class="blog-sidebar"><h2 class="blog-author-title">Author</h2><p>Write something about yourself.</p><h2 class="blog-archive-title">Archives</h2><p class="blog-archive-list"><a href="/blog/archives/11-2024" class="blog-link">November 2024</a><br><a href="/blog/archives/10-2024" class="blog-link">October 2024</a><br><a href="/blog/archives/09-2024" class="blog-link">September 2024</a></p></div></div>`
			},
			page: func(w work) string {
				return fmt.Sprintf(`<div id="wsite-content"><div class="blog-post"><div class="blog-header"><h2 class="blog-title"><a class="blog-title-link blog-link" href="/blog/%s">%s</a></h2><p class="blog-date"><span class="date-text">%s</span></p></div><div class="blog-content"><div class="paragraph">%s <br /><br />%s</div></div></div></div>`, w.slug, w.title, w.on("1/2/2006"), w.text, w.more)
			},
		},
		{
			name: "hubspot blog", list: "/insights", at: folder("/insights/", ""), size: 10, more: func(n int) string {
				if n == 0 {
					return "/insights"
				}
				return fmt.Sprintf("/insights/page/%d", n+1)
			}, shown: "date author kind",
			menu: plainMenu, foot: plainFoot,
			card: func(w work) string {
				return fmt.Sprintf(`<article class="blog-index__post blog-index__post--small"><a class="blog-index__post-image" href="/insights/%s" style="background-image:url(/i.jpg)"></a><div class="blog-index__post-content"><a class="blog-index__post-tag-link" href="/insights/tag/%s">%s</a><h2><a href="/insights/%s">%s</a></h2><div class="blog-index__post-author"><img class="blog-index__post-author-image" alt="Picture of %s" src="/a.jpg"><a class="blog-index__post-author-name" href="/insights/author/x">%s</a></div><time class="blog-index__post-date">%s</time><p>%s</p><a class="btn" href="/insights/%s">Continue Reading</a></div></article>`, w.slug, strings.ToLower(w.kind), w.kind, w.slug, w.title, w.by, w.by, w.on("Jan 2, 2006 3:04:05 PM"), w.text[:70]+"...", w.slug)
			},
			around: func(cards, next string) string {
				if next != "" {
					next = `<div class="blog-pagination"><a class="blog-pagination__link blog-pagination__number-link blog-pagination__number-link--active" href="/insights">1</a><a class="blog-pagination__link blog-pagination__number-link" href="/insights/page/2">2</a><a class="blog-pagination__link blog-pagination__next-link" href="` + next + `">Next<svg></svg></a></div>`
				}
				return `<main id="main-content" class="body-container-wrapper"><div class="blog-index">` + cards + `</div>` + next + `</main>`
			},
			page: func(w work) string {
				return fmt.Sprintf(`<main><article class="blog-post"><h1><span id="hs_cos_wrapper_name">%s</span></h1><div class="blog-post__meta"><a href="/insights/author/x" rel="author">%s</a><div class="blog-post__timestamp">%s</div></div><div class="blog-post__body"><span class="hs_cos_wrapper"><p>%s</p><p>%s</p></span></div><div class="blog-post__tags"><a class="blog-post__tag-link" href="/insights/tag/x" rel="tag">%s</a></div></article></main>`, w.title, w.by, w.on("Jan 2, 2006 3:04:05 PM"), w.text, w.more, w.kind)
			},
		},
		{
			name: "craft, cards that are links", list: "/what-we-publish", at: folder("/what-we-publish/", ""), size: 12, more: func(n int) string {
				if n == 0 {
					return "/what-we-publish"
				}
				return fmt.Sprintf("/what-we-publish/p%d", n+1)
			}, shown: "date kind file",
			menu: plainMenu, foot: plainFoot,
			card: func(w work) string {
				return fmt.Sprintf(`<a class="c-card c-card--publication" href="/what-we-publish/%s"><div class="c-card__media"><picture><img src="/i.jpg" alt=""></picture></div><div class="c-card__body"><span class="c-tag">%s</span><h3 class="c-card__heading">%s</h3><p class="c-card__intro">%s</p><span class="c-card__date">%s</span></div></a>`, w.slug, w.kind, w.title, w.text, w.on("02 Jan 2006"))
			},
			around: func(cards, next string) string {
				if next != "" {
					next = `<div class="c-pagination"><span>Page 1 of 2</span><a class="c-pagination__next" href="` + next + `">Older</a></div>`
				}
				return `<main><section class="o-section"><h1>What we publish</h1><div class="o-grid o-grid--3">` + cards + `</div>` + next + `</section></main>`
			},
			page: func(w work) string {
				return fmt.Sprintf(`<main><section class="c-hero"><span class="c-tag">%s</span><h1 class="c-hero__title">%s</h1><p class="c-hero__date">%s</p></section><section class="o-section"><div class="s-richtext"><p>%s</p><p>%s</p></div><a class="c-button c-button--download" href="%s" download>Download the publication (PDF, 2.3MB)</a></section></main>`, w.kind, w.title, w.on("02 Jan 2006"), w.text, w.more, w.file())
			},
		},
	}
}
