package page

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/html"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
)

// decideDates finds when the item was published and when it was last changed.
func (e *extractor) decideDates() {
	published, modified := &ballot{}, &ballot{}
	e.selected(published, e.rules.Date, e.cleanDate)
	e.selected(modified, e.rules.Modified, e.cleanDate)
	if e.cited {
		published.offer(e.cite.date.Value, "citation", e.cite.detail, max(e.cite.score, 110))
	}
	e.declaredDates(published, modified)
	e.microDates(published, modified)
	e.timeElements(published, modified)
	e.printedDates(published, modified)
	e.addressDate(published)
	doubtHidden(published, modified)
	agreeOnDate(published)
	if c, ok := e.settle("published", published); ok {
		e.result.Record.Published, _ = harvest.ParseDate(c.Value)
	}
	if c, ok := e.settle("modified", modified); ok {
		e.result.Record.Modified, _ = harvest.ParseDate(c.Value)
	}
}

func (e *extractor) cleanDate(s string) string {
	if d, ok := normalize.Date(s, e.lang); ok {
		return d.Value
	}
	if all := normalize.Dates(s, e.lang); len(all) > 0 {
		return all[0].Date.Value
	}
	return ""
}

// dateNames are the names of <meta> elements that hold dates.
var dateNames = []struct {
	name     string
	score    int
	modified bool
}{
	{"article:published_time", 92, false},
	{"article:published", 90, false},
	{"og:article:published_time", 90, false},
	{"citation_publication_date", 93, false},
	{"citation_online_date", 91, false},
	{"citation_date", 90, false},
	{"dcterms.issued", 88, false},
	{"dc.date.issued", 88, false},
	{"dcterms.created", 80, false},
	{"dc.date.created", 80, false},
	{"dc.date", 78, false},
	{"dcterms.date", 78, false},
	{"dc.created", 78, false},
	{"eprints.date", 85, false},
	{"bepress_citation_date", 85, false},
	{"prism.publicationdate", 85, false},
	{"parsely-pub-date", 85, false},
	{"sailthru.date", 84, false},
	{"cxenseparse:recs:publishtime", 84, false},
	{"cxenseparse:publishtime", 84, false},
	{"article.published", 84, false},
	{"og:pubdate", 82, false},
	{"og:published_time", 84, false},
	{"published_at", 80, false},
	{"article:post_date", 80, false},
	{"article:create", 76, false},
	{"article:created", 78, false},
	{"article_date_original", 84, false},
	{"pubdate", 82, false},
	{"publishdate", 82, false},
	{"publish-date", 82, false},
	{"publish_date", 82, false},
	{"publication_date", 82, false},
	{"publicationdate", 82, false},
	{"published_time", 82, false},
	{"date-published", 80, false},
	{"datepublished", 80, false},
	{"date_published", 80, false},
	{"originalpublicationdate", 82, false},
	{"ptime", 75, false},
	{"displaydate", 74, false},
	{"analyticsattributes.articledate", 74, false},
	{"timestamp", 60, false},
	{"date", 74, false},
	{"created", 70, false},
	{"date-creation-yyyymmdd", 76, false},
	{"date_created", 72, false},
	{"weibo:article:create_at", 78, false},
	{"shareaholic:article_published_time", 84, false},
	{"rnews:datepublished", 84, false},
	{"article:modified_time", 90, true},
	{"og:updated_time", 80, true},
	{"article:modified", 88, true},
	{"dcterms.modified", 86, true},
	{"dc.date.modified", 86, true},
	{"lastmod", 76, true},
	{"last-modified", 74, true},
	{"last_modified", 74, true},
	{"datemodified", 80, true},
	{"modified", 76, true},
	{"revised", 70, true},
	{"shareaholic:article_modified_time", 80, true},
	{"og:modified_time", 80, true},
	{"cxenseparse:recs:moddate", 76, true},
}

func (e *extractor) declaredDates(published, modified *ballot) {
	for i, t := range e.things {
		if i == 4 {
			break
		}
		less, kind := 12*i, strings.Join(t.types(), "+")+"."
		e.offerDate(published, t.text("datePublished"), "json-ld", kind+"datePublished", 95-less)
		e.offerDate(published, t.text("dateCreated"), "json-ld", kind+"dateCreated", 70-less)
		e.offerDate(published, t.text("uploadDate"), "json-ld", kind+"uploadDate", 66-less)
		e.offerDate(modified, t.text("dateModified"), "json-ld", kind+"dateModified", 92-less)
	}
	for _, m := range dateNames {
		for i, value := range e.v.meta[m.name] {
			if i > 0 {
				break
			}
			if m.modified {
				e.offerDate(modified, value, "meta", m.name, m.score)
			} else {
				e.offerDate(published, value, "meta", m.name, m.score)
			}
		}
	}
}

// offerDate reads a date that a machine should have written.
func (e *extractor) offerDate(b *ballot, value, basis, detail string, score int) {
	if value == "" {
		return
	}
	d, ok := normalize.Date(value, e.lang)
	if !ok {
		d, ok = epoch(value)
	}
	if !ok {
		b.reject(clip(value, 100), basis, detail, "not one date")
		return
	}
	e.offerParsed(b, d, basis, detail, score)
}

// epoch reads seconds or milliseconds since 1970, as some sites declare dates.
func epoch(s string) (harvest.Date, bool) {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil {
		return harvest.Date{}, false
	}
	if n > 1e12 {
		n /= 1000
	}
	if n < 631152000 || n > 4102444800 { // 1990 to 2100
		return harvest.Date{}, false
	}
	t := time.Unix(n, 0).UTC()
	return harvest.DayDate(t.Year(), t.Month(), t.Day()), true
}

// doubtHidden rejects a date of publication that one weak statement alone
// makes and nothing a reader sees confirms: content systems fill such fields
// on pages that nobody has dated.
func doubtHidden(published, modified *ballot) {
	support := make(map[string]int)
	for _, c := range published.list {
		if c.Rejected != "" || c.Score >= 900 {
			continue
		}
		switch c.Basis {
		case "text", "time", "url", "microdata":
			support[c.Value] += 10
		default:
			support[c.Value]++
			if !isWeak(c) {
				support[c.Value] += 2
			}
		}
	}
	for i := range published.list {
		c := &published.list[i]
		if c.Rejected != "" || c.Score >= 900 || c.Basis != "json-ld" && c.Basis != "meta" {
			continue
		}
		switch {
		case isWeak(*c) && support[c.Value] < 2:
			c.Rejected = "declared once, printed nowhere"
		case c.Detail == "article:published_time" && support[c.Value] == 3 && keptUpToDate(c.Value, modified):
			c.Rejected = "declared once, printed nowhere, on a page that was changed much later"
		}
	}
}

// isWeak: statements that often date something else than the item.
func isWeak(c Candidate) bool {
	switch c.Detail {
	case "dc.date", "dcterms.date", "date", "created", "dc.created", "og:article:published_time", "timestamp", "WebPage.datePublished", "Recipe.datePublished", "CollectionPage.datePublished", "Product.datePublished":
		return true
	}
	return strings.HasSuffix(c.Detail, ".dateCreated")
}

// keptUpToDate reports whether a change is declared more than a month after.
func keptUpToDate(published string, modified *ballot) bool {
	p, err := time.Parse(time.DateOnly, published)
	if err != nil {
		return false
	}
	for _, c := range modified.list {
		if m, err := time.Parse(time.DateOnly, c.Value); err == nil && m.Sub(p) > 31*24*time.Hour {
			return true
		}
	}
	return false
}

func (e *extractor) offerParsed(b *ballot, d harvest.Date, basis, detail string, score int) {
	if d.Year() < 1990 && basis != "citation" && basis != "selector" || d.Value == "1970-01-01" {
		b.reject(d.Value, basis, detail, "before the web")
		return
	}
	switch d.Precision {
	case harvest.PrecisionMonth:
		score -= 12
	case harvest.PrecisionYear:
		score -= 25
	}
	b.offer(d.Value, basis, detail, score)
}

func (e *extractor) microDates(published, modified *ballot) {
	for _, p := range e.v.props {
		if p.zone&(inComments|inRelated|inCard|inNav|inAside) != 0 || typeRank([]string{typeName(p.owner)}) < 50 {
			continue
		}
		value := propText(p.node)
		if dt := attr(p.node, "datetime"); dt != "" {
			value = dt
		}
		switch p.name {
		case "datepublished":
			e.offerDate(published, value, "microdata", p.name, 84)
		case "datecreated", "uploaddate":
			e.offerDate(published, value, "microdata", p.name, 68)
		case "datemodified":
			e.offerDate(modified, value, "microdata", p.name, 85)
		}
	}
}

// near is how many lines of the page may lie between the title and the lines
// that tell date and authors.
const near = 14

func (e *extractor) nearTitle(at int) bool {
	return e.titleAt >= 0 && at >= e.titleAt-6 && at <= e.titleAt+near
}

func (e *extractor) timeElements(published, modified *ballot) {
	for _, t := range e.v.times {
		if t.zone&offContent != 0 && !e.nearTitle(t.at) || t.zone&(inComments|inRelated|inCard) != 0 {
			continue
		}
		value := attr(t.node, "datetime")
		text := normalize.Text(limitedText(t.node, 200))
		d, ok := normalize.Date(value, e.lang)
		if !ok || value == "" {
			if d, ok = normalize.Date(text, e.lang); !ok {
				continue
			}
		}
		score := 58
		if e.nearTitle(t.at) {
			score = 80
		}
		if hasAttr(t.node, "pubdate") {
			score += 5
		}
		before := ""
		if t.at < len(e.v.blocks) {
			before = labelBefore(e.v.blocks[t.at].text, text)
		}
		if t.role&forModified != 0 || saysModified(before) {
			e.offerParsed(modified, d, "time", "time element", score)
			continue
		}
		e.offerParsed(published, d, "time", "time element", score)
	}
}

// labelBefore are the last words of a line before a date.
func labelBefore(line, date string) string {
	i := strings.Index(line, date)
	if i <= 0 || date == "" {
		return ""
	}
	return strings.ToLower(clip(line[max(0, i-40):i], 60))
}

func hasAttr(n *html.Node, key string) bool {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			return true
		}
	}
	return false
}

// modifiedWords mark a printed date as that of a change.
var modifiedWords = []string{
	"updated", "update", "modified", "last edit", "edited", "revised", "aktualisiert", "aktualisierung", "zuletzt", "geändert", "stand", "mis à jour", "mise à jour", "modifié", "actualizado", "actualización", "última", "atualizado", "atualização",
	"aggiornato", "aggiornamento", "bijgewerkt", "gewijzigd", "laatst", "uppdaterad", "oppdatert", "opdateret", "sist", "päivitetty", "zaktualizowano", "aktualizacja", "aktualizováno", "обновлено", "изменено", "оновлено",
	"تحديث", "آخر", "güncelleme", "güncellenme", "更新", "업데이트", "수정", "diperbarui", "cập nhật",
}

func saysModified(label string) bool {
	for _, w := range modifiedWords {
		if strings.Contains(label, w) {
			return true
		}
	}
	return false
}

// saysDeadline: the date is when something ends or takes place.
func saysDeadline(label string) bool {
	for w := range strings.FieldsSeq(label) {
		switch w {
		case "until", "deadline", "bis", "jusqu", "hasta", "até", "born", "geboren", "closing", "expires", "valid", "gültig":
			return true
		}
	}
	return false
}

// publishedWords mark a printed date as that of publication.
var publishedWords = []string{
	"published", "posted", "publication", "publish", "date:", "released", "issued", "veröffentlicht", "erschienen", "erstellt", "publié", "parution", "publicado", "publicación", "fecha", "publicação", "data de", "pubblicato", "gepubliceerd", "geplaatst", "publicerad", "publisert", "publiceret", "julkaistu",
	"opublikowano", "data publikacji", "publikováno", "vydáno", "опубликовано", "дата публикации", "опубліковано", "نشر", "تاريخ", "yayın", "公開", "发布", "發布", "등록", "입력", "प्रकाशित", "প্রকাশ", "đăng", "diterbitkan",
}

func saysPublished(label string) bool {
	for _, w := range publishedWords {
		if strings.Contains(label, w) {
			return true
		}
	}
	return false
}

// printedDates reads the lines around the title, and lines elsewhere that say
// that they tell the date of publication.
func (e *extractor) printedDates(published, modified *ballot) {
	e.datelines(published)
	for i, b := range e.v.blocks {
		if len(b.text) > 260 || len(b.text) < 6 || b.zone&(inComments|inRelated|inCard|inNav) != 0 && !(e.nearTitle(i) && b.zone&(inComments|inRelated) == 0) {
			continue
		}
		marked := b.role&forDate != 0
		close := e.nearTitle(i)
		if !marked && !close && len(b.text) > 120 {
			continue
		}
		if !hasDigit(b.text) || !marked && !close && !e.nearContent(i) && !saysPublished(strings.ToLower(b.text)) {
			continue
		}
		found := normalize.Dates(b.text, e.lang)
		for n, f := range found {
			if n > 3 {
				break
			}
			e.offerPrinted(published, modified, i, b, f, marked, close, len(found))
		}
	}
}

// datelines reads a date with which the text below the title begins: "Geneva,
// 12 March 2021 –".
func (e *extractor) datelines(published *ballot) {
	seen := 0
	for _, b := range e.v.blocks[max(0, e.titleAt):] {
		if seen == 3 {
			return
		}
		if len(b.text) < 60 || isHeadingTag(b.tag) || b.zone&(offContent|inFigure|inHeader) != 0 || b.links*2 > len(b.text) {
			continue
		}
		seen++
		found := normalize.Dates(clip(b.text, 60), e.lang)
		if len(found) > 0 && len(found[0].Label) < 30 && strings.Count(found[0].Label, " ") < 2 && found[0].Date.Precision == harvest.PrecisionDay && !saysDeadline(found[0].Label) {
			e.offerParsed(published, found[0].Date, "text", "dateline", 57-seen)
			return
		}
	}
}

// nearContent: within three lines of where the text begins.
func (e *extractor) nearContent(i int) bool {
	return e.body.first >= 0 && i >= e.body.first-3 && i <= e.body.first+3
}

func (e *extractor) offerPrinted(published, modified *ballot, i int, b block, f normalize.Printed, marked, close bool, count int) {
	if len(f.Label) > 60 && !marked || saysDeadline(f.Label) {
		return // a date within a sentence, or of something else
	}
	if saysModified(f.Label) && !saysPublished(f.Label) {
		if close || marked {
			e.offerParsed(modified, f.Date, "text", "printed line", 60)
		}
		return
	}
	var score int
	switch {
	case saysPublished(f.Label) && close:
		score = 82
	case marked && close:
		score = 76
	case close && len(b.text) < 60:
		score = 70
	case close && strings.Count(f.Label, " ") < 2:
		score = 60
	case saysPublished(f.Label) && b.zone&(inAside|inFooter) == 0:
		score = 56
	case marked && b.zone&offContent == 0:
		score = 50
	case len(b.text) < 40 && b.zone&offContent == 0 && e.nearContent(i):
		score = 48
	default:
		return
	}
	if count > 1 {
		score -= 3
	}
	if f.Date.Precision == harvest.PrecisionMonth {
		score -= 10
	}
	e.offerParsed(published, f.Date, "text", "printed line", score)
}

func hasDigit(s string) bool {
	for _, r := range s {
		if r >= '0' && r <= '9' || r >= 0x660 {
			return true
		}
	}
	return false
}

var (
	pathDay   = regexp.MustCompile(`[/_-]((?:19|20)\d{2})[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?:[/_.-]|$)`)
	pathMonth = regexp.MustCompile(`/((?:19|20)\d{2})/(0?[1-9]|1[0-2])(?:/|$)`)
)

// addressDate reads the date in the page's address.
func (e *extractor) addressDate(b *ballot) {
	for _, address := range []string{e.url, e.result.CanonicalURL} {
		path := address
		if i := strings.Index(path, "://"); i >= 0 {
			path = path[i+3:]
		}
		path, _, _ = strings.Cut(path, "?")
		if m := pathDay.FindStringSubmatch(path); m != nil {
			if d, ok := normalize.Date(m[1]+"-"+m[2]+"-"+m[3], ""); ok {
				e.offerParsed(b, d, "url", "path", 64)
				return
			}
		}
		if m := pathMonth.FindStringSubmatch(path); m != nil {
			if len(m[2]) == 1 {
				m[2] = "0" + m[2]
			}
			if d, err := harvest.ParseDate(m[1] + "-" + m[2]); err == nil {
				e.offerParsed(b, d, "url", "path", 40)
				return
			}
		}
	}
}

// agreeOnDate raises dates that several kinds of evidence tell, and dates
// within the month that the address tells.
func agreeOnDate(b *ballot) {
	bases := make(map[string]map[string]bool)
	for _, c := range b.list {
		if c.Rejected == "" {
			if bases[c.Value] == nil {
				bases[c.Value] = make(map[string]bool)
			}
			bases[c.Value][c.Basis] = true
		}
	}
	for i := range b.list {
		c := &b.list[i]
		if c.Rejected != "" || c.Score >= 900 {
			continue
		}
		c.Score += 8 * min(3, len(bases[c.Value])-1)
		if len(c.Value) == 10 && bases[c.Value[:7]]["url"] {
			c.Score += 8
		}
	}
}
