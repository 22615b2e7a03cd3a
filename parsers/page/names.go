package page

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/harvest87/harvest/parsers/normalize"
)

var (
	nameRest  = regexp.MustCompile(`(?i)[\s•·,]+(?:(?:on|le|am|el|em|il|den|vom|op|at|updated|published|posted|last|veröffentlicht|publié|publicado|um)\s+)?(?:\p{L}+,\s+)?(?:(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez|enero|febr|mars|abr|juin|juil|août|sept|déc)\p{L}*\.?\s+)?\d.*$|[\s•·]+(?:published|updated|posted|foto|photos?|images?|illustration(?:en|s)?|grafik(?:en)?|bild|bilder|quelle|source|datum|kommentare?|comments?|veröffentlicht|publié|publicado)\b\s*(?:[:©]|by|am|le|on|el|von|par|de|di|por|$).*$|\s*@\w+$|\s+(?:skrifar|schreibt|berichtet|writes|reports|reporting|escribe|écrit|schrijft|skriver)\b.*$|\s*(?:기자|특파원|記者|记者)(?:\s+외\s+\d+명)?$`)
	nameEnd   = regexp.MustCompile(`\s+(?:[|•·]|[-–—])\s+.*$|\s*\((?:[^)]*)\)?$|\s*<[^>]*>?$|\s+[\w.+-]+@[\w.-]+$`)
	nameCut   = regexp.MustCompile(`\s*[;|•·／]\s*|\s*,\s*|\s+(?:&|and|und|et|y|e|och|og|en|и|та|و)\s+`)
	nameFront = regexp.MustCompile(`^(?i:by|von|vom|par|por|di|da|av|af|door|od|text|author|autor|autorin|auteur|written by|posted by|published by|story by|words by|photos? by|from|reporter|mit)\s*[:：]?\s+|^(?i:by|von|par|por|text|author|autor|autorin|auteur|autores|interview|foto|bericht|redaktion|著者|作者|記者|文|reporter|verfasser|name)\s*[:：●]\s*|^.{0,40}\b(?i:posts|articles|stories|beiträge|artikel|articles|entradas|more|mehr|rezept|recipe|erstellt|verfasst|geschrieben|bearbeitet|pressemitteilung|kommentar|gastbeitrag|created|submitted)\s+(?i:by|from|von|vom|par|de|por)\s+|^(?i:byby)\s+`)
	// nameJunk stands around names: how long ago, whom to follow, for which paper,
	// footnote marks.
	nameJunk = regexp.MustCompile(`^(?i:\d+\s+(?:min(?:ute)?|hour|hr|day|week|month|year)s?\s+ago\s+)|^(?i:follow|folge|suivre|sigue a)\s+|(?i:\s+(?:auf|on|sur|en)\s+(?:facebook|twitter|x|instagram|linkedin|mastodon|threads|bluesky))$|\s+is\s+(?:an?|the)\s.*$`)
	forPaper = regexp.MustCompile(`^(\p{Lu}[\p{L}'’-]+(?:\s+\p{Lu}[\p{L}.'’-]*){1,3})\s+[Ff]or\s+\p{Lu}.*$`)
	footnote = regexp.MustCompile(`(\p{L})[\d*†‡]{1,3}$`)
	// readingTime: "6 min read", "Lesezeit: 3 Minuten".
	readingTime = regexp.MustCompile(`^(?i:(?:reading time|lesezeit|lesedauer|temps de lecture|lecture|tiempo de lectura|tempo de leitura|tempo di lettura|leestijd)\b.*|(?:ca\.? )?\d+\s*[-–]?\s*(?:mins?|minutes?|minuten|minutos?|minuti|minuter|мин|分)\b.*)$`)
	isHandle    = regexp.MustCompile(`^@\w+$`)
	birth       = regexp.MustCompile(`,?\s*\b\d{4}\s*-\s*(?:\d{4})?$`)
)

// maxNames bounds the text of one list of names, in octets.
const maxNames = 2000

// cleanNames cuts lists apart, takes off what is no name, and drops junk and
// repetitions.
func (e *extractor) cleanNames(raw []string) []string {
	var out []string
	for _, s := range raw {
		if len(s) > maxNames {
			continue
		}
		for _, n := range e.namesIn(s) {
			if !slices.ContainsFunc(out, func(o string) bool { return key(o) == key(n) }) {
				out = append(out, n)
			}
		}
	}
	if len(out) > 1 { // the site besides those who wrote for it
		if rest := slices.DeleteFunc(slices.Clone(out), e.isSiteName); len(rest) > 0 {
			return rest
		}
	}
	return out
}

// namesIn are the clean names of one text. A page says the same ones in many
// places.
func (e *extractor) namesIn(s string) []string {
	if known, ok := e.names[s]; ok {
		return known
	}
	text := normalize.Text(s)
	var names []string
	if strings.Contains(text, " | ") {
		names = namesBeforeRoles(text)
	}
	if names == nil {
		names = splitNames(text)
	}
	var out []string
	for _, n := range names {
		if n = cleanName(n); n != "" {
			out = append(out, n)
		}
	}
	if e.names != nil {
		e.names[s] = out
	}
	return out
}

// splitNames cuts "A, B and C". "Last, First" is turned round.
func splitNames(s string) []string {
	signs := signsOf(s)
	return splitWith(s,
		func(s string) string {
			if signs&nameHasFront == 0 {
				return s
			}
			return nameFront.ReplaceAllString(nameFront.ReplaceAllString(s, ""), "")
		},
		func(s string) []string {
			if signs&nameHasCut == 0 {
				return []string{s}
			}
			return nameCut.Split(s, -1)
		})
}

// splitWith is splitNames by what takes words off the front and what cuts.
func splitWith(s string, front func(string) string, cut func(string) []string) []string {
	s = front(s)
	if strings.Contains(s, "; ") && len(s) < maxNames { // "Last, First; Last, First"
		var out []string
		for part := range strings.SplitSeq(s, ";") {
			out = append(out, splitWith(strings.TrimSpace(part), front, cut)...)
		}
		return out
	}
	if last, first, ok := strings.Cut(s, ", "); ok && isSurname(last) && isGiven(first) {
		return []string{first + " " + last}
	}
	parts := cut(s)
	if persons := withoutRoles(parts); persons != nil {
		return persons
	}
	if len(parts) > 1 && isBody(s) {
		return []string{s}
	}
	return parts
}

// withoutRoles takes out of a line what persons are, and where: "Jo Doe, Research
// Fellow, Example Institute". It is nil for lines that do not begin with a
// person's name, or say nothing of that.
func withoutRoles(parts []string) []string {
	if len(parts) < 2 || isRole(parts[0]) || !personName.MatchString(strings.TrimSpace(parts[0])) {
		return nil
	}
	var names []string
	for _, p := range parts {
		if p = leadingAnd.ReplaceAllString(strings.TrimSpace(p), ""); !isRole(p) && !isBody(p) {
			names = append(names, p)
		}
	}
	if len(names) == len(parts) {
		return nil
	}
	return names
}

var leadingAnd = regexp.MustCompile(`^(?i:and|und|et|y|e|och|og|en|&)\s+`)

// roleWords name what persons are at work, in the languages whose pages print it
// behind their names.
var roleWords = func() map[string]bool {
	words := make(map[string]bool)
	for w := range strings.FieldsSeq(`
		manager director officer adviser advisor researcher fellow professor lecturer editor reporter correspondent coordinator co-ordinator analyst lawyer attorney consultant head chief president chair chairperson secretary specialist expert
		journalist writer columnist economist associate assistant intern founder co-founder spokesperson commissioner rapporteur ambassador minister student candidate scholar scientist teacher counsel barrister solicitor trustee lead
		leiter leiterin referent referentin redakteur redakteurin professorin wissenschaftler wissenschaftlerin direktor direktorin geschäftsführer geschäftsführerin journalistin sprecher sprecherin mitarbeiter mitarbeiterin
		directeur directrice chercheur chercheuse chargé chargée responsable professeur professeure rédacteur rédactrice journaliste avocat avocate conseiller conseillère
		directora investigador investigadora profesor profesora coordinador coordinadora abogado abogada periodista asesor asesora jefe jefa responsable diretor diretora pesquisador pesquisadora professora coordenador coordenadora advogado advogada jornalista
		direttore direttrice ricercatore ricercatrice giornalista professore professoressa onderzoeker hoogleraar directeur journalist`) {
		words[w] = true
	}
	return words
}()

// isRole reports whether a text says what somebody is.
func isRole(s string) bool {
	for w := range strings.FieldsFuncSeq(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && r != '-' }) {
		if roleWords[w] {
			return true
		}
	}
	return false
}

// isSurname and isGiven tell the halves of "Last, First M.".
func isSurname(s string) bool { return s != "" && !strings.ContainsAny(s, " ;&|") }

func isGiven(s string) bool {
	return s != "" && !strings.ContainsAny(s, ",;&|") && strings.Count(s, " ") <= 1 && startsUpper(s) && !strings.Contains(s, " and ")
}

// isBody: an organisation whose name holds "and" or a comma.
func isBody(s string) bool {
	for _, w := range []string{"Ministry", "Department", "Committee", "Office", "Organization", "Organisation", "Commission", "Institute", "University", "Council", "Agency", "Centre", "Center", "Foundation", "Association", "Ministère", "Ministerio", "Oficina", "Bundes", "Universit", "Fundación", "Fondation", "Secretariat", "Government", "Parliament"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// cleanName is a name without role, address and date, empty when it is none.
func cleanName(s string) string {
	s = strings.TrimSpace(s)
	signs := signsOf(s)
	if signs&nameHasFront != 0 {
		s = nameFront.ReplaceAllString(s, "")
	}
	if signs&nameHasDigit != 0 {
		s = birth.ReplaceAllString(s, "")
	}
	if signs&(nameHasJunk|nameHasDigit) != 0 && !isBody(s) {
		s = forPaper.ReplaceAllString(nameJunk.ReplaceAllString(nameJunk.ReplaceAllString(s, ""), ""), "$1")
	}
	if signs&nameHasDigit != 0 && strings.ContainsAny(s, " ") { // "Jo Doe1", but not "user42"
		s = footnote.ReplaceAllString(s, "$1")
	}
	s = strings.TrimSpace(s)
	for range 3 {
		if signs&(nameHasRest|nameHasDigit) == 0 {
			break
		}
		next := strings.TrimSpace(nameRest.ReplaceAllString(nameEnd.ReplaceAllString(s, ""), ""))
		if next == s {
			break
		}
		s = next
	}
	s = strings.Trim(s, " \t,;:|-–—•·*\"“”.…/")
	if !isName(s) {
		return ""
	}
	return s
}

// isName refuses what cannot name a person or a body.
func isName(s string) bool {
	n := utf8.RuneCountInString(s)
	if n < 2 || n > 90 || strings.Contains(s, "://") || strings.HasPrefix(s, "www.") || hasDigit(s) && readingTime.MatchString(s) || isHandle.MatchString(s) || strings.ContainsAny(s, "@©®") {
		return false
	}
	letters, digits := 0, 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			letters++
		}
		if unicode.IsNumber(r) {
			digits++
		}
	}
	if letters < 2 || digits > 2 && digits*2 > letters || strings.Count(s, " ") > 8 {
		return false
	}
	switch strings.ToLower(s) {
	case "admin", "administrator", "root", "user", "webmaster", "superuser", "super user", "null", "undefined", "none", "anonymous", "author", "authors", "autor", "unknown", "guest", "wordpress", "editor", "the editor", "n/a", "staff", "web desk", "news desk", "web team", "webteam", "web editor", "site admin", "guest author", "guest writer", "guest contributor", "guest post", "contributor", "contributors", "test", "by", "von", "true", "false",
		"share", "facebook", "twitter", "follow", "subscribe", "contact", "email", "e-mail", "print", "profile", "website", "about", "more", "read more", "bio", "view", "all posts", "posts", "updated", "published", "por", "par", "no author", "alle artikel", "all articles", "mehr", "datum", "nachricht", "autoren", "search author", "quelle", "source", "publiziert am", "veröffentlicht am", "veröffentlicht", "publié le", "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag", "see all", "more articles", "profil", "zum profil", "kontakt", "jr", "sr", "phd", "md", "über den autor", "about the author":
		return false
	}
	return true
}
