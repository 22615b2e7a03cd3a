package wordpress

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/item"
	"github.com/harvest87/harvest/parsers/normalize"
)

// content is what the HTML of a post says beside its fields.
type content struct {
	text      string // its paragraphs
	letters   string // all that it says, labels of links too, without white space
	lead      string // the first of them, up to the end of a sentence
	leadCut   bool   // the lead ends within a sentence
	documents []harvest.Document
	cited     citation
}

// citation is what a line "Title - Publisher, Month Year DOWNLOAD" says.
type citation struct {
	publisher string
	published harvest.Date
}

// notContent are the parts of a post that plugins and themes put into it.
const notContent = `script, style, noscript, template, nav, form, button, svg, figcaption, .sharedaddy, .jp-relatedposts,
	.yarpp-related, .yarpp, .related-posts, .related, .addtoany_share_save_container, .wp-block-latest-posts,
	.wp-block-query, #toc_container, .ez-toc-container, .screen-reader-text, .post-navigation, .author-box, [hidden], [aria-hidden="true"], [style*="display:none"], [style*="display: none"]`

// readContent reads content.rendered. Related items and share buttons are not
// part of it.
func readContent(html, base, title string) content {
	if strings.TrimSpace(html) == "" {
		return content{}
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	if err != nil { // nested too deep for a tree
		c := content{text: stripShortcodes(normalize.HTML(html))}
		c.letters = squeezed(c.text)
		c.lead, c.leadCut = leadOf(c.text)
		return c
	}
	doc.Find(notContent).Remove()
	c := content{documents: documentLinks(doc, base), letters: squeezed(stripShortcodes(normalize.Text(doc.Text())))}
	var paragraphs []string
	for _, p := range paragraphsOf(doc) {
		text := stripShortcodes(normalize.Text(p.Text()))
		if p.Find("a[href]").Length() > 0 && c.cited == (citation{}) {
			if cited, ok := cite(p, text); ok {
				c.cited = cited
				continue
			}
		}
		if text != "" && !strings.EqualFold(text, title) && !isLabel(p, text) {
			paragraphs = append(paragraphs, text)
		}
	}
	c.text = strings.Join(paragraphs, "\n\n")
	c.lead, c.leadCut = leadOf(c.text)
	return c
}

// squeezed is a text without white space, which WordPress sets anew.
func squeezed(s string) string { return strings.Join(strings.Fields(s), "") }

// paragraphsOf returns the blocks of running text: the paragraphs, or without
// any the innermost blocks, or the whole.
func paragraphsOf(doc *goquery.Document) []*goquery.Selection {
	for _, blocks := range []string{"p", "div, section, article, td, li, blockquote", "body"} {
		var out []*goquery.Selection
		doc.Find(blocks).Each(func(_ int, s *goquery.Selection) {
			inner := blocks != "body" && s.Find(blocks).Length() > 0
			if !inner && strings.TrimSpace(s.Text()) != "" {
				out = append(out, s)
			}
		})
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// isLabel reports whether a block is no sentence: a lone link such as a
// button, or a short line such as a by-line.
func isLabel(p *goquery.Selection, text string) bool {
	if utf8.RuneCountInString(text) < 15 {
		return true
	}
	links := strings.TrimRight(normalize.Text(p.Find("a").Text()), " .:;→»")
	return links != "" && links == strings.TrimRight(text, " .:;→»") && utf8.RuneCountInString(text) < 120
}

// cite reads a paragraph that offers a document under its citation. Only a
// line with a link to a file or the word "download" counts: other lines of the
// same form are sentences.
func cite(p *goquery.Selection, text string) (citation, bool) {
	offers := false
	p.Find("a[href]").Each(func(_ int, a *goquery.Selection) {
		href, _ := a.Attr("href")
		offers = offers || item.DocumentType(href) != "" || strings.Contains(strings.ToLower(a.Text()), "download")
	})
	if !offers || utf8.RuneCountInString(text) > 400 {
		return citation{}, false
	}
	_, publisher, published, ok := normalize.Citation(text)
	return citation{publisher: publisher, published: published}, ok
}

// The length of a lead, in characters: what fits, and how far to look for the
// end of a first sentence that does not.
const (
	leadLength = 600
	leadReach  = 1200
	leadLeast  = 100 // in octets; less is "No." or the like
)

// leadOf cuts text at the last end of a sentence that fits. Text whose first
// sentence does not end within reach is cut at a word, and that is told.
func leadOf(text string) (lead string, cut bool) {
	if utf8.RuneCountInString(text) <= leadLength {
		return text, false
	}
	n, last, word := 0, 0, 0
	for i, r := range text {
		if n >= leadReach || n >= leadLength && last > leadLeast {
			break
		}
		n++
		switch {
		case endsSentence(text, i, r):
			last = i + utf8.RuneLen(r)
			last += len(text[last:]) - len(strings.TrimLeft(text[last:], `"'”’»)]`))
		case unicode.IsSpace(r) && n <= leadLength:
			word = i
		}
	}
	if last > 0 {
		return text[:last], false
	}
	if word == 0 {
		word = len(string([]rune(text)[:leadLength]))
	}
	return text[:word], true
}

// abbreviations end with a full stop that ends no sentence.
var abbreviations = regexp.MustCompile(`(?i)(?:^|[\s(])(?:[a-z]|mr|mrs|ms|dr|prof|no|vol|art|arts|para|paras|cf|vs|etc|eg|ie|e\.g|i\.e|u\.s|u\.k|u\.n|st|fig|p|pp|ch|sec|approx|inc|ltd|jr|sr|al)$`)

// endsSentence reports whether the mark r at text[i] ends a sentence: white
// space, a closing quote or the end stands behind it, and in front of a full
// stop no abbreviation.
func endsSentence(text string, i int, r rune) bool {
	switch r {
	case '。', '！', '？':
		return true
	case '.', '!', '?', '؟', '۔', '।', '…':
	default:
		return false
	}
	rest := strings.TrimLeft(text[i+utf8.RuneLen(r):], `"'”’»)]`)
	if next, _ := utf8.DecodeRuneInString(rest); rest != "" && !unicode.IsSpace(next) {
		return false
	}
	return r != '.' || !abbreviations.MatchString(text[max(0, i-8):i])
}

// readExcerpt returns the text of an excerpt and whether it is cut.
func readExcerpt(html string) (text string, cut bool) {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	if err != nil { // nested too deep for a tree
		return normalize.Truncated(stripShortcodes(normalize.HTML(html)))
	}
	doc.Find(notContent).Remove()
	more := doc.Find("a.more-link, a.read-more, a.readmore, .read-more a, a.moretag")
	cut = more.Length() > 0
	more.Remove()
	text, ends := normalize.Truncated(stripShortcodes(normalize.Text(doc.Text())))
	return text, (cut || ends) && text != ""
}

// shortcodes are what is left of plugins that are no longer there:
// [vc_row css="…"], [/et_pb_text], [gallery ids="1,2"]. Brackets around plain
// words belong to the text: [sic], [the State].
var shortcodes = regexp.MustCompile(`\[/[a-zA-Z][\w-]*\]|\[[a-zA-Z][\w-]*(?:\s+[\w-]+=[^\[\]]*)/?\]|\[[a-zA-Z]\w*_[\w-]*[^\[\]]*\]|\[(?:gallery|toc|contents|embed|caption|audio|video|playlist)\b[^\[\]]*\]`)

func stripShortcodes(s string) string {
	if !strings.Contains(s, "[") {
		return s
	}
	return normalize.Text(shortcodes.ReplaceAllString(s, " "))
}

// documentLinks finds the files that a text offers: links to them, and PDFs
// shown in a frame.
func documentLinks(doc *goquery.Document, base string) []harvest.Document {
	var out []harvest.Document
	doc.Find("a[href], object[data], embed[src], iframe[src]").EachWithBreak(func(_ int, s *goquery.Selection) bool {
		ref := s.AttrOr("href", s.AttrOr("data", s.AttrOr("src", "")))
		if u, err := url.Parse(strings.TrimSpace(ref)); err == nil && goquery.NodeName(s) == "iframe" {
			for _, viewed := range []string{"file", "url"} { // PDF viewers name the file in a parameter
				if f := u.Query().Get(viewed); item.DocumentType(f) != "" {
					ref = f
				}
			}
		}
		_, forced := s.Attr("download")
		kind := item.DocumentType(ref)
		target, err := normalize.URL(base, ref)
		if err != nil || kind == "" && !forced {
			return true
		}
		at := slices.IndexFunc(out, func(d harvest.Document) bool { return d.URL == target })
		if at < 0 {
			out = append(out, harvest.Document{URL: target, MediaType: kind})
			at = len(out) - 1
		}
		if out[at].Title == "" && goquery.NodeName(s) == "a" {
			out[at].Title = linkTitle(normalize.Text(s.Text()))
		}
		return len(out) < maxDocuments
	})
	return out
}

// genericLink matches link texts that name no document.
var genericLink = regexp.MustCompile(`(?i)^(?:\W*(?:click here|here|download(?: (?:the|full|report|pdf|file|now|here|document))*|pdf|read more|view|open|link|full (?:text|report)|télécharger|descargar|تحميل|baixar)\W*)+$`)

func linkTitle(s string) string {
	if genericLink.MatchString(s) || utf8.RuneCountInString(s) > 300 || strings.Contains(s, "://") {
		return ""
	}
	return s
}

// documentsIn finds addresses of documents in custom fields, groups and
// repeaters down to that depth.
func documentsIn(raw json.RawMessage, base string, depth int) []harvest.Document {
	if depth == 0 || kindOf(raw) != isObject && kindOf(raw) != isArray {
		return nil
	}
	var out []harvest.Document
	var fields list[json.RawMessage]
	if json.Unmarshal(raw, &fields) != nil {
		return nil
	}
	for _, f := range fields {
		if len(out) >= maxDocuments {
			break
		}
		if kindOf(f) != isString {
			out = append(out, documentsIn(f, base, depth-1)...)
			continue
		}
		var t text
		if t.UnmarshalJSON(f) != nil || !strings.Contains(string(t), "://") {
			continue
		}
		if kind := item.DocumentType(string(t)); kind != "" {
			if u, err := normalize.URL(base, string(t)); err == nil {
				out = append(out, harvest.Document{URL: u, MediaType: kind})
			}
		}
	}
	return out
}
