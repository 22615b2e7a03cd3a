package wordpress

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
)

// A post names its terms by number. Their names come along where the server
// heeds _embed; where it does not, they are looked up: of a long list the terms
// that each taxonomy uses most, once, and by number those of a page that are
// not among them (https://developer.wordpress.org/rest-api/reference/categories/).
// What is known travels with the requests for the following pages.

// The bounds of what travels with a request.
const (
	mostTerms  = 300 // terms of all taxonomies
	mostNeeds  = 10  // lookups for one page
	mostLooks  = 2   // how often one page is asked for again with what was looked up
	longestTag = 120 // characters of a name
	termsAt    = 100 // terms of one lookup: what the API gives at most
)

// book is what is known of terms, by the REST base of their taxonomy.
type book map[string]shelf

// shelf are the terms of one taxonomy.
type shelf struct {
	Taxonomy string `json:"t,omitempty"`
	// All is true when there are no others to be had.
	All bool `json:"a,omitempty"`
	// Names are the names by number, empty for a term that is no label.
	Names map[string]string `json:"n,omitempty"`
	// Files are the files of the media library by the number of their post; a
	// post without any that was asked for has an empty list.
	Files map[string][]file `json:"f,omitempty"`
}

// need is a lookup.
type need struct {
	Namespace string   `json:"s,omitempty"`
	Base      string   `json:"b"`
	Taxonomy  string   `json:"t,omitempty"`
	IDs       []string `json:"i,omitempty"` // none: the terms that are used most
	// Page is the page of the answer that is asked for, from 0.
	Page int `json:"p,omitempty"`
	// Small, of files: whether the library is small enough to be had as a whole
	// is asked first.
	Small bool `json:"l,omitempty"`
}

var plainBase = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)

// termRefs are the terms that a post names by number. Which of its members are
// taxonomies its links say; without them only "categories" is certain.
func termRefs(raw json.RawMessage) []need {
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return nil
	}
	var links struct {
		Terms list[struct {
			Taxonomy text `json:"taxonomy"`
			Href     text `json:"href"`
		}] `json:"wp:term"`
	}
	_ = json.Unmarshal(members["_links"], &links) // without links there is the default
	var found []need
	for _, l := range links.Terms {
		if n, ok := taxonomyAt(string(l.Href)); ok && !notLabels[string(l.Taxonomy)] {
			n.Taxonomy = string(l.Taxonomy)
			found = append(found, n)
		}
	}
	if len(links.Terms) == 0 {
		found = append(found, need{Namespace: coreNamespace, Base: "categories", Taxonomy: "category"})
	}
	var out []need
	for _, f := range found {
		var ids list[number]
		if kindOf(members[f.Base]) == isArray && json.Unmarshal(members[f.Base], &ids) == nil {
			for _, id := range ids {
				if id != "" {
					f.IDs = append(f.IDs, string(id))
				}
			}
		}
		if len(f.IDs) > 0 {
			out = append(out, f)
		}
	}
	return out
}

// taxonomyAt reads where the terms of a taxonomy are, of a link such as
// https://example.org/wp-json/wp/v2/categories?post=12.
func taxonomyAt(href string) (need, bool) {
	u, err := url.Parse(href)
	if err != nil {
		return need{}, false
	}
	path := u.Path
	if isPlain(u) {
		path = u.Query().Get("rest_route")
	}
	dir, base := "", strings.Trim(path, "/")
	if i := strings.LastIndexByte(base, '/'); i >= 0 {
		dir, base = base[:i], base[i+1:]
	}
	n := need{Namespace: coreNamespace, Base: base}
	if m := ownNamespace.FindStringSubmatch(dir); m != nil && plainBase.MatchString(strings.ReplaceAll(m[1], "/", "")) {
		n.Namespace = m[1]
	}
	return n, plainBase.MatchString(base)
}

// lookUp asks for the names of terms that the posts of a page have and nobody
// has told yet; nil when there are none. The page is asked for again with them.
func (v *visit) lookUp(items []json.RawMessage) []harvest.Request {
	if v.step.Looks >= mostLooks || v.route.namespace != coreNamespace {
		return nil
	}
	known := v.step.book()
	var needs []need
	for _, raw := range items {
		if bytes.Contains(raw, []byte(`"_embedded"`)) || len(v.wordpress.Fields.Category) > 0 {
			continue
		}
		for _, ref := range termRefs(raw) {
			needs = wanting(needs, known, ref)
		}
	}
	if !v.isAlone(len(items)) {
		for i := range needs {
			if _, ok := known[needs[i].Base]; !ok {
				needs[i].IDs = nil
			}
		}
	}
	var cut []need
	for _, n := range needs {
		for len(n.IDs) > termsAt {
			first := n
			first.IDs, n.IDs = n.IDs[:termsAt], n.IDs[termsAt:]
			cut = append(cut, first)
		}
		cut = append(cut, n)
	}
	cut = append(cut[:min(len(cut), mostNeeds)], v.wantsFiles(items, known)...)
	if len(cut) == 0 {
		return nil
	}
	s := v.step
	s.Looks++
	return []harvest.Request{v.termsRequest(v.page.Request.URL, s, cut)}
}

// Settled is the request of a page of posts as it stands when there is nothing
// more to be looked up; that of any other page is as it was.
func (d *Door) Settled(req harvest.Request) harvest.Request {
	if s := parseStep(req.Step); s.Name == StepPosts {
		s.Looks = mostLooks
		req.Step = s.String()
	}
	return req
}

// isAlone reports whether no page follows one with that many posts.
func (v *visit) isAlone(posts int) bool {
	if pages, ok := headerNumber(v.page.Header, "X-WP-TotalPages"); ok {
		return pages <= 1
	}
	return posts < intParam(v.at, "per_page", 10)
}

// wanting adds what a post refers to and the book does not have.
func wanting(needs []need, known book, ref need) []need {
	shelf := known[ref.Base]
	if shelf.All {
		return needs
	}
	at := slices.IndexFunc(needs, func(n need) bool { return n.Base == ref.Base })
	for _, id := range ref.IDs {
		if _, ok := shelf.Names[id]; ok {
			continue
		}
		if at < 0 {
			needs = append(needs, need{Namespace: ref.Namespace, Base: ref.Base, Taxonomy: ref.Taxonomy})
			at = len(needs) - 1
		}
		if !slices.Contains(needs[at].IDs, id) {
			needs[at].IDs = append(needs[at].IDs, id)
		}
	}
	return needs
}

// termsRequest asks for the first of several needs. The address and step of the
// page of posts go along, for it is asked for again behind the last of them.
func (v *visit) termsRequest(back string, posts step, needs []need) harvest.Request {
	n := needs[0]
	params := url.Values{"per_page": {strconv.Itoa(termsAt)}, "_fields": {"id,name,slug,taxonomy"}}
	switch {
	case n.Base == mediaBase:
		params = filesParams(n)
	case len(n.IDs) > 0:
		params.Set("include", strings.Join(n.IDs, ","))
	default:
		params.Set("orderby", "count")
		params.Set("order", "desc")
	}
	if lang := v.at.Query().Get("lang"); lang != "" { // terms have languages too
		params.Set("lang", lang)
	}
	left, _ := json.Marshal(needs) // of strings, which never fails
	s := step{Name: StepTerms, Type: posts.Type, Back: back, Posts: posts.String(), Needs: string(left)}
	u, err := url.Parse(back)
	return aside(v.request(v.route.url(err == nil && isPlain(u), n.Namespace+"/"+n.Base, params), s, 1))
}

// aside marks a request that is no link further.
func aside(r harvest.Request) harvest.Request {
	r.Aside = true
	return r
}

// terms reads the answer to a lookup and goes on. That it fails costs labels,
// never posts.
func (v *visit) terms() harvest.Parsed {
	var needs []need
	posts := parseStep(v.step.Posts)
	if json.Unmarshal([]byte(v.step.Needs), &needs) != nil || len(needs) == 0 || posts.Name != StepPosts || v.step.Back == "" {
		return harvest.Parsed{Notes: []string{"a lookup of terms that nobody asked for"}}
	}
	n, known := needs[0], posts.book()
	var out harvest.Parsed
	var r reply
	if raw, _ := findJSON(v.page.Body); v.page.Outcome == harvest.Fetched && raw != nil && kindOf(raw) == isArray {
		r = readItems(raw)
	}
	needs = needs[1:]
	switch {
	case r.list && n.Base == mediaBase:
		needs = append(known.addFiles(n, r.items, v.page.Header), needs...)
	case r.list:
		known.add(n, r.items)
	default:
		known[n.Base] = shelf{All: true, Names: known[n.Base].Names, Files: known[n.Base].Files}
		if n.Base == mediaBase {
			out.Notes = append(out.Notes, fmt.Sprintf("the files of the media library cannot be looked up (%s)", describe(v.page)))
		} else {
			out.Notes = append(out.Notes, fmt.Sprintf("the names of %s cannot be looked up (%s); labels are taken from elsewhere", n.Base, describe(v.page)))
		}
		switch v.page.Outcome {
		case harvest.NotFoundPage, harvest.ClientError, harvest.AccessDenied, harvest.RobotsDenied, harvest.Fetched:
			out.Expected = "the site does not tell its terms"
		}
	}
	posts.Terms = known.String()
	if len(needs) > 0 {
		out.Requests = append(out.Requests, v.termsRequest(v.step.Back, posts, needs))
		return out
	}
	at, err := url.Parse(v.step.Back)
	if err == nil {
		out.Requests = append(out.Requests, aside(v.request(at.String(), posts, max(1, intParam(at, "page", 1)))))
	}
	return out
}

// add puts the terms that came into the book. What was asked for by number and
// did not come has no name.
func (b book) add(n need, items []json.RawMessage) {
	at := b[n.Base]
	at.Taxonomy = n.Taxonomy
	names := make(map[string]string, len(at.Names)+len(items))
	maps.Copy(names, at.Names)
	room := mostTerms - b.size()
	if len(n.IDs) == 0 {
		at.All = len(items) < termsAt && len(items) <= room
	}
	for _, id := range n.IDs {
		names[id] = ""
	}
	for i, raw := range items {
		var t struct {
			ID number `json:"id"`
			term
		}
		if json.Unmarshal(raw, &t) != nil || t.ID == "" || len(n.IDs) == 0 && i >= room {
			continue
		}
		if _, asked := names[string(t.ID)]; len(n.IDs) > 0 && !asked {
			continue // the server does not heed include
		}
		name := []rune(normalize.Text(string(t.Name)))
		if uncategorised.MatchString(strings.ToLower(string(t.Slug))) {
			name = nil
		}
		names[string(t.ID)] = string(name[:min(len(name), longestTag)])
	}
	at.Names = names
	b[n.Base] = at
}

func (b book) size() int {
	n := 0
	for _, s := range b {
		n += len(s.Names) + len(s.Files)
	}
	return n
}

// String is the form in which a book travels.
func (b book) String() string {
	if len(b) == 0 {
		return ""
	}
	text, _ := json.Marshal(b) // of strings, which never fails
	return string(text)
}

// book is what a step knows of terms; never nil.
func (s step) book() book {
	b := make(book)
	if s.Terms != "" && json.Unmarshal([]byte(s.Terms), &b) != nil || b == nil {
		return make(book)
	}
	return b
}

// onwardTerms is what the following pages are told of terms: not those that
// only this page needed, when it is much.
func (s step) onwardTerms() string {
	b := s.book()
	if files, ok := b[mediaBase]; ok && !files.All { // those of this page only
		b[mediaBase] = shelf{Files: map[string][]file{}}
	}
	if b.size() <= mostTerms {
		return b.String()
	}
	for base, at := range b {
		if base == mediaBase && at.All {
			continue
		}
		b[base] = shelf{Taxonomy: at.Taxonomy, All: at.All}
	}
	return b.String()
}

// labels are the terms of a post by the book, categories first.
func (b book) labels(raw json.RawMessage) (terms list[term], from string) {
	if len(b) == 0 || bytes.Contains(raw, []byte(`"_embedded"`)) {
		return nil, ""
	}
	var bases []string
	for _, ref := range termRefs(raw) {
		if ref.Base == mediaBase {
			continue
		}
		for _, id := range ref.IDs {
			if name := b[ref.Base].Names[id]; name != "" {
				terms = append(terms, term{Name: text(name), Taxonomy: text(ref.Taxonomy)})
				if !slices.Contains(bases, ref.Base) {
					bases = append(bases, ref.Base)
				}
			}
		}
	}
	return terms, strings.Join(bases, ", ") + ", looked up by number"
}
