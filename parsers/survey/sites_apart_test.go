package survey_test

import (
	"fmt"
	"net/url"
	"strings"
)

// apartSites imitate platforms that nothing in this package knows: their lists
// are found by repetition alone. They were written after the rules.
func apartSites() []site {
	menu := `<nav><ul><li><a href="/">Home</a></li><li><a href="/publications/">Publications</a></li><li><a href="/who-we-are">Who we are and what we do</a></li><li><a href="/donate">Support the library</a></li></ul></nav>`
	foot := `<footer><div><h4>Newsletter</h4><p>Write to us if you want to hear from the library four times a year.</p></div><ul><li><a href="/privacy">Privacy and cookies</a></li></ul></footer>`
	type look struct {
		card       func(d document) string
		list, next string // with %s for the cards, and for the address of the next page
		dated      bool
	}
	looks := map[string]look{
		"plone": {func(d document) string {
			return fmt.Sprintf(`<article class="entry"><header><span class="summary" title="Document"><a href="%s/publications/%s" class="contenttype-document state-published url" title="Document">%s</a></span><div class="documentByLine"><span class="documentAuthor">by <a href="/author/ada">Ada Okafor</a></span> — <span class="documentModified"><span>last modified</span> %s</span></div></header><p class="description">%s</p></article>`, root, d.slug(), d.title, d.day.Format("Jan 02, 2006 03:04 PM"), d.text)
		}, `<div id="portal-columns"><div id="content-core"><div class="entries">%s</div></div></div>`, `<nav class="pagination"><ul><li class="active"><span>1</span></li><li><a href="%[1]s">2</a></li><li class="next"><a href="%[1]s"><span class="label">Next 10 items</span> »</a></li></ul></nav>`, false},
		"ghost": {func(d document) string {
			return fmt.Sprintf(`<article class="post-card post tag-reports"><a class="post-card-image-link" href="/publications/%s/"><img class="post-card-image" src="/i.jpg" alt="%s" loading="lazy"></a><div class="post-card-content"><a class="post-card-content-link" href="/publications/%s/"><header class="post-card-header"><div class="post-card-tags"><span class="post-card-primary-tag">%s</span></div><h2 class="post-card-title">%s</h2></header><div class="post-card-excerpt">%s</div></a><footer class="post-card-meta"><time class="post-card-meta-date" datetime="%s">%s</time><span class="post-card-meta-length">4 min read</span></footer></div></article>`, d.slug(), d.title, d.slug(), d.kind, d.title, d.text, d.day.Format("2006-01-02"), d.day.Format("Jan 2, 2006"))
		}, `<div class="site-content"><main id="site-main" class="site-main outer"><div class="inner posts"><div class="post-feed">%s</div></div></main></div>`, `<nav class="pagination"><a class="older-posts" href="%s">Older Posts <span aria-hidden="true">&rarr;</span></a></nav>`, true},
		"webflow": {func(d document) string {
			return fmt.Sprintf(`<div role="listitem" class="collection-item w-dyn-item"><a href="/publications/%s" class="link-block w-inline-block"><div class="tag-text">%s</div><div class="heading-card">%s</div><div class="paragraph-small">%s</div><div class="date-text">%s</div></a></div>`, d.slug(), d.kind, d.title, d.text, d.day.Format("January 2, 2006"))
		}, `<div class="section"><div class="container w-container"><div class="w-dyn-list"><div role="list" class="collection-list w-dyn-items w-row">%s</div></div></div></div>`, `<div role="navigation" aria-label="List" class="w-pagination-wrapper"><a href="%s" aria-label="Next Page" class="w-pagination-next"><div class="w-inline-block">Next</div></a></div>`, true},
		"squarespace": {func(d document) string {
			return fmt.Sprintf(`<article class="blog-basic-grid--container entry blog-item is-loaded"><div class="blog-item-wrapper"><div class="image-wrapper"><a href="/publications/%s"><img alt="%s" src="/i.jpg"></a></div><div class="blog-meta-section"><span class="blog-meta-primary"><span class="blog-categories-list"><a href="/publications?category=%s" class="blog-categories">%s</a></span></span><span class="blog-meta-delimiter"></span><span class="blog-meta-secondary"><time class="blog-date" pubdate data-animation-role="date">%s</time></span></div><h1 class="blog-title"><a href="/publications/%s" data-no-animation>%s</a></h1><div class="blog-excerpt"><div class="blog-excerpt-wrapper"><p>%s</p></div></div><a class="blog-more-link" href="/publications/%s">Read More</a></div></article>`, d.slug(), d.title, url.QueryEscape(d.kind), d.kind, d.day.Format("02/01/06"), d.slug(), d.title, d.text, d.slug())
		}, `<main id="page"><article class="sections"><section class="page-section"><div class="blog-basic-grid">%s</div></section></article></main>`, `<nav class="blog-list-pagination"><div class="older"><a href="%s" rel="next"><span class="blog-list-pagination-link-label">Older Posts</span></a></div></nav>`, false},
		"mediawiki": {func(d document) string {
			return fmt.Sprintf(`<li><a href="/publications/%s" title="%s">%s</a></li>`, d.slug(), d.title, d.title)
		}, `<div id="content" class="mw-body" role="main"><h1 id="firstHeading">Category:Publications</h1><div id="mw-content-text"><div id="mw-pages"><h2>Pages in category "Publications"</h2><p>The following 10 pages are in this category, out of 24 total.</p><div class="mw-content-ltr"><div class="mw-category"><div class="mw-category-group"><h3>A</h3><ul>%s</ul></div></div></div></div></div></div>`, `(previous page) (<a href="%s" title="Category:Publications">next page</a>)`, false},
		"sharepoint": {func(d document) string {
			return fmt.Sprintf(`<tr class="ms-itmhover"><td class="ms-vb-icon"><img src="/_layouts/15/images/icpdf.png" alt=""></td><td class="ms-vb-title"><div class="ms-vb"><a class="ms-listlink" href="/publications/%s">%s</a></div></td><td class="ms-vb2"><nobr>%s</nobr></td><td class="ms-vb2">%s</td></tr>`, d.slug(), d.title, d.day.Format("02 Jan 2006"), d.kind)
		}, `<div id="DeltaPlaceHolderMain"><table class="ms-listviewtable"><thead><tr><th>Type</th><th>Name</th><th>Published</th><th>Kind</th></tr></thead><tbody>%s</tbody></table></div>`, `<div class="ms-paging"><a href="%s" title="Next">Next</a></div>`, true},
		"govuk design, other site": {func(d document) string {
			return fmt.Sprintf(`<li class="gem-c-document-list__item"><div class="gem-c-document-list__item-title"><a class="govuk-link" href="/publications/%s">%s</a></div><p class="gem-c-document-list__item-description">%s</p><ul class="gem-c-document-list__item-metadata"><li class="gem-c-document-list__attribute">Document type: %s</li><li class="gem-c-document-list__attribute">Updated: <time datetime="%s">%s</time></li></ul></li>`, d.slug(), d.title, d.text, d.kind, d.day.Format("2006-01-02"), d.long())
		}, `<main class="govuk-main-wrapper"><div class="finder-results"><ul class="gem-c-document-list">%s</ul></div></main>`, `<nav class="govuk-pagination"><div class="govuk-pagination__next"><a class="govuk-link govuk-pagination__link" href="%s" rel="next"><span class="govuk-pagination__link-title">Next page</span></a></div></nav>`, true},
		"bootstrap without names": {func(d document) string {
			return fmt.Sprintf(`<div class="col-12 col-md-6 mb-4"><div class="card h-100"><div class="card-body"><p class="text-muted small mb-1">%s · %s</p><h5 class="card-title"><a href="/publications/%s" class="stretched-link">%s</a></h5><p class="card-text">%s</p></div></div></div>`, d.kind, d.long(), d.slug(), d.title, d.text)
		}, `<div class="container py-5"><div class="row">%s</div></div>`, `<ul class="pagination justify-content-center"><li class="page-item active"><a class="page-link" href="#">1</a></li><li class="page-item"><a class="page-link" href="%[1]s">2</a></li></ul>`, true},
		"tailwind": {func(d document) string {
			return fmt.Sprintf(`<div class="flex flex-col overflow-hidden rounded-lg shadow-lg"><div class="flex flex-1 flex-col justify-between bg-white p-6"><div class="flex-1"><p class="text-sm font-medium text-indigo-600"><a href="/kinds/%s" class="hover:underline">%s</a></p><a href="/publications/%s" class="mt-2 block"><p class="text-xl font-semibold text-gray-900">%s</p><p class="mt-3 text-base text-gray-500">%s</p></a></div><div class="mt-6 flex items-center"><div class="ml-3"><div class="flex space-x-1 text-sm text-gray-500"><time datetime="%s">%s</time></div></div></div></div></div>`, strings.ToLower(d.kind), d.kind, d.slug(), d.title, d.text, d.day.Format("2006-01-02"), d.day.Format("Jan 2, 2006"))
		}, `<div class="relative bg-gray-50 px-6 pt-16"><div class="mx-auto mt-12 grid max-w-lg gap-5 lg:grid-cols-3">%s</div></div>`, `<nav class="flex items-center justify-between border-t"><a href="%s" class="ml-3 inline-flex items-center rounded-md border">Next</a></nav>`, true},
		"definition list": {func(d document) string {
			return fmt.Sprintf(`<dt><a href="/publications/%s">%s</a></dt><dd class="info"><strong>Publishing date:</strong> %s<br><strong>Content type:</strong> %s</dd><dd>%s</dd>`, d.slug(), d.title, d.long(), d.kind, d.text)
		}, `<div id="main"><dl class="searchresults">%s</dl></div>`, `<p class="nextprev"><a href="%s">Next &gt;&gt;</a></p>`, true},
	}
	var out []site
	for name, l := range looks {
		w := frame("", menu, foot)
		out = append(out, site{name, "/publications/", "listing", 24, l.dated, func(u *url.URL) reply {
			if u.Path == "/" {
				return page(w("Home", "<main><h1>The library</h1><p>Welcome to the library.</p></main>"))
			}
			if u.Path != "/publications/" {
				return itemPage(w, u.Path, func(d document) string {
					return fmt.Sprintf(`<main><h1>%s</h1><p>%s</p></main>`, d.title, d.text)
				}, func(d document) string { return "/publications/" + d.slug() })
			}
			n := intOf(u, "page", 1)
			if len(part(n-1, 10)) == 0 {
				return reply{}
			}
			next := ""
			if n < 3 {
				next = fmt.Sprintf(l.next, fmt.Sprintf("/publications/?page=%d", n+1))
			}
			return page(w("Publications", fmt.Sprintf(l.list, cards(part(n-1, 10), l.card))+next))
		}})
	}
	for i := range out {
		out[i].answer = orRobots(out[i].answer)
	}
	return out
}
