package feed

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mmcdole/gofeed"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/fields"
	"github.com/harvest87/harvest/parsers/normalize"
)

// adapt turns an item into a record without identity. Details name the fields
// of the library that reads feeds, which are the same for all kinds.
func (v *visit) adapt(f *gofeed.Feed, i *gofeed.Item) harvest.Record {
	b := fields.New(v.page.URL, v.source.Homepage, v.source.Language)
	for _, from := range addresses(i) {
		b.Link(from.detail, from.value)
	}
	b.Title("item title", i.Title)
	b.Labels("item category", i.Categories...)
	b.Published("item published", i.Published)
	b.Modified("item updated", i.Updated)
	author := func(detail, name string) {
		if !login.MatchString(name) {
			b.Authors(detail, name)
		}
	}
	for _, a := range i.Authors {
		if a != nil {
			author("item author", a.Name)
		}
	}
	if i.DublinCoreExt != nil {
		for _, name := range i.DublinCoreExt.Creator { // of several the library has taken the first
			author("dc:creator", name)
		}
		b.Language("dc:language", i.DublinCoreExt.Language...)
		b.Publisher("dc:publisher", i.DublinCoreExt.Publisher...)
		b.Licence("dc:rights", i.DublinCoreExt.Rights...)
	}
	b.Language("feed language", f.Language)
	b.Identifiers("item guid", i.GUID)
	summary(b, i)
	for _, e := range i.Enclosures {
		if e != nil && !strings.HasPrefix(e.Type, "image/") {
			n, _ := strconv.ParseInt(e.Length, 10, 64) // many say 0, or a duration
			b.Document("item enclosure", harvest.Document{URL: e.URL, MediaType: strings.ToLower(normalize.Text(e.Type)), Bytes: max(0, n)})
		}
	}
	return b.Record()
}

// login matches account names, which WordPress puts into dc:creator.
var login = regexp.MustCompile(`^[a-z0-9._-]+$`)

type named struct{ detail, value string }

// addresses are those of an item, best first. FeedBurner and its like put an
// address of their own into link; RSS without a link has it in a guid that is
// a permalink, or in the other links of Atom.
func addresses(i *gofeed.Item) []named {
	var out []named
	for _, space := range i.Extensions {
		for _, e := range append(space["origLink"], space["origlink"]...) {
			out = append(out, named{"origLink", e.Value})
		}
	}
	out = append(out, named{"item link", i.Link})
	if strings.HasPrefix(i.GUID, "http") {
		out = append(out, named{"item guid", i.GUID})
	}
	for _, l := range i.Links {
		out = append(out, named{"item links", l})
	}
	return out
}

// long is where a description is no longer a summary but the text itself.
const long = 1500

// summary takes the description, unless it is cut or the whole text; then the
// first paragraphs of the text.
func summary(b *fields.Builder, i *gofeed.Item) {
	description, cut := normalize.Truncated(normalize.HTML(i.Description))
	content := normalize.HTML(i.Content)
	if content == "" && utf8.RuneCountInString(description) > long {
		content, description = description, ""
	}
	switch lead := firstParagraphs(content); {
	case description != "" && (!cut || lead == ""):
		b.Summary("item description", harvest.SummaryAbstract, i.Description)
	case lead != "":
		b.Summary("item content", harvest.SummaryLead, lead)
	}
}

// firstParagraphs are as many as make a summary.
func firstParagraphs(text string) string {
	const enough, most = 300, 3
	var out []string
	length := 0
	for p := range strings.SplitSeq(text, "\n\n") {
		if p = strings.TrimSpace(p); p == "" || utf8.RuneCountInString(p) < 30 && len(out) == 0 {
			continue
		}
		out = append(out, p)
		if length += utf8.RuneCountInString(p); length >= enough || len(out) == most {
			break
		}
	}
	return strings.Join(out, "\n\n")
}
