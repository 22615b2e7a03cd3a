package wordpress

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"

	"github.com/harvest87/harvest"
)

// The bounds of a pagination.
const (
	// batch is how many pages the first of a row asks for at once. The last
	// of them asks for the next row.
	batch = 100
	// maxPages ends a pagination that does not end by itself: a million posts.
	maxPages = 10_000
)

// turned is where the pagination goes from a page.
type turned struct {
	harvest.Parsed
	// stop is true when the page repeats the one before: its posts are not
	// to be read again.
	stop bool
}

// address is where the following pages are: the address that answered, when
// the site redirects its API as a whole, else the one that was asked.
func (v *visit) address() *url.URL {
	final, err := url.Parse(v.page.URL)
	if err != nil || final.Host == "" || !final.Query().Has("per_page") {
		return v.at
	}
	return final
}

// lostQuery reports whether a redirect has dropped our parameters, so that
// the reply is not the page that was asked for.
func (v *visit) lostQuery() bool {
	final, err := url.Parse(v.page.URL)
	if err != nil || final.Host == "" || !v.at.Query().Has("per_page") || final.Query().Has("per_page") {
		return false
	}
	return final.Host != v.at.Host || final.Scheme != v.at.Scheme || final.Path != v.at.Path
}

// again asks for the page at the address to which it was redirected, with its
// parameters.
func (v *visit) again() harvest.Parsed {
	final, err := url.Parse(v.page.URL)
	if err != nil {
		return v.dead(err.Error())
	}
	final.RawQuery = v.at.RawQuery
	return harvest.Parsed{
		Requests: []harvest.Request{v.request(final.String(), v.step, v.number())},
		Notes:    []string{fmt.Sprintf("%s redirects to %s and drops the parameters; base in the source file can name the right address", v.at.Host, final.Host)},
	}
}

// number is the page's place in the pagination, from 1.
func (v *visit) number() int {
	return max(1, v.page.Request.Page, intParam(v.at, "page", 1))
}

// isFirst reports whether the page is the first of its list.
func (v *visit) isFirst() bool { return v.number() == 1 && intParam(v.at, "offset", 0) == 0 }

// turn finds the pages that follow one with those posts.
func (v *visit) turn(items []json.RawMessage) turned {
	var out turned
	n := len(items)
	total, hasTotal := headerNumber(v.page.Header, "X-WP-Total")
	pages, hasPages := headerNumber(v.page.Header, "X-WP-TotalPages")
	out.Total = total
	if !hasPages && hasTotal && n > 0 && v.isFirst() {
		pages, hasPages = (total+n-1)/n, true
	}
	switch {
	case v.step.Part:
	case n == 0 && v.isFirst():
		if !v.at.Query().Has("modified_after") {
			out.Notes = append(out.Notes, v.typeName()+": the API lists no posts")
		}
	case n == 0: // the end
	case v.step.Before != "" && v.step.Before == fingerprint(items):
		out.stop = true
		if v.step.Size == 0 { // there are more posts, and this is not the way to them
			out.Events = append(out.Events, harvest.Event{
				Outcome: harvest.ParseFailed, URL: v.page.URL, Reason: fmt.Sprintf("page %d repeats an earlier one; a cache that does not heed the page number?", v.number()),
			})
			break
		}
		out.Notes = append(out.Notes, fmt.Sprintf("%s: page %d repeats the one before; the list ends there", v.typeName(), v.number()))
	case hasPages && v.step.Size == 0:
		out.Requests = v.row(pages, fingerprint(items))
	default:
		out.Requests, out.Notes = v.onwards(n, fingerprint(items))
	}
	return out
}

// row asks for the pages up to a known last one, a batch at a time: from the
// first page on, and again from the end of each batch. The page that was the
// last may not be any more, because new posts come at the end. None of them
// may be the page that asked, which print tells: a site that does not heed the
// page number would give it as often as its headers promise.
func (v *visit) row(pages int, print string) []harvest.Request {
	number := v.number()
	if number > 1 && !v.step.Last {
		return nil
	}
	end := min(pages, number+batch, maxPages)
	var out []harvest.Request
	terms := v.step.onwardTerms()
	for i := number + 1; i <= end; i++ {
		at := withParams(v.address(), map[string]string{"page": strconv.Itoa(i)})
		out = append(out, v.request(at, step{Name: StepPosts, Type: v.step.Type, Found: v.step.Found, Last: i == end, Before: print, Terms: terms}, i))
	}
	return out
}

// onwards asks for the next page of a site that does not say how many there
// are, until one is empty or shorter than the others. It asks by offset: an
// offset behind the end gives an empty list, a page behind it an error.
func (v *visit) onwards(n int, print string) ([]harvest.Request, []string) {
	if n < v.step.Size {
		return nil, nil
	}
	number := v.number()
	if number >= maxPages {
		return nil, []string{fmt.Sprintf("%s: stopped after %d pages", v.typeName(), maxPages)}
	}
	set := map[string]string{"page": strconv.Itoa(number + 1)}
	if v.route.namespace == coreNamespace {
		set = map[string]string{"page": "", "offset": strconv.Itoa(intParam(v.at, "offset", 0) + n)}
	}
	s := step{Name: StepPosts, Type: v.step.Type, Found: v.step.Found, Size: max(n, v.step.Size), Before: print, Terms: v.step.onwardTerms()}
	return []harvest.Request{v.request(withParams(v.address(), set), s, number+1)}, nil
}

// lighter asks for a page that was too much for the server in smaller
// portions; nil when they are small already.
func (v *visit) lighter() []harvest.Request {
	const portion, heavy = 20, 50
	size := intParam(v.at, "per_page", 0)
	if size < heavy {
		return nil
	}
	byOffset := v.route.namespace == coreNamespace
	if v.isFirst() || v.at.Query().Has("offset") || !byOffset {
		if !v.isFirst() && !byOffset { // its pages count in portions of the old size
			return nil
		}
		s := v.step
		s.Size = 0
		if v.at.Query().Has("offset") {
			s.Size = 1 // still without headers
		}
		return []harvest.Request{v.request(withParams(v.at, map[string]string{"per_page": strconv.Itoa(portion)}), s, v.number())}
	}
	var out []harvest.Request
	for from := 0; from < size; from += portion {
		at := withParams(v.at, map[string]string{
			"page": "", "per_page": strconv.Itoa(min(portion, size-from)), "offset": strconv.Itoa((v.number()-1)*size + from),
		})
		out = append(out, v.request(at, step{Name: StepPosts, Type: v.step.Type, Found: v.step.Found, Part: true, Terms: v.step.Terms}, v.number()))
	}
	return out
}

// typeName is the post type as the source file names it.
func (v *visit) typeName() string {
	if v.step.Type < len(v.wordpress.Types) {
		return v.wordpress.Types[v.step.Type]
	}
	return "posts"
}
