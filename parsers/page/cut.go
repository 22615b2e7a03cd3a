package page

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/harvest87/harvest/parsers/normalize"
)

// minCut is how wide a declared text without a mark must be to count as cut:
// what is shorter was written without a full stop.
const minCut = 80

// whole makes a summary of whole sentences of a text that was cut: another
// candidate that begins alike and was not cut; or, where the page goes on to say
// the rest, what reaches to the end of that sentence, or to the end of the one
// before when the cut left little of it. cut reports that neither was found.
func (e *extractor) whole(c Candidate, all []Candidate) (text string, cut bool) {
	text, cut = normalize.Truncated(c.Value)
	if !cut && (!isDeclared(&c) || endsSentence(text) || width(text) < minCut) {
		return text, false
	}
	if longer := uncut(text, all); longer != "" {
		return longer, false
	}
	longer, ok := e.completed(text)
	if !ok {
		longer, ok = e.completedTail(text)
	}
	if !ok {
		return text, cut
	}
	if end := lastSentenceEnd(text); end >= minCut && len(text)-end < min(len(longer)-len(text), len(text)/4) {
		return strings.TrimSpace(text[:end]), false
	}
	return longer, false
}

// uncut is the shortest whole candidate that begins like a text that was cut.
func uncut(text string, all []Candidate) string {
	start := key(clip(text, len(text)-len(text)/12))
	best := ""
	if len(start) < 30 {
		return best
	}
	for _, c := range all {
		if c.Basis == "text" || len(c.Value) <= len(text) || len(c.Value) > 3000 || best != "" && len(c.Value) >= len(best) || !strings.HasPrefix(key(c.Value), start) {
			continue
		}
		if t, cut := normalize.Truncated(c.Value); !cut && (endsSentence(t) || c.Basis == "class") {
			best = t
		}
	}
	return best
}

// lastSentenceEnd is where the last sentence that ends within s ends, 0 when
// none does. A full stop behind a short word may be that of "Dr." or "z. B.".
func lastSentenceEnd(s string) int {
	end, word := 0, 0
	for i, r := range s {
		if unicode.IsLetter(r) || unicode.Is(unicode.M, r) {
			word++
			continue
		}
		after := i + utf8.RuneLen(r)
		stop := strings.ContainsRune("!?。！？؟।", r) || r == '.' && (word > 3 || word == 0)
		if stop && after < len(s) && sentenceEnd(s[i:]) == after-i {
			end = after
		}
		word = 0
	}
	return end
}

// endsSentence reports whether a text ends as sentences do.
func endsSentence(s string) bool {
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, "\"”’»)]“ "))
	return strings.ContainsRune(".!?。！？؟।", last)
}

// completed finds the rest of a text that was cut on the page itself, up to
// the end of the sentence.
func (e *extractor) completed(cut string) (string, bool) {
	start := key(clip(cut, 120))
	if len(start) < 20 {
		return "", false
	}
	for _, b := range e.v.blocks {
		if len(b.text) < len(cut) || !strings.HasPrefix(key(clip(b.text, 400)), start) {
			continue
		}
		if at := strings.Index(b.text, lastWords(cut)); at > 0 {
			at += len(lastWords(cut))
			rest := b.text[at:]
			if i := sentenceEnd(rest); i >= 0 {
				return b.text[:at+i], true
			}
			if len(rest) < maxLead {
				return b.text, true
			}
		}
	}
	return "", false
}

// completedTail is [extractor.completed] for a text that was cut within a word
// and whose last sentence begins another line of the page than the first one.
func (e *extractor) completedTail(cut string) (string, bool) {
	end := lastSentenceEnd(cut)
	if end == 0 {
		return "", false
	}
	last := strings.TrimSpace(cut[end:])
	whole, ok := e.completed(last)
	if rest := strings.TrimPrefix(whole, last); !ok || rest == whole || !startsWithLetter(rest) {
		return "", false
	}
	return cut[:end] + " " + whole, true
}

func startsWithLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r) || unicode.Is(unicode.M, r)
}

// lastWords are the end of a text, by which it is found again.
func lastWords(s string) string {
	i := max(0, len(s)-30)
	for i < len(s) && s[i]&0xc0 == 0x80 {
		i++
	}
	return s[i:]
}

// sentenceEnd is where the first sentence of s ends, -1 when it does not.
func sentenceEnd(s string) int {
	for i, r := range s {
		if strings.ContainsRune(".!?。！？؟।", r) {
			end := i + utf8.RuneLen(r)
			next, _ := utf8.DecodeRuneInString(s[end:])
			if end == len(s) || unicode.IsSpace(next) || strings.ContainsRune("\"”’»", next) || r > 0x3000 {
				return end
			}
		}
	}
	return -1
}
