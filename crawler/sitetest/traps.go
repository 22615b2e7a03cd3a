package sitetest

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
)

// The traps are sites without end. All of them are to be given to paths that
// end in "/*", and work wherever they are mounted: their links are relative or
// made of the path that was asked for. Their lists have the markup of a
// [Library], so that the same selectors read them: article.card with h3 a and
// .excerpt, and a.next.

// trapPage is a page in the markup of the traps. Links are address and text in turn.
func trapPage(title, next string, links ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<!DOCTYPE html><html lang=\"en\"><head><title>%s</title></head><body><main><h1>%s</h1>\n", title, title)
	for i := 0; i+1 < len(links); i += 2 {
		fmt.Fprintf(&b, "<article class=\"card\"><h3><a href=\"%s\">%s</a></h3><p class=\"excerpt\">%s.</p></article>\n", links[i], links[i+1], links[i+1])
	}
	if next != "" {
		fmt.Fprintf(&b, "<a class=\"next\" href=\"%s\">Next</a>", next)
	}
	b.WriteString("</main></body></html>")
	return b.String()
}

// Calendar has a page for every month that ever was or will be, each with a
// link to the month before, the month after (a.next) and an "event" on each of
// three days: the event calendars of content management systems, which have no
// last page.
func Calendar() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		segments := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
		year, month, up := 2020, 1, ""
		if n := len(segments); n >= 2 {
			y, errYear := strconv.Atoi(segments[n-2])
			m, errMonth := strconv.Atoi(segments[n-1])
			if errYear == nil && errMonth == nil && m >= 1 && m <= 12 {
				year, month, up = y, m, "../../"
			}
		}
		at := func(months int) string {
			n := year*12 + month - 1 + months
			return fmt.Sprintf("%s%04d/%02d/", up, n/12, n%12+1)
		}
		title := fmt.Sprintf("Events in %04d-%02d", year, month)
		links := []string{at(-1), "the month before"}
		for _, day := range []int{3, 12, 25} {
			links = append(links, fmt.Sprintf("%s?day=%d", at(0), day), fmt.Sprintf("No events on %04d-%02d-%02d", year, month, day))
		}
		HTML(trapPage(title, at(1), links...)).ServeHTTP(w, r)
	})
}

// SessionLinks shows one page, whose links lead to pages 1 to n of itself under
// a session identifier that is new with every answer, in the query under the
// given key ("PHPSESSID", "sid") or, with the key ";jsessionid", in the path: what
// servers do for clients without cookies.
func SessionLinks(n int, key string) http.Handler {
	var answers atomic.Uint64
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := fmt.Sprintf("%032x", mix(answers.Add(1)))
		at := func(k int) string {
			if parameter, ok := strings.CutPrefix(key, ";"); ok {
				path, _, _ := strings.Cut(r.URL.Path, ";")
				return fmt.Sprintf("%s;%s=%s?p=%d", path, parameter, id, k)
			}
			return fmt.Sprintf("%s?p=%d&%s=%s", r.URL.Path, k, key, id)
		}
		var links []string
		for k := 1; k <= n; k++ {
			links = append(links, at(k), fmt.Sprintf("Document %d", k))
		}
		here, _ := strconv.Atoi(r.URL.Query().Get("p")) // none is 0
		HTML(trapPage(fmt.Sprintf("Document %d", here), at(here%n+1), links...)).ServeHTTP(w, r)
	})
}

// EverDeeper shows one page for every address, with a link that lacks its
// leading slash, so that each click makes the path longer by the same segment:
// /news/news/news/… It is the commonest mistake in hand-written menus.
func EverDeeper(segment string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/") {
			http.Redirect(w, r, r.URL.Path+"/", http.StatusMovedPermanently)
			return
		}
		HTML(trapPage("News", segment+"/", segment+"/", "All news", segment+"/latest/", "Latest news")).ServeHTTP(w, r)
	})
}

// NextForEver is a listing whose every page shows the same cards and names
// another page: paginations that do not know where they end, and answer a
// page beyond the last with the last. The number is in the query ("page").
func NextForEver(cards ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		k, _ := strconv.Atoi(r.URL.Query().Get("page")) // none is 0
		var links []string
		for _, c := range cards {
			links = append(links, c, "Document "+c)
		}
		HTML(trapPage("Documents", fmt.Sprintf("%s?page=%d", r.URL.Path, max(k, 1)+1), links...)).ServeHTTP(w, r)
	})
}

// Facets shows one and the same page for every choice of filters, with links
// that each add or change one, in whatever order: n filters of three values
// make endlessly many addresses with the same text (duplicate content).
func Facets(n int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var links []string
		for k := range n {
			for value := range 3 {
				q := r.URL.RawQuery
				if q != "" {
					q += "&"
				}
				links = append(links, fmt.Sprintf("%s?%sf%d=%d", r.URL.Path, q, k, value), fmt.Sprintf("Filter %d by %d", k, value))
			}
		}
		HTML(trapPage("Library", "", links...)).ServeHTTP(w, r)
	})
}

// SameForEverything shows a page for every address, with status 200: the home
// page in place of what is missing, robots.txt and sitemaps included, as
// single-page applications and parked domains do.
func SameForEverything(html string) http.Handler { return HTML(html) }

// SoftNotFound says "not found" with status 200, with the address in the text
// and under a title of the site's own, as sites with a misconfigured error page do.
func SoftNotFound() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked := strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(r.URL.Path)
		HTML(`<!DOCTYPE html><html lang="en"><head><title>Page not found - Example Institute</title></head><body>`+libraryMenu+
			`<main><h1>Page not found</h1><p>Sorry, the page `+asked+` could not be found. It may have been moved or deleted.</p><form role="search"><input name="s"></form></main></body></html>`).ServeHTTP(w, r)
	})
}

// SoftNotFoundRedirect sends what is missing to the front page, with a 302: as
// site moves do that map all old addresses to one.
func SoftNotFoundRedirect(home string) http.Handler { return Redirect(http.StatusFound, home) }

// Mirrors shows a page under as many addresses as there are values of a query
// key (ref, print, utm_source), and links to another of them with every answer:
// share links and campaign parameters, which change nothing about the page.
func Mirrors(page, key string) http.Handler {
	var answers atomic.Uint64
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		HTML(fmt.Sprintf("%s<a class=\"next\" href=\"%s?%s=%d\">Share</a>", page, r.URL.Path, url.QueryEscape(key), answers.Add(1))).ServeHTTP(w, r)
	})
}
