package normalize

import (
	"regexp"
	"strings"

	"github.com/harvest87/harvest"
)

// Citation takes a citation line apart: "Title - Publisher, Month Year DOWNLOAD".
// The date stands at the end and may be a day, a month or a year, in any
// language that [Date] reads; the publisher stands before it, after the last
// dash with spaces around it (hyphen, en dash, em dash or a vertical bar), so
// that titles may hold dashes of their own. Words of a download link at the
// end are ignored. ok is false when the line has no such dash or no date; then
// nothing is returned.
func Citation(text string) (title, publisher string, date harvest.Date, ok bool) {
	line := Text(text)
	if len(line) > 1000 {
		return "", "", harvest.Date{}, false
	}
	line = withoutDownload(line)
	rest, date, ok := cutDate(line)
	if !ok {
		return "", "", harvest.Date{}, false
	}
	spans := citationDash.FindAllStringIndex(rest, -1)
	if len(spans) == 0 {
		return "", "", harvest.Date{}, false
	}
	cut := spans[len(spans)-1]
	title = strings.Trim(rest[:cut[0]], " ,;:–—-")
	publisher = strings.Trim(rest[cut[1]:], " ,;:–—-(،")
	if title == "" || publisher == "" || len(publisher) > 200 {
		return "", "", harvest.Date{}, false
	}
	return title, publisher, date, true
}

// citationDash sets the publisher apart from the title.
var citationDash = regexp.MustCompile(`\s+[-‐‒–—―|]+\s+`)

// cutDate takes the date off the end of a line: as few words as tell it
// most finely.
func cutDate(line string) (rest string, date harvest.Date, ok bool) {
	line = strings.TrimRight(line, " .,;)")
	words := strings.Fields(line)
	for n := 1; n <= min(5, len(words)-1); n++ {
		tail := strings.Join(words[len(words)-n:], " ")
		d, good := Date(strings.Trim(tail, "(),،"), "")
		if good && (!ok || d.Finer(date)) {
			rest, date, ok = strings.TrimRight(strings.Join(words[:len(words)-n], " "), " ,;(،"), d, true
		}
	}
	return rest, date, ok
}

// withoutDownload drops the words of a link to the document from the end.
func withoutDownload(line string) string {
	for {
		line = strings.TrimRight(line, " .:|>»→↓[](){}-–—\u00a0")
		cut := false
		for _, words := range downloadWords {
			at := len(line) - len(words)
			if at > 0 && strings.EqualFold(line[at:], words) && !isWordByte(line[at-1]) {
				line, cut = line[:at], true
				break
			}
		}
		if !cut {
			return line
		}
	}
}

func isWordByte(c byte) bool { return isAlphanumeric(c) || c >= 0x80 }

// downloadWords are what links to a document say, longest first where one
// ends with another.
var downloadWords = []string{
	"download pdf", "download here", "download the report", "download report", "download the document", "download document", "download", "downloads", "pdf", "view", "read here", "read the report", "here",
	"télécharger", "telecharger", "téléchargement", "descargar", "descarga", "baixar", "transferir", "herunterladen", "scarica", "downloaden", "pobierz", "скачать", "завантажити",
	"تحميل", "تنزيل", "حمّل", "डाउनलोड", "डाउनलोड गर्नुहोस्", "下载", "下載", "ダウンロード", "다운로드", "unduh", "tải xuống", "indir", "i̇ndir",
}

// IsDownload reports whether the words of a link only offer a file:
// "DOWNLOAD", "Download PDF", "Télécharger".
func IsDownload(text string) bool {
	text = Text(text)
	return text != "" && withoutDownload(" "+text) == ""
}

// EndsWithDownload reports whether a line ends with such words and has more.
func EndsWithDownload(line string) bool {
	line = Text(line)
	rest := withoutDownload(line)
	return rest != "" && len(strings.TrimRight(line, " .:|>»→↓[](){}-–—")) > len(rest)
}
