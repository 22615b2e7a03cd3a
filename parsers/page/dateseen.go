package page

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
)

// near is how many lines of the page may lie between the title and the lines
// that tell date and authors.
const near = 14

func (e *extractor) nearTitle(at int) bool {
	return e.titleAt >= 0 && at >= e.titleAt-6 && at <= e.titleAt+near
}

// titleInCard reports whether the title itself stands in a card.
func (e *extractor) titleInCard() bool {
	return e.titleAt >= 0 && e.titleAt < len(e.v.blocks) && e.v.blocks[e.titleAt].zone&inCard != 0
}

func (e *extractor) timeElements(published, modified *ballot) {
	several := e.titlesDiffer()
	for _, t := range e.v.times {
		if several && inTitle(t.node) {
			continue
		}
		if t.zone&offContent != 0 && !e.nearTitle(t.at) || t.zone&(inComments|inRelated|inCard) != 0 {
			continue
		}
		value := dateAttr(t.node)
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
		score -= e.distant(t.at, t.role)
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

// inTitle reports whether an element tells its date in words, as the title of
// what it shows.
func inTitle(n *html.Node) bool {
	return attr(n, "datetime") == "" && !isMachineDate(strings.TrimSpace(attr(n, "content"))) && hasAttr(n, "title") && !isMachineDate(strings.TrimSpace(attr(n, "title")))
}

// titlesDiffer reports whether such titles tell several dates: those of answers
// and other items, too.
func (e *extractor) titlesDiffer() bool {
	one := ""
	for _, t := range e.v.times {
		if t.zone&(inComments|inRelated|inCard) != 0 || !inTitle(t.node) {
			continue
		}
		d, ok := normalize.Date(attr(t.node, "title"), e.lang)
		if ok && one != "" && d.Value != one {
			return true
		}
		if ok {
			one = d.Value
		}
	}
	return false
}

// distant is what speaks against a date for where it stands: far from the
// title, within the running text, in what leads to another item.
func (e *extractor) distant(at int, r role) int {
	less := 0
	if e.titleAt >= 0 {
		d := at - e.titleAt
		less = min(max(d, -2*d), near) / 3
		prose := 0
		for i := e.titleAt + 1; i < min(at, len(e.v.blocks), e.titleAt+3*near) && prose < 3; i++ {
			if b := &e.v.blocks[i]; len(b.text) > 120 && isProse(*b) {
				prose++
			}
		}
		less += 4 * prose
	}
	if r&forTeaser != 0 {
		less += 20
	}
	return less
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
	"updated", "update", "modified", "last edit", "edited", "revised", "reviewed", "überarbeitet", "révisé", "revisado", "revisto", "rivisto", "herzien", "последнее изменение", "terakhir diubah", "अद्यावधिक", "অদ্যতন", "হালনাগাদ", "به\u200cروزرسانی", "آخرین", "עודכן", "aktualisiert", "aktualisierung", "zuletzt", "geändert", "stand", "mis à jour", "mise à jour", "modifié", "actualizado", "actualización", "última", "atualizado", "atualização",
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

// saysDeadline: the date is when something ends or takes place, or when a page
// was looked at.
func saysDeadline(label string) bool {
	for w := range strings.FieldsSeq(label) {
		switch w {
		case "until", "deadline", "bis", "jusqu", "hasta", "até", "born", "geboren", "closing", "expires", "valid", "gültig",
			"retrieved", "accessed", "abgerufen", "consulté", "consultado", "acesso", "due", "einsendeschluss", "anmeldeschluss", "bewerbungsfrist", "frist", "plazo", "prazo", "scadenza", "entro", "bewerbungsschluss", "né", "née", "nacido", "nacida", "nascido", "nascida",
			"died", "gestorben", "takes", "venue", "findet", "aura", "tendrá", "se-celebrará", "ocorrerá", "sluitingsdatum", "последний", "batas", "tarihine":
			return true
		}
	}
	for _, p := range []string{"apply by", "apply before", "register by", "register before", "submit by", "will be held", "to be held", "was held on", "date limite", "date de clôture", "fecha límite", "fecha de cierre", "data limite", "son başvuru", "الموعد النهائي", "آخر موعد", "sista dag", "hạn chót", "अन्तिम मिति", "अंतिम तिथि", "截止", "締切", "마감"} {
		if strings.Contains(label, p) {
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
	const most = 40 // lines far from the title that are looked into
	far := 0
	for i, b := range e.v.blocks {
		if len(b.text) > 260 || len(b.text) < 6 || b.zone&(inComments|inRelated|inCard|inNav) != 0 && !(e.nearTitle(i) && b.zone&(inComments|inRelated) == 0 && (b.zone&inCard == 0 || e.titleInCard())) {
			continue
		}
		marked := b.role&forDate != 0
		close := e.nearTitle(i)
		if !marked && !close && len(b.text) > 120 {
			continue
		}
		if !hasDigit(b.text) || len(b.text) > 60 && !hasYear(b.text) || b.zone&inFooter != 0 || isCopyright(b.text) {
			continue
		}
		if !close { // where only words can make it the date of the item, they must be there
			lone := !marked || b.zone&offContent != 0 || b.role&forTeaser != 0
			if far > most || lone && (marked || !e.nearContent(i)) && !saysPublished(strings.ToLower(b.text)) && !isSigned(b) {
				continue
			}
			far++
		}
		found := normalize.Dates(b.text, e.lang)
		if len(found) == 0 && close && b.zone&offContent == 0 {
			e.printedYear(published, i)
		}
		changed := ""
		if b.role&forModified != 0 && len(found) > 1 {
			changed = e.changeIn(i)
		}
		for n, f := range found {
			if n > 3 {
				break
			}
			if f.Date.Value == changed {
				e.offerParsed(modified, f.Date, "text", "printed line", 60)
				continue
			}
			e.offerPrinted(published, modified, i, b, f, marked, close, len(found))
		}
	}
}

// yearLabels say in front of a year that the item is of it.
var yearLabels = map[string]bool{
	"year": true, "publicationyear": true, "yearofpublication": true, "jahr": true, "erscheinungsjahr": true, "année": true, "annéedepublication": true, "año": true, "añodepublicación": true, "ano": true, "anodepublicação": true,
	"anno": true, "jaar": true, "år": true, "utgivningsår": true, "vuosi": true, "rok": true, "rokwydania": true, "год": true, "рік": true, "έτος": true, "yıl": true, "tahun": true, "năm": true, "السنة": true, "سنةالنشر": true, "سال": true, "שנה": true, "वर्ष": true, "বছর": true, "ปี": true, "年": true, "연도": true,
}

// printedYear offers the year that a short line near the title tells: as its
// date ("Spring 2021"), or behind a label, on its own line or the one before.
func (e *extractor) printedYear(published *ballot, i int) {
	b := &e.v.blocks[i]
	if len(b.text) > 60 || saysDeadline(strings.ToLower(b.text)) || saysModified(strings.ToLower(b.text)) {
		return
	}
	year, label := "", b.text
	for w := range strings.FieldsFuncSeq(b.text, func(r rune) bool { return !unicode.IsDigit(r) }) {
		if len(w) == 4 {
			if year != "" {
				return
			}
			year, label = w, b.text[:strings.Index(b.text, w)]
		}
	}
	d, ok := normalize.Date(year, e.lang)
	if !ok {
		return
	}
	if key(label) == "" && i > 0 && len(e.v.blocks[i-1].text) < 40 {
		label = e.v.blocks[i-1].text
	}
	if b.role&forDate != 0 && strings.Count(b.text, " ") < 3 || yearLabels[key(label)] || key(label) != "" && len(label) < 40 && saysPublished(strings.ToLower(label)) {
		e.offerParsed(published, d, "text", "printed year", 70)
	}
}

// changeIn is the date that an element within block i marks as that of a change.
func (e *extractor) changeIn(i int) string {
	for _, m := range e.v.marks {
		if m.at == i && m.role&forModified != 0 && !isBlock(m.node.DataAtom) {
			if d, ok := normalize.Date(limitedText(m.node, 100), e.lang); ok {
				return d.Value
			}
		}
	}
	return ""
}

// isCopyright: the year of a copyright is no date of the item.
func isCopyright(line string) bool {
	return strings.Contains(line, "©") || len(line) > 9 && strings.EqualFold(line[:9], "copyright")
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
	if len(f.Label) > 60 && !marked || saysDeadline(f.Label) || !marked && isStatement(b.text) && !saysPublished(f.Label) && !saysModified(f.Label) {
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
	case isSigned(b):
		score = 52
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
	if close {
		score -= e.distant(i, b.role)
	}
	if f.Date.Precision == harvest.PrecisionMonth {
		score -= 10
	}
	e.offerParsed(published, f.Date, "text", "printed line", score)
}

// isSigned reports whether a line of the item says who wrote it: what day it tells
// is that of the writing.
func isSigned(b block) bool {
	return b.zone&offContent == 0 && len(b.text) < 120 && mayBeByline(b.text) && byline.MatchString(b.text)
}

func hasDigit(s string) bool {
	for _, r := range s {
		if r >= '0' && r <= '9' || r >= 0x660 {
			return true
		}
	}
	return false
}
