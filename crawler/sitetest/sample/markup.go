package sample

import (
	"fmt"
	"html"
	"html/template"
	"strings"
)

// texturize prints text as HTML in the way of WordPress, whose wptexturize
// turns typographic marks into numeric entities.
func texturize(text string) template.HTML {
	return template.HTML(strings.NewReplacer(
		"“", "&#8220;", "”", "&#8221;", "‘", "&#8216;", "’", "&#8217;", "–", "&#8211;", "&amp;", "&#038;",
	).Replace(html.EscapeString(text)))
}

// Content is what stands in the post itself: the summary, and the citation
// line with its download links.
func (i *item) Content() template.HTML {
	var b strings.Builder
	for _, p := range i.Paragraphs {
		fmt.Fprintf(&b, "<p>%s</p>\n", texturize(p))
	}
	if i.Citation.Publisher == "" {
		return template.HTML(b.String())
	}
	fmt.Fprintf(&b, `<p class="citation">%s - %s, %s`, i.Markup(), texturize(i.Citation.Publisher), i.Citation.Date)
	for _, f := range i.Documents {
		title := ""
		if f.Title != "" {
			title = fmt.Sprintf(` title="%s"`, html.EscapeString(f.Title))
		}
		fmt.Fprintf(&b, ` <a class="download"%s href="/wp-content/uploads/%s">DOWNLOAD</a>`, title, escapedPath(f.File))
	}
	b.WriteString("</p>\n")
	return template.HTML(b.String())
}

// cardLength is how many characters of a summary fit on a card.
const cardLength = 250

// cutSummary is the summary as a card shows it: cut within a word, without a
// mark.
func cutSummary(i *item) template.HTML {
	if len(i.Paragraphs) == 0 {
		return ""
	}
	text := []rune(i.Paragraphs[0])
	return texturize(strings.TrimSpace(string(text[:min(cardLength, len(text))])))
}

// excerpt is the summary as the API shows it: the first words and an ellipsis
// in brackets.
func excerpt(i *item) string {
	const words = 30
	all := strings.Fields(strings.Join(i.Paragraphs, " "))
	if len(all) <= words {
		return fmt.Sprintf("<p>%s</p>\n", texturize(strings.Join(all, " ")))
	}
	return fmt.Sprintf("<p>%s [&hellip;]</p>\n", texturize(strings.Join(all[:words], " ")))
}
