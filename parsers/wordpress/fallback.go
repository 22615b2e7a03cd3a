package wordpress

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
)

// failed answers for a page of posts that was not had. A body may be missing,
// so the status alone must do.
func (v *visit) failed() harvest.Parsed {
	why := describe(v.page)
	switch v.page.Outcome {
	case harvest.NotFoundPage, harvest.GonePage, harvest.UnexpectedType:
		if v.step.Size > 0 {
			return v.end(why)
		}
		return v.elsewhere(why)
	case harvest.ClientError:
		switch {
		case v.page.Status != http.StatusBadRequest:
			return v.dead(why)
		case v.isFirst():
			return v.relaxBlind(why)
		case v.step.Size > 0 || v.step.Failed:
			return v.end(why)
		}
	case harvest.ServerError, harvest.TimedOut, harvest.TooLarge, harvest.Incomplete:
		// seen at shared hosting: 500 for per_page=100 where PHP's memory ends
		if smaller := v.lighter(); smaller != nil {
			return harvest.Parsed{
				Requests: append(smaller, v.past()...), Expected: "asked for again in smaller portions",
				Notes: []string{fmt.Sprintf("%s: %s; asked for in smaller portions, per_page in the source file can do so from the start", v.typeName(), why)},
			}
		}
	}
	if v.isFirst() {
		return v.dead(why)
	}
	return harvest.Parsed{Requests: v.past()}
}

// past goes on behind the last known page of a row, so that one page that
// cannot be had does not hide the rest.
func (v *visit) past() []harvest.Request {
	if !v.step.Last || v.step.Failed || v.number() >= maxPages {
		return nil
	}
	at := withParams(v.at, map[string]string{"page": strconv.Itoa(v.number() + 1)})
	s := step{Name: StepPosts, Type: v.step.Type, Found: v.step.Found, Last: true, Failed: true, Terms: v.step.onwardTerms()}
	return []harvest.Request{v.request(at, s, v.number()+1)}
}

// end is the normal end of a list whose length was not known.
func (v *visit) end(why string) harvest.Parsed {
	return harvest.Parsed{Expected: fmt.Sprintf("behind the last page of %s (%s)", v.typeName(), why)}
}

// dead gives the door up when its first post type cannot be read; of another
// type it only tells.
func (v *visit) dead(why string) harvest.Parsed {
	if v.step.Type == 0 && v.isFirst() && v.inFirstLanguage() {
		return harvest.Parsed{Dead: why}
	}
	return harvest.Parsed{Notes: []string{v.typeName() + ": " + why}}
}

// unreadable answers for a page that came, but not as a list of posts.
func (v *visit) unreadable(r reply) harvest.Parsed {
	why := r.broken
	if r.html {
		why = "a web page stands where the API should be"
		if v.page.URL != v.page.Request.URL {
			why = "redirected to the web page " + v.page.URL
		}
	}
	if !v.isFirst() {
		return harvest.Parsed{
			Events:   []harvest.Event{{Outcome: harvest.ParseFailed, URL: v.page.URL, Reason: why}},
			Requests: v.past(),
		}
	}
	if r.html {
		return v.elsewhere(why)
	}
	out := v.dead(why)
	if out.Dead == "" {
		out.Events = append(out.Events, harvest.Event{Outcome: harvest.ParseFailed, URL: v.page.URL, Reason: why})
	}
	return out
}

// elsewhere looks for a collection that is not at its usual address: under
// ?rest_route=, or under another name in the index of types.
func (v *visit) elsewhere(why string) harvest.Parsed {
	switch {
	case !v.isFirst():
		return harvest.Parsed{Notes: []string{fmt.Sprintf("%s: page %d: %s", v.typeName(), v.number(), why)}, Requests: v.past()}
	case v.step.Found:
		return v.dead(fmt.Sprintf("the type %s is listed but not readable: %s", v.typeName(), why))
	case v.route.namespace == coreNamespace && !isCore(v.typeName()):
		return harvest.Parsed{Requests: []harvest.Request{v.typesRequest(isPlain(v.at))}}
	case !isPlain(v.at):
		// seen: wp-json is 404 while ?rest_route= works, on servers without rewrite rules
		return harvest.Parsed{Requests: []harvest.Request{v.plain(v.typeName(), v.step)}}
	}
	return v.dead(fmt.Sprintf("no WordPress API, neither at /%s nor under ?rest_route=: %s", v.route.prefix, why))
}

// plain asks for the first page of a type in the parameter form.
func (v *visit) plain(restBase string, s step) harvest.Request {
	params := v.at.Query()
	params.Del("rest_route")
	return v.request(v.route.url(true, v.route.namespace+"/"+restBase, params), s, 1)
}

func (v *visit) typesRequest(plain bool) harvest.Request {
	return v.request(v.route.url(plain, coreNamespace+"/types", nil), step{Name: StepTypes}, 1)
}

// types reads the index of post types and asks for those of the source file
// that go by another name there.
func (v *visit) types() harvest.Parsed {
	r := readTypes(v.page.Body)
	if len(r.types) == 0 {
		why := describe(v.page)
		switch {
		case r.problem != nil:
			why = sayProblem(r.problem)
		case v.page.Outcome == harvest.Fetched && r.html:
			why = "a web page stands where the API should be"
		case v.page.Outcome == harvest.Fetched:
			why = r.broken
		}
		if !isPlain(v.at) && !isRefusal(v.page.Outcome) {
			return harvest.Parsed{Requests: []harvest.Request{v.typesRequest(true)}}
		}
		return v.noTypes("the post types cannot be looked up: " + why)
	}
	var out harvest.Parsed
	var unknown []string
	for i, name := range v.wordpress.Types {
		if isCore(name) {
			continue
		}
		at := slices.IndexFunc(r.types, func(t postType) bool { return string(t.RestBase) == name || string(t.Slug) == name })
		switch {
		case at < 0:
			unknown = append(unknown, name)
		case string(r.types[at].RestBase) == name && !isPlain(v.at) && inCore(r.types[at]):
			// asked for under that name already
		default:
			out.Requests = append(out.Requests, v.typed(r.types[at], i)...)
		}
	}
	if len(unknown) == 0 {
		return out
	}
	why := fmt.Sprintf("no post type %s; the site has %s", strings.Join(unknown, ", "), offered(r.types))
	if len(unknown) == len(v.wordpress.Types) {
		return v.noTypes(why)
	}
	out.Notes = append(out.Notes, why)
	return out
}

// noTypes gives the door up unless a type of WordPress itself is asked for too.
func (v *visit) noTypes(why string) harvest.Parsed {
	if slices.ContainsFunc(v.wordpress.Types, isCore) {
		return harvest.Parsed{Notes: []string{why}}
	}
	return harvest.Parsed{Dead: why}
}

func inCore(t postType) bool { return t.RestNamespace == "" || t.RestNamespace == coreNamespace }

// typed asks for the first page of a type found in the index, in the form of
// address under which the index answered.
func (v *visit) typed(t postType, position int) []harvest.Request {
	namespace := coreNamespace
	if t.RestNamespace != "" {
		namespace = strings.Trim(string(t.RestNamespace), "/")
	}
	var out []harvest.Request
	for _, params := range v.inLanguages(v.params(1)) {
		at := v.route.url(isPlain(v.at), namespace+"/"+strings.Trim(string(t.RestBase), "/"), params)
		out = append(out, v.request(at, step{Name: StepPosts, Type: position, Found: true}, 1))
	}
	return out
}

// offered lists the types of a site for people, without WordPress's own tools.
func offered(types []postType) string {
	var names []string
	for _, t := range types {
		if !strings.HasPrefix(string(t.Slug), "wp_") && t.Slug != "nav_menu_item" && len(names) < 20 {
			names = append(names, normalize.Text(string(t.RestBase)))
		}
	}
	return strings.Join(names, ", ")
}

// refused answers for the API's own error.
func (v *visit) refused(e *restError) harvest.Parsed {
	code := string(e.Code)
	status := v.page.Status
	if n, err := strconv.Atoi(string(e.Data.V.Status)); err == nil {
		status = n
	}
	switch {
	case strings.Contains(code, "invalid_page_number"):
		return v.end(code)
	case code == "rest_invalid_param":
		return v.relax(e)
	case code == "rest_no_route" || code == "rest_type_invalid" || status == http.StatusNotFound:
		if v.step.Size > 0 {
			return v.end(code)
		}
		return v.elsewhere(sayProblem(e))
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return v.dead("the API is closed to the public: " + sayProblem(e))
	}
	if status >= 500 {
		if smaller := v.lighter(); smaller != nil {
			return harvest.Parsed{Requests: append(smaller, v.past()...), Expected: "asked for again in smaller portions"}
		}
	}
	return v.dead(sayProblem(e))
}

// upTo finds the limit in "per_page must be between 1 (inclusive) and 50 (inclusive)".
var upTo = regexp.MustCompile(`(\d+)\s*\(inclusive\)\s*\.?$`)

// relax asks again without what the server does not accept.
func (v *visit) relax(e *restError) harvest.Parsed {
	set := make(map[string]string)
	size := intParam(v.at, "per_page", 100)
	for name, why := range e.params() {
		switch name {
		case "per_page":
			limit := 0
			if m := upTo.FindStringSubmatch(strings.TrimSpace(why)); m != nil {
				limit, _ = strconv.Atoi(m[1])
			}
			if limit < 1 || limit >= size {
				limit = smallerSize(size)
			}
			if limit == 0 || !v.isFirst() {
				return v.dead(sayProblem(e))
			}
			set["per_page"] = strconv.Itoa(limit)
		case "orderby", "order":
			set["orderby"], set["order"] = "", ""
		case "modified_after", "_embed":
			set[name] = ""
		case "page", "offset":
			return v.end(sayProblem(e))
		default:
			return v.dead(fmt.Sprintf("the server does not accept the parameter %q of the source file: %s", name, sayProblem(e)))
		}
	}
	if len(set) == 0 {
		return v.relaxBlind(sayProblem(e))
	}
	return v.with(set, sayProblem(e))
}

// relaxBlind asks again without knowing what was wrong: first for fewer posts
// a page, then without every wish that some servers refuse.
func (v *visit) relaxBlind(why string) harvest.Parsed {
	q := v.at.Query()
	if size := intParam(v.at, "per_page", 0); size > 20 {
		return v.with(map[string]string{"per_page": "20"}, why)
	}
	if q.Has("orderby") || q.Has("modified_after") {
		return v.with(map[string]string{"per_page": "10", "orderby": "", "order": "", "modified_after": ""}, why)
	}
	if q.Has("_embed") {
		return v.with(map[string]string{"_embed": ""}, why)
	}
	return v.dead(why)
}

// with asks for the page again with other parameters.
func (v *visit) with(set map[string]string, why string) harvest.Parsed {
	at := withParams(v.at, set)
	if at == withParams(v.at, nil) {
		return v.dead(why)
	}
	return harvest.Parsed{
		Requests: []harvest.Request{v.request(at, v.step, v.number())},
		Expected: "asked for again with other parameters",
		Notes:    []string{fmt.Sprintf("%s: the server refused the first request (%s); asked again as %s", v.typeName(), why, at)},
	}
}

func smallerSize(size int) int {
	for _, s := range []int{50, 20, 10, 5, 1} {
		if s < size {
			return s
		}
	}
	return 0
}

func isRefusal(o harvest.Outcome) bool {
	switch o {
	case harvest.RobotsDenied, harvest.RobotsUnavailable, harvest.AccessDenied, harvest.LoginRequired, harvest.RateLimited, harvest.Challenge, harvest.BlockedAddress:
		return true
	}
	return false
}

// describe says how a page ended.
func describe(p *harvest.Page) string {
	s := string(p.Outcome)
	if p.Status != 0 {
		s = fmt.Sprintf("%s (%d)", s, p.Status)
	}
	if p.Reason != "" {
		s += ": " + p.Reason
	}
	return s + " at " + p.Request.URL
}

// sayProblem is the API's error in its own words.
func sayProblem(e *restError) string {
	message := normalize.Text(string(e.Message))
	if r := []rune(message); len(r) > 200 {
		message = string(r[:200]) + "…"
	}
	return strings.TrimSuffix(normalize.Text(string(e.Code))+": "+message, ": ")
}
