package page

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/atom"

	"github.com/harvest87/harvest/parsers/normalize"
)

// byline finds "By A, B and C" at the start of a line.
var byline = regexp.MustCompile(`^(?i:(?:written|reported|posted|published|story|words|text|article|report|reporting|review|reviewed)\s+by\s*:?|te(?:x|s)t[eo]?\s+(?:von|par|de|di|por|av|af)\s|by\s*:|authors?\s*:|autor(?:in|en|a|es)?\s*:|auteurs?\s*:|autore\s*:|autor[ae]s\s*:|autoren\s*:|autorinnen\s*:|auteur\(s\)\s*:|autor\(es\)\s*:|text\s*:|text und fotos?\s*:|interview\s*:|propos recueillis par|entretien réalisé par|r[ée]daction\s*:|yazan\s*:|yazar\s*:|haber\s*:|oleh\s*:|penulis\s*:|tác giả\s*:|kirjoittaja\s*:|skribent\s*:|szerző\s*:|συντάκτης\s*:|автор текста\s*:|авторы\s*:|إعداد\s*:|الكاتب\s*:|المؤلف\s*:|نویسنده\s*:|लेखक\s*[:：]|লেখক\s*[:：]|מאת\s*:?|ผู้เขียน\s*:|von:|par:|por:|reporter\s*:|author\(s\)\s*:|verfasst von|geschrieben von|écrit par|rédigé par|publié par|escrito por|scritto da|di:|skrevet av|skriven av|tekst\s*:|автор\s*:|بقلم\s*:?|كتب\s*:|تأليف\s*:?|文\s*[:：]|作者\s*[:：]|著者\s*[:：]|記者|執筆者?\s*[:：]|撰文\s*[:：]|글\s*[:：])\s*(.+)$|^(?:By|BY|Von|VON|Par|PAR|Por|POR|Di|DI|Door|DOOR|Av|AV|Af|AF|Od|Oleh|OLEH|von|par|por|by|door|di|av|af|oleh)\s+(\p{Lu}.+)$`)

// mayBeByline is a fast look at the first word of a line.
func mayBeByline(line string) bool {
	end := strings.IndexAny(line, " :：\u00a0(")
	if end < 0 || end > 24 {
		return strings.ContainsAny(clip(line, 9), "文作著記執撰글")
	}
	return bylineWords[strings.ToLower(line[:end])] || strings.ContainsAny(clip(line, 9), "文作著記執撰글")
}

// bylineWords begin the lines that byline finds.
var bylineWords = func() map[string]bool {
	words := make(map[string]bool)
	for w := range strings.FieldsSeq("by von par por di door av af od oleh written reported posted published story words text texte texto testo article report reporting review reviewed author authors autor autorin autoren autora autores auteur auteurs autore reporter verfasst geschrieben écrit rédigé publié escrito scritto skrevet skriven tekst автор авторы بقلم كتب تأليف إعداد الكاتب المؤلف نویسنده interview propos entretien rédaction redaction autoras autorinnen autor(es) auteur(s) author(s) yazan yazar haber penulis tác kirjoittaja skribent szerző συντάκτης लेखक লেখক מאת ผู้เขียน") {
		words[w] = true
	}
	return words
}()

func (e *extractor) printedAuthors(add addNames) {
	title := key(e.title.Value)
	for i, b := range e.v.blocks {
		if len(b.text) > 140 || len(b.text) < 5 || b.zone&(inComments|inRelated|inCard|inNav|inFooter|inFigure) != 0 {
			continue
		}
		close := e.nearTitle(i)
		if !close && b.role&forAuthor == 0 && (e.body.first < 0 || i < e.body.first-8 || b.zone&offContent != 0) {
			continue
		}
		if b.tag == atom.H1 || b.tag == atom.H2 {
			continue
		}
		var m []string
		if mayBeByline(b.text) {
			m = byline.FindStringSubmatch(b.text)
		}
		if m == nil && !close || key(b.text) == title {
			continue
		}
		if m == nil {
			if strings.Contains(b.text, "|") && nameAndRole.MatchString(b.text) {
				continue
			}
			if name := e.nameBesideDate(b.text); name != "" {
				add([]string{name}, "text", "name beside the date", 54)
			}
			continue
		}
		score := 58
		if close {
			score = 78
		}
		name := m[1]
		if m[1] == "" {
			name = m[2]
			if !close && b.role&forAuthor == 0 {
				continue
			}
		}
		add([]string{sectionAndDay.ReplaceAllString(name, "")}, "text", "byline", score)
	}
}

// sectionAndDay is what some templates print behind a name: "in News on 1 June 2019".
var sectionAndDay = regexp.MustCompile(`\s+in\s+\pL[^,;|]{1,40}\s+on\s+.*\d{4}.*$`)

// nameAndRole is a line such as "Jo Doe | Research Fellow, Example Institute".
var nameAndRole = regexp.MustCompile(`^((?:(?:Dr|Prof)\.? )?\p{Lu}[^|\d]{2,60}?)\s*\|\s*\p{L}[^|]{2,150}$`)

// rolledAuthors reads lines of a name and a role below the title, one author each.
func (e *extractor) rolledAuthors(add addNames) {
	if e.titleAt < 0 {
		return
	}
	var names []string
	twoNames := false
	for i := e.titleAt + 1; i < min(len(e.v.blocks), e.titleAt+near); i++ {
		b := e.v.blocks[i]
		if b.zone&offContent != 0 || len(b.text) > 220 || !strings.Contains(b.text, "|") {
			continue
		}
		if m := nameAndRole.FindStringSubmatch(b.text); m != nil && personName.MatchString(strings.TrimSpace(m[1])) {
			names = append(names, m[1])
			_, role, _ := strings.Cut(b.text, "|")
			twoNames = personName.MatchString(strings.TrimSpace(role))
		}
	}
	if len(names) == 1 && twoNames {
		return
	}
	add(names, "text", "lines of name and role", 77)
}

// nameBesideDate reads a line such as "4 March 2021 | 13:10 | Jo Doe": a date
// and one part that can only be a person's name.
func (e *extractor) nameBesideDate(line string) string {
	if len(line) > 120 || !strings.ContainsAny(line, "|•·–—/,") {
		return ""
	}
	dates := normalize.Dates(line, e.lang)
	if len(dates) == 0 || saysDeadline(dates[0].Label) || isStatement(line) {
		return ""
	}
	name := ""
	for _, part := range lineMarks.Split(line, -1) {
		if p := strings.TrimSpace(part); personName.MatchString(p) {
			if name != "" || e.isSiteName(p) {
				return ""
			}
			if _, isDate := normalize.Date(p+" 2000", e.lang); !isDate && !isWeekday(p) {
				name = p
			}
		}
	}
	return name
}

// isWeekday: names of days that look like the names of persons, in Vietnamese.
func isWeekday(s string) bool {
	return strings.HasPrefix(s, "Thứ ") || strings.EqualFold(s, "Chủ nhật")
}

// isStatement reports whether a line is a sentence rather than a line of facts:
// it ends as sentences do, and most of its words are not capitalised.
func isStatement(line string) bool {
	if !endsSentence(line) {
		return false
	}
	words, small := 0, 0
	for w := range strings.FieldsSeq(line) {
		if first, _ := utf8.DecodeRuneInString(w); unicode.IsLetter(first) {
			words++
			if unicode.IsLower(first) {
				small++
			}
		}
	}
	return words >= 4 && small*2 >= words
}

var (
	lineMarks  = regexp.MustCompile(`\s*[|•·]\s*|\s+[–—/-]\s+|,\s+`)
	personName = regexp.MustCompile(`^(?:(?:Dr|Prof)\.\s+)*\p{Lu}[\p{L}'’-]+(?:\s+\p{Lu}\.)?(?:\s+(?:von|van|de|der|den|del|da|di|al|el|bin)){0,2}\s+\p{Lu}[\p{L}'’-]+$`)
)
