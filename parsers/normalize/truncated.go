package normalize

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Truncated takes the marks of a cut off the end of a text: an ellipsis
// ("...", "…", "[…]", "[&hellip;]"), a link to the rest ("Read More",
// "Continue reading → Title", "Lire la suite", "Leer más", "اقرأ المزيد", …) or
// both. truncated is true when there was one. A text whose whole sentences are
// followed by such a link counts as cut too: that the source offers more is
// certain, that the text is whole is not.
func Truncated(s string) (clean string, truncated bool) {
	clean = strings.TrimSpace(s)
	for {
		next, cut := cutMark(clean)
		if !cut {
			return clean, truncated
		}
		clean, truncated = next, true
	}
}

// cutMark takes one mark off the end.
func cutMark(s string) (string, bool) {
	if t, ok := cutEllipsis(s); ok {
		return t, true
	}
	if t, ok := cutLink(s); ok {
		return t, true
	}
	return cutLongLink(s)
}

// ellipses end a text that goes on elsewhere, longest first.
var ellipses = []string{"[&hellip;]", "[&#8230;]", "[....]", "[...]", "[ ... ]", "[…]", "[ … ]", "(...)", "(…)", "[..]", "&hellip;", "&#8230;", "...", "…", "。。。", "⋯"}

func cutEllipsis(s string) (string, bool) {
	for _, e := range ellipses {
		if t, ok := strings.CutSuffix(s, e); ok {
			return strings.TrimRight(t, " \t\n\u00a0.…"), true
		}
	}
	return s, false
}

// arrows and brackets that stand after the words of a link.
const afterLink = " \t\n\u00a0»›>→➔➜⟶▸►▶&)]…."

// cutLink takes a link such as "Read More »" off the end. It must stand apart
// from the text: after an ellipsis, a sentence, a bracket or a new line, or
// with a capital letter where the text before it has none.
func cutLink(s string) (string, bool) {
	trimmed := strings.TrimRight(s, afterLink)
	if trimmed == "" {
		return s, false
	}
	for _, words := range moreLinks {
		at := len(trimmed) - len(words)
		if at < 0 || !strings.EqualFold(trimmed[at:], words) {
			continue
		}
		before := strings.TrimRight(trimmed[:at], " \t\u00a0([<«&")
		first, _ := utf8.DecodeRuneInString(trimmed[at:])
		last, _ := utf8.DecodeLastRuneInString(before)
		endsWithStop := strings.HasSuffix(strings.TrimRight(s, " \t\n\u00a0"), ".") && !strings.HasSuffix(s, "..")
		switch {
		case before == "":
			return "", true
		case endsWithStop && !strings.ContainsRune("….", last):
			continue // "…, read more." is part of a sentence
		case strings.ContainsRune("….!?:;»\n)]\"”’|。！？؟।", last),
			len(before) < len(trimmed[:at]) && strings.ContainsAny(trimmed[len(before):at], "([<«&"),
			unicode.IsUpper(first) && last != ',' && strings.Contains(words, " "):
			return strings.TrimRight(before, " \t\n\u00a0|"), true
		}
	}
	return s, false
}

// cutLongLink takes off links that name what they lead to: `… Continue reading
// "The title" →`. They count only after an ellipsis near the end.
func cutLongLink(s string) (string, bool) {
	const longest = 300
	tail := s[max(0, len(s)-longest):]
	at := max(strings.LastIndex(tail, "…"), strings.LastIndex(tail, "..."), strings.LastIndex(tail, "[…]"))
	if at < 0 {
		return s, false
	}
	at += len(s) - len(tail)
	rest := strings.TrimLeft(s[at:], "….[]() \t\n\u00a0")
	for _, words := range longLinks {
		if len(rest) >= len(words) && strings.EqualFold(rest[:len(words)], words) {
			return strings.TrimRight(s[:at], " \t\n\u00a0[("), true
		}
	}
	return s, false
}

// longLinks begin a link that goes on with a title.
var longLinks = []string{
	"continue reading", "read more", "read the rest", "keep reading", "read full", "read the full", "learn more about", "more about",
	"lire la suite", "continuer la lecture", "poursuivre la lecture", "en savoir plus",
	"leer más", "seguir leyendo", "sigue leyendo", "continuar leyendo", "continuar a ler", "continue lendo", "leia mais", "ler mais",
	"weiterlesen", "mehr lesen", "leggi tutto", "continua a leggere", "lees verder", "verder lezen", "читать далее", "اقرأ المزيد", "متابعة القراءة",
}

// moreLinks are the words of a link to the rest of a text.
var moreLinks = []string{
	"read more", "read more here", "read full article", "read the full article", "read full story", "read the full story", "read full post",
	"read the rest", "read on", "read the report", "read the full report", "continue reading", "keep reading", "see more", "show more", "view more", "learn more",
	"find out more", "more details", "view full article", "full article", "full story", "click here to read more", "(more)", "[more]", "more»", "readmore",
	"lire la suite", "lire plus", "en savoir plus", "voir plus", "continuer la lecture", "poursuivre la lecture", "lire l'article", "lire l’article", "suite",
	"leer más", "leer mas", "ver más", "ver mas", "seguir leyendo", "sigue leyendo", "continuar leyendo", "saber más", "más información", "leer completo", "leer todo",
	"ler mais", "leia mais", "saiba mais", "continue lendo", "continuar a ler", "continuar lendo", "ver mais",
	"weiterlesen", "mehr lesen", "mehr erfahren", "mehr dazu", "mehr anzeigen", "lesen sie mehr", "zum artikel",
	"leggi tutto", "leggi di più", "continua a leggere", "per saperne di più", "continua",
	"lees meer", "lees verder", "verder lezen", "meer lezen", "läs mer", "läs hela", "les mer", "læs mere", "lue lisää", "loe edasi",
	"czytaj więcej", "czytaj dalej", "więcej", "číst více", "více", "čítať viac", "citește mai mult", "citeste mai mult", "tovább", "bővebben", "pročitaj više", "opširnije",
	"devamını oku", "devamı", "διαβάστε περισσότερα", "περισσότερα",
	"читать далее", "читать дальше", "читать полностью", "подробнее", "далее", "читати далі", "детальніше", "докладніше", "прочети повече", "виж още",
	"اقرأ المزيد", "إقرأ المزيد", "قراءة المزيد", "المزيد", "اقرأ أكثر", "تابع القراءة", "متابعة القراءة", "لمعرفة المزيد", "ادامه مطلب", "بیشتر بخوانید", "مزید پڑھیں", "קרא עוד", "המשך קריאה",
	"थप पढ्नुहोस्", "पुरा पढ्नुहोस्", "और पढ़ें", "अधिक पढ़ें", "আরও পড়ুন", "বিস্তারিত", "மேலும் படிக்க",
	"selengkapnya", "baca selengkapnya", "baca juga", "baca lagi", "xem thêm", "đọc tiếp", "อ่านต่อ", "อ่านเพิ่มเติม",
	"阅读更多", "閱讀更多", "查看更多", "更多", "阅读全文", "閱讀全文", "查看详情", "続きを読む", "もっと見る", "더 보기", "더보기", "자세히 보기", "계속 읽기", "soma zaidi",
}
