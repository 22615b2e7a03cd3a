package survey_test

import (
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The sites of this file imitate what platforms send: their endpoints, the
// names in their markup, and their habits. The documents on them are made up.

const root = "https://library.example"

// site is one site: what it answers, and what there is to be found.
type site struct {
	name string
	// start is the path that is given to the survey.
	start string
	// door is the kind that must come first.
	door string
	// seen is how many documents the first door leads to.
	seen   int
	dated  bool
	answer func(u *url.URL) reply
}

type reply struct {
	status int // 0: 404
	kind   string
	body   string
	header map[string]string
}

func page(body string) reply { return reply{status: 200, kind: "text/html", body: body} }
func xml(body string) reply  { return reply{status: 200, kind: "application/xml", body: body} }

func jsonOf(v any, header ...string) reply {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	r := reply{status: 200, kind: "application/json", body: string(b), header: map[string]string{}}
	for i := 0; i+1 < len(header); i += 2 {
		r.header[header[i]] = header[i+1]
	}
	return r
}

// document is one document of a site.
type document struct {
	n                        int
	title, kind, text, place string
	day                      time.Time
}

func (d document) slug() string {
	return strings.ToLower(d.place) + "-" + strings.ReplaceAll(strings.ToLower(d.kind), " ", "-")
}

func (d document) iso() string { return d.day.Format(time.RFC3339) }
func (d document) long() string {
	return d.day.Format("2 January 2006")
}

var places = []string{
	"Accra", "Bihar", "Cebu", "Dakar", "Esmeraldas", "Faisalabad", "Gujarat", "Haiphong", "Iquique", "Jalisco", "Karachi", "Lagos",
	"Manaus", "Nairobi", "Odisha", "Penang", "Quetta", "Rabat", "Surat", "Tamale", "Ubon", "Valencia", "Wuhan", "Xining",
}

var kinds = []string{"Report", "Guidance", "News", "Working paper"}

// documents are the 24 of every site.
func documents() []document {
	forms := []string{"Wages withheld in the workshops of %s", "Recruitment fees and debt: what workers in %s pay", "Annual report of the labour inspectorate of %s", "Guidance for those who buy from %s", "Child labour in %s: a survey of households"}
	out := make([]document, 0, len(places))
	for i, p := range places {
		out = append(out, document{
			n: 101 + i*3, title: fmt.Sprintf(forms[i%len(forms)], p), kind: kinds[(i*i+i/3)%len(kinds)], place: p,
			text: fmt.Sprintf("Inspectors spoke with %d workers in %s about their pay, their contracts and the papers that had been taken from them.", 40+i, p),
			day:  time.Date(2024, 11, 20, 9, 30, 0, 0, time.UTC).AddDate(0, 0, -i*17),
		})
	}
	return out
}

// part are the documents of a page that counts from 0.
func part(n, size int) []document {
	all := documents()
	from := min(len(all), max(0, n)*size)
	return all[from:min(len(all), from+size)]
}

func intOf(u *url.URL, name string, otherwise int) int {
	n, err := strconv.Atoi(u.Query().Get(name))
	if err != nil {
		return otherwise
	}
	return n
}

// itemPage is the page of one document in the frame of a site.
func itemPage(frame func(title, body string) string, path string, body func(d document) string, match func(d document) string) reply {
	for _, d := range documents() {
		if strings.TrimSuffix(path, "/") == strings.TrimSuffix(match(d), "/") {
			return page(frame(d.title, body(d)))
		}
	}
	return reply{}
}

func cards(docs []document, one func(d document) string) string {
	var b strings.Builder
	for _, d := range docs {
		b.WriteString(one(d))
	}
	return b.String()
}

// frame is a page with head, menu and footer.
func frame(head, menu, footer string) func(title, body string) string {
	return func(title, body string) string {
		return fmt.Sprintf("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>%s | Labour Library</title>%s</head><body>%s%s%s</body></html>",
			html.EscapeString(title), head, menu, body, footer)
	}
}

// orRobots answers for robots.txt besides.
func orRobots(answer func(u *url.URL) reply) func(u *url.URL) reply {
	return func(u *url.URL) reply {
		if u.Path == "/robots.txt" {
			return reply{status: 200, kind: "text/plain", body: "User-agent: *\nDisallow: /admin/\n"}
		}
		return answer(u)
	}
}

// sites are all of them, each platform in several themes.
func sites() []site {
	out := slices.Concat(wordpressSites(), drupalSites(), joomlaSites(), librarySites(), openDataSites(), plainSites(), wikiSites())
	for i := range out {
		out[i].answer = orRobots(out[i].answer)
	}
	return out
}

// wordpressThemes are the cards of a theme's archive and what leads on.
var wordpressThemes = map[string]struct {
	card func(d document) string
	wrap func(cards, next string) string
}{
	"twenty": {
		func(d document) string {
			return fmt.Sprintf(`<article id="post-%d" class="post-%d post type-post status-publish format-standard hentry category-%s entry"><header class="entry-header"><h2 class="entry-title default-max-width"><a href="%s/%s/">%s</a></h2></header><div class="entry-content"><p>%s</p></div><footer class="entry-footer default-max-width"><span class="posted-on">Published <time class="entry-date published updated" datetime="%s">%s</time></span><div class="post-taxonomies"><span class="cat-links">Categorised as <a href="%s/category/%s/" rel="category tag">%s</a></span></div></footer></article>`,
				d.n, d.n, strings.ToLower(d.kind), root, d.slug(), d.title, d.text, d.iso(), d.long(), root, strings.ToLower(d.kind), d.kind)
		},
		func(cards, next string) string {
			return `<div id="page" class="site"><div id="content" class="site-content"><div id="primary" class="content-area"><main id="main" class="site-main">` + cards +
				`<nav class="navigation pagination" aria-label="Posts"><div class="nav-links"><span class="page-numbers current">1</span><a class="page-numbers" href="` + next + `">2</a><a class="next page-numbers" href="` + next + `">Older posts</a></div></nav></main></div></div></div>`
		},
	},
	"blocks": {
		func(d document) string {
			return fmt.Sprintf(`<li class="wp-block-post post-%d post type-post status-publish hentry"><figure class="wp-block-post-featured-image"><a href="%s/%s/"><img src="/p.jpg" alt=""></a></figure><h3 class="wp-block-post-title"><a href="%s/%s/" target="_self">%s</a></h3><div class="wp-block-post-excerpt"><p class="wp-block-post-excerpt__excerpt">%s&hellip;</p></div><div class="wp-block-post-date"><time datetime="%s"><a href="%s/%s/">%s</a></time></div></li>`,
				d.n, root, d.slug(), root, d.slug(), d.title, d.text, d.iso(), root, d.slug(), d.long())
		},
		func(cards, next string) string {
			return `<div class="wp-site-blocks"><main class="wp-block-group"><div class="wp-block-query"><ul class="wp-block-post-template">` + cards + `</ul><nav class="wp-block-query-pagination"><a href="` + next + `" class="wp-block-query-pagination-next">Next Page</a></nav></div></main></div>`
		},
	},
	"elementor": {
		func(d document) string {
			return fmt.Sprintf(`<article class="elementor-post elementor-grid-item post-%d post type-post"><a class="elementor-post__thumbnail__link" href="%s/%s/"><div class="elementor-post__thumbnail"><img src="/p.jpg" alt=""></div></a><div class="elementor-post__text"><h3 class="elementor-post__title"><a href="%s/%s/">%s</a></h3><div class="elementor-post__meta-data"><span class="elementor-post-date">%s</span></div><div class="elementor-post__excerpt"><p>%s</p></div><a class="elementor-post__read-more" href="%s/%s/">Read More »</a></div></article>`,
				d.n, root, d.slug(), root, d.slug(), d.title, d.day.Format("January 2, 2006"), d.text, root, d.slug())
		},
		func(cards, next string) string {
			return `<div class="elementor"><section class="elementor-section"><div class="elementor-container"><div class="elementor-posts-container elementor-posts elementor-grid">` + cards + `</div><nav class="elementor-pagination"><a class="page-numbers" href="` + next + `">2</a><a class="page-numbers next" href="` + next + `">Next »</a></nav></div></section></div>`
		},
	},
}

func wordpressFrame(head string) func(title, body string) string {
	return frame(`<meta name="generator" content="WordPress 6.6.2"><link rel="stylesheet" href="`+root+`/wp-content/themes/x/style.css">`+head,
		`<header id="masthead" class="site-header"><nav class="main-navigation"><ul id="primary-menu"><li class="menu-item menu-item-1"><a href="`+root+`/">Home</a></li><li class="menu-item menu-item-2"><a href="`+root+`/about/">About us</a></li><li class="menu-item menu-item-3"><a href="`+root+`/publications/">Publications</a></li><li class="menu-item menu-item-4"><a href="`+root+`/contact/">Contact us</a></li></ul></nav></header>`,
		`<aside class="widget-area"><section class="widget widget_recent_entries"><h2 class="widget-title">Recent Posts</h2><ul><li><a href="`+root+`/a-visit-of-the-minister/">A visit of the minister to the library</a></li><li><a href="`+root+`/the-new-reading-room/">The new reading room is open</a></li><li><a href="`+root+`/our-summer-hours/">Our hours during the summer</a></li></ul></section></aside><footer class="site-footer"><p>Proudly powered by WordPress</p></footer>`)
}

// wordpressPosts is a page of the REST API.
func wordpressPosts(u *url.URL, docs []document, kind string) reply {
	size, n := intOf(u, "per_page", 10), intOf(u, "page", 1)
	var out []map[string]any
	for i, d := range docs {
		if i/size != n-1 {
			continue
		}
		text := func(s string) map[string]any { return map[string]any{"rendered": s} }
		out = append(out, map[string]any{
			"id": d.n, "date": d.day.Format("2006-01-02T15:04:05"), "date_gmt": d.day.Format("2006-01-02T15:04:05"), "modified_gmt": d.day.Format("2006-01-02T15:04:05"),
			"slug": d.slug(), "status": "publish", "type": kind, "link": root + "/" + d.slug() + "/", "title": text(html.EscapeString(d.title)),
			"content": text("<p>" + d.text + "</p>"), "excerpt": text("<p>" + d.text + "</p>"), "categories": []int{2},
			"_embedded": map[string]any{"wp:term": [][]map[string]any{{{"id": 2, "name": d.kind, "taxonomy": "category"}}}},
		})
	}
	if out == nil {
		return reply{status: 400, kind: "application/json", body: `{"code":"rest_post_invalid_page_number","message":"x","data":{"status":400}}`}
	}
	return jsonOf(out, "X-WP-Total", strconv.Itoa(len(docs)), "X-WP-TotalPages", strconv.Itoa((len(docs)+size-1)/size))
}

var wordpressTypes = map[string]any{
	"post": map[string]any{"name": "Posts", "slug": "post", "rest_base": "posts"}, "page": map[string]any{"name": "Pages", "slug": "page", "rest_base": "pages"},
	"attachment": map[string]any{"name": "Media", "slug": "attachment", "rest_base": "media"}, "wp_block": map[string]any{"slug": "wp_block", "rest_base": "blocks"},
	"team": map[string]any{"name": "Team", "slug": "team", "rest_base": "team"}, "elementor_library": map[string]any{"slug": "elementor_library", "rest_base": "elementor_library"},
	"publication": map[string]any{"name": "Publications", "slug": "publication", "rest_base": "publications"},
}

func wordpressSites() []site {
	var out []site
	for _, theme := range slices.Sorted(maps.Keys(wordpressThemes)) {
		t := wordpressThemes[theme]
		list := func(w func(title, body string) string, u *url.URL, at string) reply {
			n := 1
			if rest, ok := strings.CutPrefix(u.Path, at+"page/"); ok {
				n, _ = strconv.Atoi(strings.Trim(rest, "/"))
			} else if u.Path != at {
				return itemPage(w, u.Path, func(d document) string {
					return fmt.Sprintf(`<main><article class="post hentry"><h1 class="entry-title">%s</h1><time class="entry-date" datetime="%s">%s</time><div class="entry-content"><p>%s</p></div></article></main>`, d.title, d.iso(), d.long(), d.text)
				}, func(d document) string { return "/" + d.slug() })
			}
			if len(part(n-1, 8)) == 0 {
				return reply{}
			}
			return page(w("Publications", t.wrap(cards(part(n-1, 8), t.card), fmt.Sprintf("%s%spage/%d/", root, at, n+1))))
		}
		out = append(out,
			site{"wordpress, " + theme, "/", "wordpress", 24, true, func(u *url.URL) reply {
				w := wordpressFrame(`<link rel="https://api.w.org/" href="` + root + `/wp-json/"><link rel="alternate" type="application/rss+xml" title="Labour Library » Feed" href="` + root + `/feed/">`)
				switch u.Path {
				case "/wp-json/wp/v2/types":
					return jsonOf(wordpressTypes)
				case "/wp-json/wp/v2/posts":
					return wordpressPosts(u, documents()[:20], "post")
				case "/wp-json/wp/v2/publications":
					return wordpressPosts(u, documents()[20:], "publication")
				case "/wp-json/wp/v2/team":
					return wordpressPosts(u, documents()[:3], "team")
				}
				return list(w, u, "/")
			}},
			site{"wordpress without its interface, " + theme, "/publications/", "listing", 24, true, func(u *url.URL) reply {
				if strings.HasPrefix(u.Path, "/wp-json") {
					return reply{status: 401, kind: "application/json", body: `{"code":"rest_login_required","message":"closed","data":{"status":401}}`}
				}
				return list(wordpressFrame(`<link rel="https://api.w.org/" href="`+root+`/wp-json/">`), u, "/publications/")
			}})
	}
	out = append(out, site{"wordpress without rewriting", "/", "wordpress", 24, true, func(u *url.URL) reply {
		route := u.Query().Get("rest_route")
		switch route {
		case "/wp/v2/types":
			return jsonOf(map[string]any{"post": wordpressTypes["post"], "page": wordpressTypes["page"]})
		case "/wp/v2/posts":
			return wordpressPosts(u, documents(), "post")
		case "":
			return page(wordpressFrame(`<link rel="https://api.w.org/" href="`+root+`/index.php?rest_route=/">`)("Home", "<main><p>Welcome.</p></main>"))
		}
		return reply{}
	}})
	return out
}

func header(h map[string]string) http.Header {
	out := make(http.Header)
	for k, v := range h {
		out.Set(k, v)
	}
	return out
}
