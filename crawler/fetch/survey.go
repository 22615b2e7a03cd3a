package fetch

import (
	"bytes"
	"strings"
)

// Bounds of a thin page: one that could be a challenge or a login form. A page
// with more to read or more to click is neither, whatever it mentions.
const (
	maxThinLetters = 2000
	maxThinLinks   = 40
	maxThinCode    = 128 << 10 // octets of scripts and tags that are looked through
	maxThinPage    = 1 << 20   // octets
)

// thinPage is what a page with little to read consists of. The texts are in
// lower case with single spaces.
type thinPage struct {
	title, heading string
	text           string // what a reader sees
	code           string // tags, scripts and comments: what a reader does not see
	letters        int
	outside        int // letters outside forms, headers, footers, menus and asides
	passwords      int // fields for a password
	article        bool
}

// survey reads a page of HTML as far as it must to see that it is not thin, and
// returns nil, or else the whole of it.
func survey(content []byte) *thinPage {
	if len(content) > maxThinPage || !isThin(content) {
		return nil
	}
	s := surveyor{content: content}
	s.run()
	return &thinPage{
		title:     fold(s.title),
		heading:   fold(s.heading),
		text:      fold(s.text),
		code:      strings.ToLower(string(s.code)),
		letters:   s.letters,
		outside:   s.outside,
		passwords: s.passwords,
		article:   s.article,
	}
}

// isThin counts letters between tags and links, and nothing else, for most pages
// have more than enough of them at once.
func isThin(content []byte) bool {
	letters, links := 0, 0
	for len(content) > 0 {
		open := bytes.IndexByte(content, '<')
		if open < 0 {
			open = len(content)
		}
		for _, c := range content[:open] {
			letters += int(letterTable[c])
		}
		content = content[open:]
		if len(content) > 2 && content[1]|0x20 == 'a' && isBlank(content[2]) {
			links++
		}
		if letters > maxThinLetters || links > maxThinLinks {
			return false
		}
		content = pastTag(content)
	}
	return true
}

// pastTag is what follows a tag, together with the script, style or comment
// that it begins.
func pastTag(rest []byte) []byte {
	end := 0
	switch {
	case len(rest) < 4:
		return nil
	case rest[1] == '!' && rest[2] == '-' && rest[3] == '-':
		end = bytes.Index(rest, []byte("-->"))
	case rest[1]|0x20 == 's' && hasName(rest[1:], "script"):
		end = closing(rest, "script")
	case rest[1]|0x20 == 's' && hasName(rest[1:], "style"):
		end = closing(rest, "style")
	case !isLetter(rest[1]) && rest[1] != '/' && rest[1] != '!' && rest[1] != '?':
		return rest[1:]
	}
	if end < 0 {
		return nil
	}
	if tag := bytes.IndexByte(rest[end:], '>'); tag >= 0 {
		return rest[end+tag+1:]
	}
	return nil
}

func hasName(rest []byte, name string) bool {
	return len(rest) > len(name) && strings.EqualFold(string(rest[:len(name)]), name) && !isNameByte(rest[len(name)])
}

// letterTable counts octets that are letters of ASCII or begin another character.
var letterTable = func() (table [256]uint8) {
	for c := range table {
		if isLetter(byte(c)) || c >= 0xC0 {
			table[c] = 1
		}
	}
	return table
}()

func fold(b []byte) string {
	text := strings.NewReplacer("&nbsp;", " ", "&amp;", "&", "&#39;", "'", "&#x27;", "'", "’", "'", "…", "...").Replace(string(b))
	return strings.ToLower(strings.Join(strings.Fields(text), " "))
}

// surveyor walks over tags without building a tree. It need not be right about
// broken HTML, only quick about long pages and never lost.
type surveyor struct {
	content              []byte
	title, heading, text []byte
	code                 []byte
	letters, outside     int
	passwords            int
	article              bool
	frame                int // open forms, headers and the like
}

func (s *surveyor) run() {
	rest := s.content
	for len(rest) > 0 {
		open := bytes.IndexByte(rest, '<')
		if open < 0 {
			open = len(rest)
		}
		s.read(rest[:open])
		rest = s.markup(rest[open:])
	}
}

// read takes in text.
func (s *surveyor) read(text []byte) {
	n := 0
	for _, c := range text {
		n += int(letterTable[c])
	}
	s.letters += n
	if s.frame == 0 {
		s.outside += n
	}
	if n > 0 {
		s.text = append(append(s.text, text...), ' ')
	}
}

func (s *surveyor) see(code []byte) {
	if room := maxThinCode - len(s.code); room > 0 {
		s.code = append(s.code, code[:min(len(code), room)]...)
	}
}

// markup takes in what begins with "<", and returns what follows it.
func (s *surveyor) markup(rest []byte) []byte {
	if len(rest) == 0 {
		return nil
	}
	if bytes.HasPrefix(rest, []byte("<!--")) {
		return s.skip(rest, bytes.Index(rest, []byte("-->")))
	}
	name, closes := tagName(rest)
	if name == "" {
		if len(rest) == 1 || rest[1] != '!' && rest[1] != '?' {
			return rest[1:]
		}
	}
	end := bytes.IndexByte(rest, '>') + 1
	if end == 0 {
		s.see(rest)
		return nil
	}
	tag := rest[:end]
	s.see(tag)
	if closes {
		s.close(name)
		return rest[end:]
	}
	return s.open(name, tag, rest[end:])
}

// skip takes in code up to an end, or to the end of the page.
func (s *surveyor) skip(rest []byte, end int) []byte {
	if end < 0 {
		end = len(rest)
	}
	s.see(rest[:end])
	return rest[end:]
}

// frames are elements whose text is not what a page is about.
var frames = map[string]bool{"form": true, "header": true, "nav": true, "footer": true, "aside": true, "dialog": true}

func (s *surveyor) open(name string, tag, rest []byte) []byte {
	switch name {
	case "script", "style":
		return s.skip(rest, closing(rest, name))
	case "title":
		if s.title == nil {
			s.title = append([]byte{}, inner(rest, name)...)
			return rest[max(closing(rest, name), 0):]
		}
	case "h1", "h2":
		if s.heading == nil {
			s.heading = inner(rest, name)
		}
	case "article":
		s.article = true
	case "meta":
		lower := bytes.ToLower(tag)
		s.article = s.article || bytes.Contains(lower, []byte("og:type")) && bytes.Contains(lower, []byte("article"))
	case "input":
		lower := strings.NewReplacer(`"`, "", `'`, "", " ", "").Replace(strings.ToLower(string(tag)))
		if strings.Contains(lower, "type=password") {
			s.passwords++
		}
	}
	if frames[name] {
		s.frame++
	}
	return rest
}

func (s *surveyor) close(name string) {
	if frames[name] && s.frame > 0 {
		s.frame--
	}
}

// tagName is the name of a tag in lower case, empty when "<" begins none.
func tagName(rest []byte) (name string, closes bool) {
	i := 1
	if i < len(rest) && rest[i] == '/' {
		closes = true
		i++
	}
	start := i
	for i < len(rest) && i-start < 10 && isNameByte(rest[i]) {
		i++
	}
	if i == start || rest[start] >= '0' && rest[start] <= '9' {
		return "", closes
	}
	return strings.ToLower(string(rest[start:i])), closes
}

func isNameByte(c byte) bool {
	return isLetter(c) || c >= '0' && c <= '9'
}

// closing finds the end of an element, which a page writes in lower or upper case.
func closing(rest []byte, name string) int {
	lower := bytes.Index(rest, []byte("</"+name))
	before := rest
	if lower >= 0 {
		before = rest[:lower]
	}
	if upper := bytes.Index(before, []byte("</"+strings.ToUpper(name))); upper >= 0 {
		return upper
	}
	return lower
}

// maxHeading is how long a title or heading may be, tags included.
const maxHeading = 1000

// inner is the text of an element that has just been opened, without the tags
// in it, nil when the element does not end soon.
func inner(rest []byte, name string) []byte {
	end := closing(rest[:min(len(rest), maxHeading)], name)
	if end < 0 {
		return nil
	}
	var out []byte
	for html := rest[:end]; len(html) > 0; {
		open := bytes.IndexByte(html, '<')
		if open < 0 {
			return append(out, html...)
		}
		out = append(append(out, html[:open]...), ' ')
		end := bytes.IndexByte(html[open:], '>')
		if end < 0 {
			break
		}
		html = html[open+end+1:]
	}
	return out
}
