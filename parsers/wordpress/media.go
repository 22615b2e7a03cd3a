package wordpress

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
)

// Files of the media library belong to the post to which they were uploaded
// (https://developer.wordpress.org/rest-api/reference/media/). Themes show them
// by shortcodes and widgets, of which the content in the API shows nothing, so
// they are looked up, for a hundred posts at once.
//
// Traps: files that were uploaded in the library itself belong to no post; the
// list leaves out files of posts that are not public and counts them all the
// same, so that a page may be shorter than the others; some servers do not heed
// parent; some plugins close the route, which costs files, never posts; and an
// upload does not change the post, so that only a run over all finds it.

// mediaBase is the route of the media library, and its place in a book.
const mediaBase = "media"

// The bounds of what is looked up.
const (
	mostFiles     = 20 // of one post
	mostFilePages = 5  // of one lookup
)

// file is a file of the media library.
type file struct {
	URL   string `json:"u"`
	Type  string `json:"t,omitempty"`
	Title string `json:"n,omitempty"`
	Bytes int64  `json:"b,omitempty"`
}

// wantsFiles is the lookup of files for the posts of a page that need it; none
// where everything is known.
func (v *visit) wantsFiles(items []json.RawMessage, known book) []need {
	library, begun := known[mediaBase]
	when := v.wordpress.Media
	if library.All || when != "when-needed" && when != "always" || v.typeName() == mediaBase || len(v.wordpress.Fields.Document) > 0 {
		return nil
	}
	n := need{Namespace: coreNamespace, Base: mediaBase, Small: !begun && !v.isAlone(len(items))}
	for _, raw := range items {
		p := new(post)
		if json.Unmarshal(raw, p) != nil || p.ID == "" || len(n.IDs) == termsAt {
			continue
		}
		if _, asked := library.Files[string(p.ID)]; asked {
			continue
		}
		said := heads(p)
		if outcome, _ := closed(p, said); outcome != "" {
			continue
		}
		if when == "when-needed" {
			rec := adapt(p, said, v.page.URL, v.idPrefix)
			if len(rec.Documents) > 0 || v.wantsPage(p, &rec) {
				continue
			}
		}
		n.IDs = append(n.IDs, string(p.ID))
	}
	if len(n.IDs) == 0 {
		return nil
	}
	return []need{n}
}

func filesParams(n need) url.Values {
	q := url.Values{
		"media_type": {"application"}, "per_page": {strconv.Itoa(termsAt)}, "orderby": {"id"}, "order": {"asc"},
		"_fields": {"id,post,source_url,mime_type,title,media_details.filesize"},
	}
	if !n.Small {
		q.Set("parent", strings.Join(n.IDs, ","))
	}
	if n.Page > 0 {
		q.Set("page", strconv.Itoa(n.Page+1))
	}
	return q
}

// addFiles puts files that came into the book and returns what is still to be
// asked.
func (b book) addFiles(n need, items []json.RawMessage, header http.Header) []need {
	at := b[mediaBase]
	files := make(map[string][]file, len(at.Files)+len(n.IDs))
	maps.Copy(files, at.Files)
	pages, hasPages := headerNumber(header, "X-WP-TotalPages")
	if !hasPages {
		pages = 1
		if len(items) >= termsAt {
			pages = n.Page + 2
		}
	}
	if n.Small && pages > 1 { // a large library: only what these posts have
		b[mediaBase] = shelf{Files: files}
		n.Small = false
		return []need{n}
	}
	if !n.Small && n.Page == 0 {
		for _, id := range n.IDs {
			files[id] = []file{}
		}
	}
	for _, raw := range items {
		id, f, ok := readFile(raw)
		if !ok || !n.Small && !slices.Contains(n.IDs, id) {
			continue // of no post, or the server does not heed parent
		}
		if len(files[id]) < mostFiles {
			files[id] = append(files[id], f)
		}
	}
	b[mediaBase] = shelf{All: n.Small, Files: files}
	if n.Page++; !n.Small && n.Page < min(pages, mostFilePages) {
		return []need{n}
	}
	return nil
}

// readFile reads one item of the media library and the post that it belongs to.
func readFile(raw json.RawMessage) (parent string, f file, ok bool) {
	var m struct {
		Post    number               `json:"post"`
		URL     text                 `json:"source_url"`
		Type    text                 `json:"mime_type"`
		Title   rendered             `json:"title"`
		Details object[mediaDetails] `json:"media_details"`
	}
	if json.Unmarshal(raw, &m) != nil || m.Post == "" || len(m.URL) > 2000 {
		return "", f, false
	}
	kind := strings.ToLower(strings.TrimSpace(string(m.Type)))
	if !strings.HasPrefix(kind, "application/") || strings.HasSuffix(kind, "javascript") || strings.HasSuffix(kind, "json") {
		return "", f, false
	}
	at, err := normalize.URL("", string(m.URL))
	if err != nil {
		return "", f, false
	}
	title := []rune(normalize.HTML(m.Title.HTML))
	size, _ := strconv.ParseInt(string(m.Details.V.Filesize), 10, 64)
	return string(m.Post), file{URL: at, Type: kind, Title: string(title[:min(len(title), 200)]), Bytes: size}, true
}

// attach adds the files of a post to its record.
func (b book) attach(id string, rec *harvest.Record, page string) {
	for _, f := range b[mediaBase].Files[id] {
		same := func(d harvest.Document) bool { return normalize.URLKey(d.URL) == normalize.URLKey(f.URL) }
		if slices.ContainsFunc(rec.Documents, same) {
			continue
		}
		rec.Documents = append(rec.Documents, harvest.Document{URL: f.URL, MediaType: f.Type, Title: f.Title, Bytes: f.Bytes})
		if _, told := rec.Provenance["documents"]; !told {
			rec.Provenance["documents"] = harvest.Evidence{Basis: "door", Detail: "media library: attached to the post", Page: page}
		}
	}
}
