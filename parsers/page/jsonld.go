package page

import (
	"encoding/json"
	"html"
	"slices"
	"strings"

	"github.com/harvest87/harvest/parsers/normalize"
)

// thing is one node of the page's JSON-LD.
type thing map[string]any

// Bounds of the JSON-LD of one page.
const (
	maxThings = 2_000
	maxLD     = 2 << 20 // octets of one script
	maxNested = 12
)

// graph holds the things that a page describes, in its own order.
type graph struct {
	things []thing          // at the top, in @graph or as mainEntity
	byID   map[string]thing // every thing with properties, by @id
}

// readGraph parses the scripts of a page. A script that cannot be read, even
// after repair, is left out.
func readGraph(scripts []string) graph {
	g := graph{byID: make(map[string]thing)}
	for _, s := range scripts {
		if len(s) > maxLD {
			continue
		}
		if v, ok := parseJSON(s); ok {
			g.add(v, 0, true)
		}
	}
	return g
}

// add takes a value into the graph. Nested things count as the page's own
// only where top is true.
func (g *graph) add(v any, depth int, top bool) {
	if depth > maxNested || len(g.things) > maxThings {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			g.add(e, depth+1, top)
		}
	case map[string]any:
		t := thing(v)
		if id, _ := v["@id"].(string); id != "" && len(v) > 2 && g.byID[id] == nil {
			g.byID[id] = t
		}
		_, typed := v["@type"]
		if top && typed {
			g.things = append(g.things, t)
		}
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			switch v[k].(type) {
			case []any, map[string]any:
				g.add(v[k], depth+1, top && (k == "@graph" || k == "mainEntity" || k == "mainEntityOfPage" && depth < 2))
			}
		}
	}
}

// parseJSON reads JSON as pages have it: wrapped in comments or CDATA, with
// raw control characters, comments, trailing commas, escapes that JSON does not
// have, or encoded as HTML. It repairs only what cannot be read as it is.
func parseJSON(s string) (any, bool) {
	s = strings.TrimSpace(strings.TrimPrefix(strings.ToValidUTF8(s, "\uFFFD"), "\uFEFF"))
	if v, ok := decodeJSON(s); ok {
		return v, true
	}
	for _, wrap := range [][2]string{{"//<![CDATA[", "//]]>"}, {"<![CDATA[", "]]>"}, {"/*<![CDATA[*/", "/*]]>*/"}} {
		s = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(s, wrap[0]), wrap[1]))
	}
	if strings.HasPrefix(s, "{&quot;") || strings.HasPrefix(s, "[{&quot;") {
		s = html.UnescapeString(s)
	}
	return decodeJSON(repairJSON(s))
}

func decodeJSON(s string) (any, bool) {
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil, false
	}
	return v, true
}

// repairJSON takes out comments of JavaScript and HTML, and commas before a
// closing bracket; it escapes control characters in strings and drops
// backslashes that escape nothing. It reads s once.
func repairJSON(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	inString, comma := false, false // comma: one is held back until more follows
	for i := 0; i < len(s); i++ {
		c := s[i]
		if inString {
			i += repairInString(&b, s[i:])
			inString = c != '"'
			continue
		}
		if n := commentAt(s[i:]); n > 0 {
			i += n - 1
			continue
		}
		switch {
		case c <= ' ':
			b.WriteByte(' ')
			continue
		case c == ',':
			comma = true
			continue
		case comma && c != '}' && c != ']':
			b.WriteByte(',')
		}
		comma = false
		inString = c == '"'
		b.WriteByte(c)
	}
	return b.String()
}

// repairInString writes the character with which s begins, within a string of
// JSON, and returns how many octets more than one it took.
func repairInString(b *strings.Builder, s string) int {
	switch c := s[0]; {
	case c == '\\' && len(s) > 1 && strings.IndexByte(`"\/bfnrtu`, s[1]) >= 0:
		b.WriteString(s[:2])
		return 1
	case c == '\\':
	case c == '\n':
		b.WriteString(`\n`)
	case c < ' ':
		b.WriteByte(' ')
	default:
		b.WriteByte(c)
	}
	return 0
}

// commentAt is the length of the comment with which s begins, 0 when it does
// not; one that does not end goes to the end of s.
func commentAt(s string) int {
	var end string
	switch {
	case strings.HasPrefix(s, "//"):
		end = "\n"
	case strings.HasPrefix(s, "/*"):
		end = "*/"
	case strings.HasPrefix(s, "<!--"):
		end = "-->"
	case strings.HasPrefix(s, "-->"): // the rest of a comment around all
		return len("-->")
	default:
		return 0
	}
	if end == "-->" { // a short one without data; a long one may be around all
		i := strings.Index(clip(s, 1000), end)
		if i < 0 || strings.ContainsAny(s[:i], "{[") {
			return len("<!--")
		}
		return i + len(end)
	}
	if i := strings.Index(s, end); i >= 0 {
		return i + len(end)
	}
	return len(s)
}

// types are the schema.org types of a thing, without prefix.
func (t thing) types() []string {
	var out []string
	for _, v := range values(t["@type"]) {
		if s, ok := v.(string); ok {
			if i := strings.LastIndexAny(s, "/#:"); i >= 0 {
				s = s[i+1:]
			}
			out = append(out, s)
		}
	}
	return out
}

// values is a JSON-LD value as a list.
func values(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v[:min(len(v), 200)]
	}
	return []any{v}
}

// text is the first text of a property.
func (t thing) text(names ...string) string {
	for _, name := range names {
		if all := t.texts(name); len(all) > 0 {
			return all[0]
		}
	}
	return ""
}

// texts are the texts of a property: strings, or @value, name or @id of things.
func (t thing) texts(name string) []string {
	var out []string
	for _, v := range values(t[name]) {
		switch v := v.(type) {
		case string:
			out = appendText(out, v)
		case json.Number:
			out = appendText(out, v.String())
		case map[string]any:
			for _, key := range []string{"@value", "name", "headline"} {
				if s, ok := v[key].(string); ok {
					out = appendText(out, s)
					break
				}
			}
		}
	}
	return out
}

func appendText(out []string, s string) []string {
	if s = strings.TrimSpace(clip(s, maxValue)); s != "" {
		return append(out, s)
	}
	return out
}

// typeRank says how likely a thing of the type is what the page is about.
func typeRank(types []string) int {
	best := 0
	for _, t := range types {
		rank := 0
		switch t {
		case "Report", "ScholarlyArticle", "Recipe", "Legislation", "Book", "Chapter", "Thesis", "Dataset", "Course", "PodcastEpisode", "Episode", "TVEpisode", "LiveBlogPosting", "BlogPosting", "PublicationIssue", "DigitalDocument", "SocialMediaPosting", "DiscussionForumPosting":
			rank = 100
		case "Event", "Product", "JobPosting", "Movie", "MusicRecording", "CreativeWork", "HowTo", "Review", "Question", "QAPage", "SoftwareApplication":
			rank = 80
		case "VideoObject", "AudioObject", "MediaObject":
			rank = 60
		case "WebPage", "ItemPage", "FAQPage", "MedicalWebPage", "AboutPage":
			rank = 50
		case "ProfilePage", "CollectionPage", "SearchResultsPage":
			rank = 20
		default:
			if strings.HasSuffix(t, "Article") || strings.HasSuffix(t, "Posting") {
				rank = 110
			}
		}
		best = max(best, rank)
	}
	return best
}

// ranked are the things that may describe the page, most likely first.
func (g *graph) ranked(pageKeys map[string]bool) []thing {
	order := rank(g.things, pageKeys)
	out := make([]thing, len(order))
	for i, at := range order {
		out[i] = g.things[at]
	}
	return out
}

// rank finds those things that may describe the page with these addresses, most
// likely first.
func rank(things []thing, pageKeys map[string]bool) []int {
	scores := make([]int, len(things))
	var list []int
	for i, t := range things {
		score := typeRank(t.types())
		if score == 0 {
			continue
		}
		if keys := t.addresses(); len(keys) > 0 {
			same := false
			for _, k := range keys {
				same = same || pageKeys[k]
			}
			if same {
				score += 15
			} else if score >= 60 {
				score -= 30
			}
		}
		scores[i] = score
		list = append(list, i)
	}
	slices.SortStableFunc(list, func(a, b int) int { return scores[b] - scores[a] })
	return list
}

// addresses are the keys of the pages that the thing says it is.
func (t thing) addresses() []string {
	var out []string
	for _, name := range []string{"url", "mainEntityOfPage", "@id"} {
		for _, v := range values(t[name]) {
			s, ok := v.(string)
			if m, isMap := v.(map[string]any); isMap {
				s, ok = m["@id"].(string)
			}
			if ok && strings.HasPrefix(s, "http") {
				out = append(out, normalize.URLKey(s))
			}
		}
	}
	return out
}

// resolve follows a reference to another thing of the page.
func (g *graph) resolve(v any) any {
	if m, ok := v.(map[string]any); ok && len(m) <= 2 {
		if id, _ := m["@id"].(string); id != "" {
			if t := g.byID[id]; t != nil {
				return map[string]any(t)
			}
		}
	}
	return v
}
