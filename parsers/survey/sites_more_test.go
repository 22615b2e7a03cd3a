package survey_test

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

func drupalFrame(generator string) func(title, body string) string {
	return frame(`<meta name="Generator" content="`+generator+`"><link rel="stylesheet" href="/sites/default/files/css/x.css">`,
		`<header role="banner"><div class="region region-header"><nav role="navigation" id="block-main-menu" class="block block-menu"><ul class="menu nav"><li class="leaf"><a href="/about">About the library</a></li><li class="leaf"><a href="/resources">Resources</a></li><li class="leaf"><a href="/news-events">News and events</a></li></ul></nav></div></header>`,
		`<footer class="region-footer"><ul><li><a href="/privacy">Privacy policy of the library</a></li><li><a href="/accessibility">Accessibility of this site</a></li></ul></footer>`)
}

func drupalItem(d document) string {
	return fmt.Sprintf(`<div class="main-container"><section><h1 class="page-header">%s</h1><article class="node node-publication"><div class="field field-name-field-date"><span class="date-display-single" content="%s">%s</span></div><div class="field field-name-body"><p>%s</p></div></article></section></div>`, d.title, d.iso(), d.long(), d.text)
}

var drupalCards = map[string]func(d document, i int) string{
	"views of fields": func(d document, i int) string {
		zebra := []string{"odd", "even"}[i%2]
		return fmt.Sprintf(`<div class="views-row views-row-%d views-row-%s"><div class="views-field views-field-title"><span class="field-content"><a href="/resources/%s">%s</a></span></div><div class="views-field views-field-field-date"><span class="views-label views-label-field-date">Publishing date: </span><div class="field-content"><span class="date-display-single">%s</span></div></div><div class="views-field views-field-field-type"><span class="views-label">Content type: </span><div class="field-content">%s</div></div><div class="views-field views-field-body"><div class="field-content"><p>%s</p></div></div></div>`,
			i+1, zebra, d.slug(), d.title, d.long(), d.kind, d.text)
	},
	"teasers": func(d document, _ int) string {
		return fmt.Sprintf(`<div class="views-row"><article data-history-node-id="%d" role="article" about="/resources/%s" class="node node--type-publication node--view-mode-teaser"><h2 class="node__title"><a href="/resources/%s" rel="bookmark"><span class="field field--name-title">%s</span></a></h2><div class="node__meta"><time datetime="%s" class="datetime">%s</time></div><div class="node__content"><div class="field field--name-body"><p>%s</p></div><ul class="links inline"><li class="node-readmore"><a href="/resources/%s" rel="tag" title="%s">Read more<span class="visually-hidden"> about %s</span></a></li></ul></div></article></div>`,
			d.n, d.slug(), d.slug(), d.title, d.iso(), d.long(), d.text, d.slug(), d.title, d.title)
	},
	"a table": func(d document, _ int) string {
		return fmt.Sprintf(`<tr><td headers="view-title" class="views-field views-field-title"><a href="/resources/%s" hreflang="en">%s</a></td><td class="views-field views-field-field-type">%s</td><td class="views-field views-field-created">%s</td></tr>`, d.slug(), d.title, d.kind, d.day.Format("02/01/2006"))
	},
}

func drupalSites() []site {
	out := []site{{"drupal with its interface", "/", "json", 24, true, func(u *url.URL) reply {
		switch u.Path {
		case "/jsonapi":
			links := map[string]any{"self": map[string]any{"href": root + "/jsonapi"}}
			for _, name := range []string{"node--publication", "node--page", "node--person", "taxonomy_term--tags", "file--file"} {
				links[name] = map[string]any{"href": root + "/jsonapi/" + strings.ReplaceAll(name, "--", "/")}
			}
			return jsonOf(map[string]any{"data": []any{}, "links": links})
		case "/jsonapi/node/publication":
			var data []any
			for _, d := range documents() {
				data = append(data, map[string]any{"type": "node--publication", "id": fmt.Sprintf("uuid-%d", d.n), "attributes": map[string]any{
					"drupal_internal__nid": d.n, "langcode": "en", "title": d.title, "created": d.iso(), "changed": d.iso(),
					"path": map[string]any{"alias": "/resources/" + d.slug()}, "body": map[string]any{"value": "<p>" + d.text + "</p>", "processed": "<p>" + d.text + "</p>", "summary": ""},
				}})
			}
			return jsonOf(map[string]any{"data": data, "links": map[string]any{}})
		case "/":
			return page(drupalFrame("Drupal 10 (https://www.drupal.org)")("Home", "<main><h1>The library</h1><p>Welcome to the library.</p></main>"))
		}
		return reply{}
	}}}
	for name, card := range drupalCards {
		w := drupalFrame("Drupal 7 (http://drupal.org)")
		out = append(out, site{"drupal, " + name, "/resources", "listing", 24, true, func(u *url.URL) reply {
			if u.Path == "/" {
				return page(w("Home", "<main><h1>The library</h1></main>"))
			}
			if u.Path != "/resources" {
				return itemPage(w, u.Path, drupalItem, func(d document) string { return "/resources/" + d.slug() })
			}
			n := intOf(u, "page", 0)
			var b strings.Builder
			for i, d := range part(n, 10) {
				b.WriteString(card(d, i))
			}
			list := `<div class="view-content">` + b.String() + `</div>`
			if name == "a table" {
				list = `<div class="view-content"><table class="views-table"><thead><tr><th>Title</th><th>Type</th><th>Date</th></tr></thead><tbody>` + b.String() + `</tbody></table></div>`
			}
			pager := fmt.Sprintf(`<div class="item-list"><ul class="pager"><li class="pager-current first">1</li><li class="pager-item"><a title="Go to page 2" href="/resources?page=1">2</a></li><li class="pager-item"><a title="Go to page 3" href="/resources?page=2">3</a></li><li class="pager-next"><a title="Go to next page" href="/resources?page=%d">next ›</a></li><li class="pager-last last"><a title="Go to last page" href="/resources?page=2">last »</a></li></ul></div>`, n+1)
			return page(w("Resources", `<div class="main-container"><div class="region-content"><h1>Resources</h1><div class="view view-resources">`+list+pager+`</div></div></div>`))
		}})
	}
	return out
}

func joomlaSites() []site {
	w := frame(`<meta name="generator" content="Joomla! - Open Source Content Management"><script src="/media/system/js/core.js"></script>`,
		`<header class="header"><nav class="navigation"><ul class="nav menu mod-list"><li class="item-101"><a href="/">Home</a></li><li class="item-102 current"><a href="/materials">Materials</a></li><li class="item-103"><a href="/who-we-are">Who we are</a></li></ul></nav></header>`,
		`<footer class="footer"><p>Labour Library</p></footer>`)
	themes := map[string]func(d document) string{
		"blog": func(d document) string {
			return fmt.Sprintf(`<div class="items-row cols-1 row-fluid clearfix"><div class="span12"><div class="item column-1" itemprop="blogPost" itemscope itemtype="https://schema.org/BlogPosting"><div class="page-header"><h2 itemprop="name"><a href="/materials/%d-%s" itemprop="url">%s</a></h2></div><dl class="article-info muted"><dt class="article-info-term">Details</dt><dd class="category-name">Category: <a href="/materials" itemprop="genre">%s</a></dd><dd class="published"><span class="icon-calendar"></span><time datetime="%s" itemprop="datePublished">Published: %s</time></dd></dl><p>%s</p></div></div></div>`,
				d.n, d.slug(), d.title, d.kind, d.iso(), d.long(), d.text)
		},
		"category": func(d document) string {
			return fmt.Sprintf(`<tr class="cat-list-row%d"><th class="list-title" scope="row"><a href="/materials/%d-%s">%s</a></th><td class="list-date small">%s</td><td class="list-hits"><span class="badge bg-info">Hits: %d</span></td></tr>`,
				d.n%2, d.n, d.slug(), d.title, d.day.Format("2006-01-02"), d.n*7)
		},
	}
	var out []site
	for name, card := range themes {
		out = append(out, site{"joomla, " + name, "/materials", "listing", 24, true, func(u *url.URL) reply {
			if u.Path == "/" {
				return page(w("Home", "<main><h1>The library</h1></main>"))
			}
			if u.Path != "/materials" {
				return itemPage(w, u.Path, func(d document) string {
					return fmt.Sprintf(`<div class="item-page" itemscope itemtype="https://schema.org/Article"><div class="page-header"><h1 itemprop="headline">%s</h1></div><time datetime="%s" itemprop="datePublished">%s</time><div itemprop="articleBody"><p>%s</p></div></div>`, d.title, d.iso(), d.long(), d.text)
				}, func(d document) string { return fmt.Sprintf("/materials/%d-%s", d.n, d.slug()) })
			}
			n := intOf(u, "start", 0) / 10
			list := `<div class="blog" itemscope itemtype="https://schema.org/Blog">` + cards(part(n, 10), card) + `</div>`
			if name == "category" {
				list = `<div class="com-content-category category-list"><table class="com-content-category__table category table table-striped"><tbody>` + cards(part(n, 10), card) + `</tbody></table></div>`
			}
			return page(w("Materials", `<main>`+list+fmt.Sprintf(`<div class="pagination"><ul class="pagination-list"><li class="pagination-start"><span>Start</span></li><li><a href="/materials?start=10">2</a></li><li><a href="/materials?start=20">3</a></li><li class="pagination-next"><a title="Next" href="/materials?start=%d">Next</a></li></ul></div></main>`, n*10+10)))
		}})
	}
	return out
}

// repository is a repository by OAI-PMH with all documents on one page.
func repository(u *url.URL, base string, link func(d document) string) reply {
	const head = `<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2024-12-01T00:00:00Z</responseDate><request>` + root + `</request>`
	switch u.Query().Get("verb") {
	case "Identify":
		return xml(head + `<Identify><repositoryName>Labour Library</repositoryName><baseURL>` + root + base + `</baseURL><protocolVersion>2.0</protocolVersion><adminEmail>x@library.example</adminEmail><earliestDatestamp>2010-01-01T00:00:00Z</earliestDatestamp><deletedRecord>transient</deletedRecord><granularity>YYYY-MM-DDThh:mm:ssZ</granularity></Identify></OAI-PMH>`)
	case "ListMetadataFormats":
		return xml(head + `<ListMetadataFormats><metadataFormat><metadataPrefix>oai_dc</metadataPrefix></metadataFormat></ListMetadataFormats></OAI-PMH>`)
	case "ListRecords":
		return xml(head + `<ListRecords>` + cards(documents(), func(d document) string {
			return fmt.Sprintf(`<record><header><identifier>oai:library.example:%d</identifier><datestamp>2024-11-30T00:00:00Z</datestamp></header><metadata><oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>%s</dc:title><dc:creator>Okafor, Ada</dc:creator><dc:description>%s</dc:description><dc:date>%s</dc:date><dc:type>%s</dc:type><dc:identifier>%s</dc:identifier><dc:language>eng</dc:language></oai_dc:dc></metadata></record>`,
				d.n, d.title, d.text, d.day.Format("2006-01-02"), d.kind, root+link(d))
		}) + `</ListRecords></OAI-PMH>`)
	}
	return xml(head + `<error code="badVerb">x</error></OAI-PMH>`)
}

func librarySites() []site {
	return []site{
		{"ojs", "/index.php/review", "oai-pmh", 24, true, func(u *url.URL) reply {
			if u.Path == "/index.php/review/oai" {
				return repository(u, u.Path, func(d document) string { return fmt.Sprintf("/index.php/review/article/view/%d", d.n) })
			}
			if u.Path == "/index.php/review" {
				return page(frame(`<meta name="generator" content="Open Journal Systems 3.3.0.13"><link rel="alternate" type="application/atom+xml" href="`+root+`/index.php/review/gateway/plugin/WebFeedGatewayPlugin/atom">`, "", "")("Labour Review",
					`<div class="pkp_structure_page"><nav class="pkp_navigation_primary"><ul><li><a href="`+root+`/index.php/review/issue/current">Current</a></li><li><a href="`+root+`/index.php/review/issue/archive">Archives</a></li><li><a href="`+root+`/index.php/review/about">About the journal</a></li></ul></nav><div class="pkp_structure_main"><ul class="cmp_article_list articles">`+cards(part(0, 6), func(d document) string {
						return fmt.Sprintf(`<li><div class="obj_article_summary"><h3 class="title"><a id="article-%d" href="%s/index.php/review/article/view/%d">%s</a></h3><div class="meta"><div class="authors">Ada Okafor</div></div></div></li>`, d.n, root, d.n, d.title)
					})+`</ul></div></div>`))
			}
			return reply{}
		}},
		{"dspace 7", "/home", "oai-pmh", 24, true, func(u *url.URL) reply {
			switch u.Path {
			case "/server/oai/request":
				return repository(u, u.Path, func(d document) string { return fmt.Sprintf("/handle/123456789/%d", d.n) })
			case "/home", "/":
				return page(`<!DOCTYPE html><html lang="en"><head><title>Labour Repository :: Home</title><meta name="Generator" content="DSpace 7.6"></head><body><ds-app></ds-app></body></html>`)
			}
			return reply{}
		}},
		{"eprints", "/", "oai-pmh", 24, true, func(u *url.URL) reply {
			if u.Path == "/cgi/oai2" {
				return repository(u, u.Path, func(d document) string { return fmt.Sprintf("/%d/", d.n) })
			}
			return page(frame(`<meta name="Generator" content="EPrints 3.4.4">`, "", "")("Labour Eprints", `<ul><li><a href="/view/year/">Browse by Year</a></li></ul>`))
		}},
		{"omeka s", "/s/archive/page/welcome", "json", 24, true, func(u *url.URL) reply {
			switch u.Path {
			case "/api/items":
				size, n := intOf(u, "per_page", 25), intOf(u, "page", 1)
				out := []any{}
				for _, d := range part(n-1, size) {
					value := func(s string) []any { return []any{map[string]any{"type": "literal", "@value": s}} }
					out = append(out, map[string]any{
						"@id": fmt.Sprintf("%s/api/items/%d", root, d.n), "o:id": d.n, "o:title": d.title, "o:modified": map[string]any{"@value": d.iso()},
						"dcterms:title": value(d.title), "dcterms:description": value(d.text), "dcterms:date": value(d.day.Format("2006-01-02")), "dcterms:type": value(d.kind), "dcterms:creator": value("Ada Okafor"),
					})
				}
				return jsonOf(out)
			case "/s/archive/page/welcome", "/":
				return page(frame(`<link rel="stylesheet" href="/application/asset/css/x.css?v=4.0.1">`, "", "")("Welcome", `<nav><a href="/s/archive/page/welcome">Welcome</a><a href="/s/archive/item">Browse</a></nav><p>Welcome.</p>`))
			}
			return reply{}
		}},
		{"omeka classic", "/", "listing", 24, true, func(u *url.URL) reply {
			w := frame(`<link href="/application/views/scripts/css/public.css" rel="stylesheet"><link rel="alternate" type="application/rss+xml" title="Omeka RSS Feed" href="/items/browse?output=rss2">`,
				`<header><nav id="top-nav"><ul class="navigation"><li><a href="/items/browse">Browse Items</a></li><li><a href="/collections/browse">Browse Collections</a></li></ul></nav></header>`, `<footer><p>Proudly powered by Omeka.</p></footer>`)
			if u.Path == "/" {
				return page(w("Labour Archive", `<div id="content"><p>The archive of the library.</p></div>`))
			}
			if u.Path != "/items/browse" || u.Query().Has("output") {
				return itemPage(w, u.Path, func(d document) string {
					return fmt.Sprintf(`<div id="content"><h1>%s</h1><div class="element-set"><div id="dublin-core-description" class="element"><h3>Description</h3><div class="element-text">%s</div></div><div id="dublin-core-date" class="element"><h3>Date</h3><div class="element-text">%s</div></div></div></div>`, d.title, d.text, d.day.Format("2006-01-02"))
				}, func(d document) string { return fmt.Sprintf("/items/show/%d", d.n) })
			}
			n := intOf(u, "page", 1)
			return page(w("Browse Items", `<div id="content"><h1>Browse Items (24 total)</h1><nav class="items-nav navigation secondary-nav"><ul class="navigation"><li class="active"><a href="/items/browse">Browse All</a></li><li><a href="/items/tags">Browse by Tag</a></li></ul></nav>`+
				cards(part(n-1, 10), func(d document) string {
					return fmt.Sprintf(`<div class="item hentry"><h2><a href="/items/show/%d" class="permalink">%s</a></h2><div class="item-meta"><div class="item-img"><a href="/items/show/%d"><img src="/x.jpg" alt=""></a></div><div class="item-description">%s</div></div></div>`, d.n, d.title, d.n, d.text)
				})+fmt.Sprintf(`<nav class="pagination-nav"><ul class="pagination"><li class="page-input"><form action="/items/browse"><input name="page" value="1"> of 3</form></li><li class="pagination_next"><a rel="next" href="/items/browse?page=%d">Next Page</a></li></ul></nav></div>`, n+1)))
		}},
	}
}

func openDataSites() []site {
	return []site{
		{"ckan", "/dataset?q=labour", "json", 24, true, func(u *url.URL) reply {
			if u.Path != "/api/3/action/package_search" {
				return page(frame(`<meta name="generator" content="ckan 2.10.1">`, "", "")("Dataset", `<ul class="dataset-list">`+cards(part(0, 10), func(d document) string {
					return fmt.Sprintf(`<li class="dataset-item"><div class="dataset-content"><h2 class="dataset-heading"><a href="/dataset/%s">%s</a></h2><div>%s</div></div></li>`, d.slug(), d.title, d.text)
				})+`</ul>`))
			}
			var results []any
			if intOf(u, "start", 0) == 0 {
				for _, d := range documents() {
					results = append(results, map[string]any{"id": fmt.Sprintf("id-%d", d.n), "name": d.slug(), "title": d.title, "notes": d.text, "metadata_created": d.day.Format("2006-01-02T15:04:05.000000"), "metadata_modified": d.day.Format("2006-01-02T15:04:05.000000"), "type": "dataset", "organization": map[string]any{"title": "Ministry of Labour"}, "resources": []any{}})
				}
			}
			return jsonOf(map[string]any{"success": true, "result": map[string]any{"count": 24, "results": results}})
		}},
		{"gov.uk", "/search/policy-papers-and-consultations?organisations[]=labour-office&keywords=wages", "json", 24, true, func(u *url.URL) reply {
			if slug, ok := strings.CutPrefix(u.Path, "/api/content/government/publications/"); ok {
				for _, d := range documents() {
					if d.slug() == slug {
						return jsonOf(map[string]any{
							"base_path": "/government/publications/" + slug, "title": d.title, "description": d.text, "document_type": "policy_paper", "locale": "en", "first_published_at": d.iso(), "public_updated_at": d.iso(),
							"links": map[string]any{"organisations": []any{map[string]any{"title": "Labour Office"}}}, "details": map[string]any{"attachments": []any{}},
						})
					}
				}
				return reply{}
			}
			if u.Path == "/api/search.json" {
				if u.Query().Get("filter_organisations") != "labour-office" || u.Query().Get("q") != "wages" {
					return reply{status: 422, kind: "application/json", body: `{"error":"unexpected"}`}
				}
				var results []any
				from := intOf(u, "start", 0)
				for _, d := range documents()[min(from, 24):min(from+intOf(u, "count", 10), 24)] {
					results = append(results, map[string]any{"title": d.title, "link": "/government/publications/" + d.slug(), "public_timestamp": d.iso()})
				}
				return jsonOf(map[string]any{"results": results, "total": 24, "start": from})
			}
			return page(frame(`<meta name="govuk:rendering-app" content="finder-frontend">`, "", "")("Policy papers", `<div class="gem-c-document-list"></div>`))
		}},
	}
}

func plainSites() []site {
	w := frame("", `<header><nav><ul><li><a href="/">Home</a></li><li><a href="/publications/">Publications</a></li><li><a href="/team/">Our team</a></li><li><a href="/contact/">Get in touch</a></li></ul></nav></header>`, `<footer><p>Labour Library, Harbour Road 1</p></footer>`)
	itemOf := func(d document) string {
		return fmt.Sprintf(`<main><h1>%s</h1><p class="date">%s</p><p>%s</p></main>`, d.title, d.long(), d.text)
	}
	typo := frame(`<meta name="generator" content="TYPO3 CMS"><link rel="stylesheet" href="/typo3temp/assets/css/x.css">`, `<nav class="navbar"><ul class="nav"><li><a href="/aktuelles/">News</a></li></ul></nav>`, "")
	return []site{
		{"typo3 news", "/news/", "listing", 24, true, func(u *url.URL) reply {
			if u.Path == "/" {
				return page(typo("Home", "<main><h1>The library</h1></main>"))
			}
			if u.Path != "/news/" {
				return itemPage(typo, u.Path, func(d document) string {
					return fmt.Sprintf(`<div class="news news-single"><div class="article" itemscope itemtype="http://schema.org/Article"><div class="header"><h1 itemprop="headline">%s</h1></div><div class="footer"><p><time itemprop="datePublished" datetime="%s">%s</time></p></div><div class="teaser-text"><p>%s</p></div></div></div>`, d.title, d.day.Format("2006-01-02"), d.day.Format("02.01.2006"), d.text)
				}, func(d document) string { return "/news/detail/" + d.slug() })
			}
			n := intOf(u, "tx_news_pi1[currentPage]", 1)
			return page(typo("News", `<div id="content"><div class="news"><div class="news-list-view" id="news-container-12">`+cards(part(n-1, 10), func(d document) string {
				return fmt.Sprintf(`<div class="article articletype-0 topnews" itemscope itemtype="http://schema.org/Article"><div class="header"><h3><a title="%s" href="/news/detail/%s/"><span itemprop="headline">%s</span></a></h3></div><div class="teaser-text"><div itemprop="description"><p>%s</p></div><a class="more" title="%s" href="/news/detail/%s/">More</a></div><div class="footer"><p><span class="news-list-date"><time itemprop="datePublished" datetime="%s">%s</time></span></p></div></div>`,
					d.title, d.slug(), d.title, d.text, d.title, d.slug(), d.day.Format("2006-01-02"), d.day.Format("02.01.2006"))
			})+`<ul class="f3-widget-paginator"><li class="current">1</li><li><a href="/news/?tx_news_pi1%5BcurrentPage%5D=2">2</a></li><li class="last next"><a href="/news/?tx_news_pi1%5BcurrentPage%5D=`+strconv.Itoa(n+1)+`">Next</a></li></ul></div></div></div>`))
		}},
		{"static, from its homepage", "/", "listing", 24, true, func(u *url.URL) reply {
			switch u.Path {
			case "/":
				return page(w("Labour Library", `<main><h1>We collect what is written on forced labour</h1><section><h2>Latest</h2>`+cards(part(0, 3), func(d document) string {
					return fmt.Sprintf(`<div class="teaser"><h3><a href="/publications/%s/">%s</a></h3></div>`, d.slug(), d.title)
				})+`</section></main>`))
			case "/publications/":
				return page(w("Publications", `<main><h1>Publications</h1><ul class="list">`+cards(documents(), func(d document) string {
					return fmt.Sprintf(`<li><a href="/publications/%s/">%s</a> <span class="date">%s</span></li>`, d.slug(), d.title, d.long())
				})+`</ul></main>`))
			}
			return itemPage(w, u.Path, itemOf, func(d document) string { return "/publications/" + d.slug() })
		}},
		{"an old page of headings", "/docs.htm", "listing", 24, true, func(u *url.URL) reply {
			if u.Path == "/docs.htm" {
				return page(`<html><head><title>Documents of the Labour Library</title></head><body><table width="800"><tr><td bgcolor="#eeeeee"><a href="index.htm">Home</a><br><a href="docs.htm">Documents</a></td><td><h2>Documents</h2>` + cards(documents(), func(d document) string {
					return fmt.Sprintf(`<h4><a href="doc/%s.htm">%s</a></h4><p><i>%s</i></p><p>%s</p>`, d.slug(), d.title, d.long(), d.text)
				}) + `</td></tr></table></body></html>`)
			}
			return itemPage(w, strings.TrimSuffix(u.Path, ".htm"), itemOf, func(d document) string { return "/doc/" + d.slug() })
		}},
		{"a sitemap where lists need a browser", "/", "sitemap", 24, true, func(u *url.URL) reply {
			switch u.Path {
			case "/":
				return page(w("Labour Library", `<div id="root"></div>`))
			case "/publications/":
				return page(w("Publications", `<div id="root"></div>`))
			case "/sitemap.xml":
				return xml(`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>` + root + `/</loc></url><url><loc>` + root + `/team/ada/</loc></url>` + cards(documents(), func(d document) string {
					return fmt.Sprintf(`<url><loc>%s/publications/%s/</loc><lastmod>%s</lastmod></url>`, root, d.slug(), d.day.Format("2006-01-02"))
				}) + `</urlset>`)
			}
			return itemPage(w, u.Path, itemOf, func(d document) string { return "/publications/" + d.slug() })
		}},
		{"a feed by its address", "/feed.xml", "feed", 10, true, func(u *url.URL) reply {
			if u.Path == "/feed.xml" {
				return xml(`<?xml version="1.0"?><rss version="2.0"><channel><title>Labour Library</title><link>` + root + `/</link>` + cards(part(0, 10), func(d document) string {
					return fmt.Sprintf(`<item><title>%s</title><link>%s/publications/%s/</link><pubDate>%s</pubDate><description>%s</description></item>`, d.title, root, d.slug(), d.day.Format("Mon, 02 Jan 2006 15:04:05 GMT"), d.text)
				}) + `</channel></rss>`)
			}
			return itemPage(w, u.Path, itemOf, func(d document) string { return "/publications/" + d.slug() })
		}},
	}
}
