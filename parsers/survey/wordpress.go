package survey

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/probe"
)

// noDocuments are types of content that describe no documents: parts of pages,
// forms, people, and what plugins keep.
var noDocuments = regexp.MustCompile(`(?i)^(?:attachments?|media|pages?|blocks?|wp_.*|nav_menu.*|menu.*|elementor_.*|e-.*|popups?.*|jet-.*|acf-.*|custom_css|customize_.*|oembed_cache|user_request|users?|products?|shop_.*|team.*|staff.*|people|persons?|members?|authors?|profiles?|experts?|trustees?|board.*|testimonials?|faqs?|slides?.*|sliders?.*|banners?|partners?|sponsors?|donors?|logos?|jobs?.*|vacanc.*|careers?|donat.*|give_.*|campaigns?|forms?|webforms?|wpforms.*|wpcf7.*|tribe_venue|tribe_organizer|venues?|organi[sz]ers?|alerts?|galler.*|templates?|sections?|widgets?|locations?|offices?|layouts?|mega.*|ads?|adverts?|shortcodes?|feedback|landing.*|homepage.*|front.*|simple_?page|paragraphs?.*|comments?|messages?|redirects?|ssa_.*|fl-.*|et_.*|vc_.*|fusion_.*|avada.*)$`)

// postType is a type of posts as the interface describes it.
type postType struct {
	Name     string `json:"name"`
	RestBase string `json:"rest_base"`
	Slug     string `json:"slug"`
}

// wordpress tries the REST API with the types of posts that the site has.
func (s *survey) wordpress() {
	api := s.home.api
	if s.target.api != "" {
		api = s.target.api
	}
	base, route := s.wordpressBase(api)
	types, total := s.postTypes(base, route)
	var b strings.Builder
	b.WriteString("  - wordpress:\n")
	if base != s.root+"/" {
		fmt.Fprintf(&b, "      base: %s\n", quote(base))
	}
	if route != "wp-json" {
		fmt.Fprintf(&b, "      route: %s\n", quote(route))
	}
	fmt.Fprintf(&b, "      types: [%s]\n", strings.Join(types, ", "))
	d := &draft{kind: "wordpress", rank: rankInterface, text: b.String(), total: total}
	if s.try(d, probe.Limits{Items: 2}) {
		s.wordpressLanguages()
	}
}

// hasPosts reports whether a site without any mark has the REST API at its
// usual place: marks can be hidden.
func (s *survey) hasPosts() bool {
	var types map[string]postType
	_, ok := s.json(s.root+"/wp-json/wp/v2/types", &types)
	return ok && types["post"].RestBase != ""
}

// wordpressBase is the site below which the API stands, and its path there.
func (s *survey) wordpressBase(api string) (base, route string) {
	u, err := url.Parse(api)
	if api == "" || err != nil {
		return s.root + "/", "wp-json"
	}
	if u.Query().Has("rest_route") {
		u.RawQuery = ""
		u.Path = "/" + strings.TrimPrefix(strings.TrimSuffix(u.Path, "index.php"), "/") // a name of the folder itself
		return u.String(), "?rest_route="
	}
	folders := strings.Split(strings.Trim(u.Path, "/"), "/")
	route = folders[len(folders)-1]
	u.RawQuery, u.Path = "", "/"+strings.Join(folders[:len(folders)-1], "/")
	base = u.String()
	if !strings.HasSuffix(base, "/") {
		base += "/"
	}
	return base, route
}

// postTypes are the types that hold documents, by their REST bases: posts, and
// those of the site's own of which there are some; and how many posts they have.
func (s *survey) postTypes(base, route string) (types []string, total int) {
	at := func(path, query string) string {
		if route == "?rest_route=" {
			return base + "?rest_route=/wp/v2/" + path + strings.TrimSuffix("&"+query, "&")
		}
		return base + route + "/wp/v2/" + path + strings.TrimSuffix("?"+query, "?")
	}
	found := make(map[string]postType)
	if p, ok := s.json(at("types", ""), &found); !ok {
		s.tried("wordpress, types of posts", false, ending(p))
		return []string{"posts"}, 0
	}
	var out, left []string
	for _, slug := range slices.Sorted(maps.Keys(found)) {
		t := found[slug]
		if t.RestBase == "" || !plainType.MatchString(t.RestBase) || slug == "page" {
			continue
		}
		if noDocuments.MatchString(slug) || noDocuments.MatchString(t.RestBase) {
			if slug != "attachment" && !strings.HasPrefix(slug, "wp_") && slug != "nav_menu_item" {
				left = append(left, t.RestBase)
			}
			continue
		}
		const mostTypes, kept = 8, 14 // types that are asked for, and requests that are kept for the rest
		if len(out) == mostTypes || s.budget.left() < kept {
			left = append(left, t.RestBase)
			continue
		}
		if n := s.totalOf(at(t.RestBase, "per_page=1")); n > 0 {
			out = append(out, t.RestBase)
			total += n
		}
	}
	if len(left) > 0 {
		s.unsuref("types of posts that seem to hold no documents are left out: %s", strings.Join(left, ", "))
	}
	if _, ok := found["page"]; ok {
		s.unsuref("pages of the site itself are left out; add pages to types if documents stand on them")
	}
	if len(out) == 0 {
		return []string{"posts"}, 0
	}
	if i := slices.Index(out, "posts"); i > 0 { // the best known comes first
		out = slices.Insert(slices.Delete(out, i, i+1), 0, "posts")
	}
	return out, total
}

var plainType = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_/-]*$`)

// totalOf is how many posts there are at an address of the API, 0 when it does
// not answer.
func (s *survey) totalOf(address string) int {
	p := s.budget.page(s.ctx, address)
	if p.Outcome != harvest.Fetched {
		return 0
	}
	if n, err := strconv.Atoi(p.Header.Get("X-WP-Total")); err == nil {
		return n
	}
	if strings.HasPrefix(strings.TrimSpace(string(p.Body[:min(len(p.Body), 64)])), "[{") {
		return 1
	}
	return 0
}

// wordpressLanguages: an interface may give posts of one language only.
func (s *survey) wordpressLanguages() {
	distinct := make(map[string]bool)
	for _, l := range s.home.languages {
		distinct[l] = true
	}
	if len(distinct) > 1 {
		s.unsuref("the site has versions in %s; whether the interface gives all of them depends on its plugin: see query, such as {lang: all}, or a base for each language",
			strings.Join(slices.Sorted(maps.Keys(distinct)), ", "))
	}
}
