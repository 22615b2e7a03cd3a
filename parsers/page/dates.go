package page

import (
	"strconv"
	"strings"
	"time"

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
	e.rdfaDates(published, modified)
	e.timeElements(published, modified)
	e.printedDates(published, modified)
	e.addressDate(published)
	if len(published.list) == 0 || allRejected(published.list) {
		e.stateDates(published)
		e.ownCardDate(published)
		e.imageDate(published)
	}
	if allRejected(published.list) {
		e.onlyDate(published)
	}
	doubtHidden(published, modified)
	agreeOnDate(published)
	if c, ok := e.settle("published", published); ok {
		e.result.Record.Published, _ = harvest.ParseDate(c.Value)
	}
	if c, ok := e.settle("modified", modified); ok {
		e.result.Record.Modified, _ = harvest.ParseDate(c.Value)
	}
	if d := e.result.Record.Modified; !d.IsZero() && !isShown(published.list) && isShown(modified.list) {
		e.result.ShownDate = d
	}
}

// isShown reports whether a reader finds the first of a field's candidates on
// the page, or whether the source's own rules name it: settled lists begin with
// the one that was taken.
func isShown(list []Candidate) bool {
	for _, c := range list {
		if c.Value != list[0].Value || c.Rejected != "" && c.Rejected != outranked {
			continue
		}
		switch c.Basis {
		case "text", "time", "citation", "selector":
			return true
		}
	}
	return false
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
// on pages that nobody has dated. A plain "date" is what an author says where
// nobody says better; next to better evidence, a doubtful statement of the
// usual kind is heard as well.
func doubtHidden(published, modified *ballot) {
	support := make(map[string]int)
	for _, c := range published.list {
		if c.Rejected != "" || c.Score >= 900 {
			continue
		}
		switch c.Basis {
		case "text", "time", "url", "microdata", "rdfa":
			support[c.Value] += 10
		default:
			support[c.Value]++
			if !isWeak(c) {
				support[c.Value] += 2
			}
		}
	}
	sure := false
	var doubted []*Candidate
	var why []string
	for i := range published.list {
		c := &published.list[i]
		if c.Rejected != "" {
			continue
		}
		if c.Score >= 900 || c.Basis != "json-ld" && c.Basis != "meta" {
			sure = true
			continue
		}
		reason := ""
		switch {
		case isWeak(*c) && support[c.Value] < 2:
			reason = "declared once, printed nowhere"
		case c.Detail == "article:published_time" && support[c.Value] == 3 && keptUpToDate(c.Value, modified):
			reason = "declared once, printed nowhere, on a page that was changed much later"
		}
		if reason == "" {
			sure = true
			continue
		}
		doubted, why = append(doubted, c), append(why, reason)
	}
	for i, c := range doubted {
		if isWeak(*c) && (sure || c.Detail != "date") || !isWeak(*c) && !sure {
			c.Rejected = why[i]
		}
	}
}

// isWeak: statements that often date something else than the item.
func isWeak(c Candidate) bool {
	switch c.Detail {
	case "dc.date", "dcterms.date", "date", "created", "dc.created", "og:article:published_time", "timestamp",
		"sailthru.date", "parsely-pub-date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "shareaholic:article_published_time", // told to services that count readers
		"WebPage.datePublished", "Recipe.datePublished", "CollectionPage.datePublished", "Product.datePublished":
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
	if !e.latest.IsZero() && d.Value > e.latest.UTC().Format(time.DateOnly) && basis != "citation" && !e.isEvent() {
		b.reject(d.Value, basis, detail, "in the future")
		return
	}
	if basis != "selector" && basis != "citation" && e.recurs(habitDate, d.Value) {
		b.reject(d.Value, basis, detail, "on all pages of the site")
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

// isEvent reports whether the page says that it is of an event, which has a
// date to come.
func (e *extractor) isEvent() bool {
	for _, t := range e.things[:min(len(e.things), 2)] {
		for _, typ := range t.types() {
			if strings.HasSuffix(typ, "Event") {
				return true
			}
		}
	}
	return strings.Contains(pathOf(e.home), "/event")
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

// rdfaDates reads what things of RDFa say, whichever prefix they say it by.
func (e *extractor) rdfaDates(published, modified *ballot) {
	for _, d := range e.rdfa() {
		e.offerDate(published, d.text("datePublished"), "rdfa", "datePublished", 84)
		e.offerDate(modified, d.text("dateModified"), "rdfa", "dateModified", 85)
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
