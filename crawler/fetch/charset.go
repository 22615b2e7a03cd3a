package fetch

import (
	"bytes"
	"errors"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
)

// errReplacement is for the encodings that the standard forbids to decode.
var errReplacement = errors.New("the charset is one that must not be decoded")

// toUTF8 returns text in UTF-8 without a byte order mark, the name of the
// encoding that it had, and where that was found. What is not text is returned
// as it is, without a name.
//
// The encoding of HTML is the first found of byte order mark, header, meta and
// content (https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding);
// XML has its declaration in place of meta (RFC 7303 section 3); JSON and plain
// text are UTF-8 when they can be. Two liberties are taken with HTML: a meta
// after the first 1024 octets counts when nothing else speaks, and a header
// that claims UTF-8 gives way when the text cannot be that.
//
// When XML was in another encoding its declaration is changed to say UTF-8, so
// that no parser decodes it a second time.
func toUTF8(content []byte, contentType string) (text []byte, name, from string, err error) {
	kind := textKind(content, contentType)
	if kind == notText {
		return content, "", "", nil
	}
	valid := utf8.Valid(content)
	e, name, from := determine(content, contentType, kind, valid)
	if name == "replacement" {
		return nil, "", "", errReplacement
	}
	text = content
	if name != "utf-8" {
		if text, err = e.NewDecoder().Bytes(content); err != nil {
			return nil, "", "", err
		}
	}
	text = bytes.TrimPrefix(text, utf8BOM)
	if !(valid && name == "utf-8") && !utf8.Valid(text) {
		text = bytes.ToValidUTF8(text, []byte("\uFFFD"))
	}
	if kind == xmlText && name != "utf-8" {
		text = relabel(text)
	}
	return text, name, from, nil
}

// SavedText is the text of a file that was kept without the header it came with,
// in UTF-8, and the name of the encoding that it had; mediaType is what it is
// taken for. A file that is UTF-8 throughout is that, whatever its meta says:
// browsers save pages in another encoding than they got them in. All else is as
// for a page that is fetched, and what is not text comes back as it is.
func SavedText(content []byte, mediaType string) (text []byte, name string, err error) {
	if utf8.Valid(content) && !isASCII(content) {
		mediaType += "; charset=utf-8"
	}
	text, name, _, err = toUTF8(content, mediaType)
	return text, name, err
}

type kindOfText int

const (
	notText kindOfText = iota
	htmlText
	xmlText
	plainText // JSON, CSV, …
)

// textKind says how a body declares its encoding. Its first octets can only
// say that it is no text after all; the server's word decides the rest, and
// without one the octets do.
func textKind(content []byte, contentType string) kindOfText {
	if isBinary(content) {
		return notText
	}
	declared, _, _ := strings.Cut(contentType, ";")
	declared = strings.ToLower(strings.TrimSpace(declared))
	switch declared {
	case "", "application/octet-stream", "binary/octet-stream", "application/unknown", "unknown/unknown", "application/x-unknown-content-type":
		declared, _, _ = strings.Cut(http.DetectContentType(content), ";")
	}
	switch {
	case declared == "text/html":
		return htmlText
	case declared == "text/xml", declared == "application/xml", strings.HasSuffix(declared, "+xml"):
		return xmlText
	case strings.HasPrefix(declared, "text/"), declared == "application/json", strings.HasSuffix(declared, "+json"),
		declared == "application/javascript", declared == "application/x-ndjson", declared == "application/csv":
		return plainText
	}
	return notText
}

// magics begin files that are not text, whatever a server calls them: PDF,
// PostScript, Zip and what is made of it, OLE, gzip, bzip2, xz, zstd, 7-Zip,
// RAR, PNG, JPEG, GIF.
var magics = [][]byte{
	[]byte("%PDF-"), []byte("%!PS-"), []byte("PK\x03\x04"), []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
	[]byte("\x1F\x8B\x08"), []byte("BZh"), []byte("\xFD7zXZ\x00"), []byte("\x28\xB5\x2F\xFD"), []byte("7z\xBC\xAF\x27\x1C"),
	[]byte("Rar!\x1A\x07"), []byte("\x89PNG\r\n\x1A\n"), []byte("\xFF\xD8\xFF"), []byte("GIF8"),
}

func isBinary(content []byte) bool {
	head := content[:min(len(content), 64)]
	if bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(head, utf8BOM), " \t\r\n"), magics[0]) {
		return true // PDF readers allow for octets before the file
	}
	return slices.ContainsFunc(magics, func(m []byte) bool { return bytes.HasPrefix(head, m) })
}

var utf8BOM = []byte("\xEF\xBB\xBF")

func hasBOM(content []byte) bool {
	return bytes.HasPrefix(content, utf8BOM) || bytes.HasPrefix(content, []byte("\xFE\xFF")) || bytes.HasPrefix(content, []byte("\xFF\xFE"))
}

// Where an encoding is found, for people.
const (
	fromBOM         = "byte order mark"
	fromHeader      = "header"
	fromMeta        = "meta"
	fromDeclaration = "XML declaration"
	fromContent     = "content"
)

// isUsualType recognises the Content-Type of most pages, which then need not be
// taken apart.
func isUsualType(contentType string) bool {
	switch contentType {
	case "text/html; charset=utf-8", "text/html; charset=UTF-8", "text/html;charset=utf-8", "text/html;charset=UTF-8":
		return true
	}
	return false
}

// determine chooses the encoding of a text, which may be valid as UTF-8, and
// says where it found it.
func determine(content []byte, contentType string, kind kindOfText, valid bool) (e encoding.Encoding, name, from string) {
	if hasBOM(content) {
		e, name, _ := charset.DetermineEncoding(content, "")
		return e, name, fromBOM
	}
	if kind == plainText && valid {
		return encoding.Nop, "utf-8", fromContent
	}
	utf8Like := valid || mostlyUTF8(content)
	if e, name := headerCharset(contentType); e != nil && (name != "utf-8" || utf8Like) {
		return e, name, fromHeader
	}
	switch kind {
	case xmlText:
		e, name = declaredXML(content)
		from = fromDeclaration
	case htmlText:
		e, name = metaCharset(content)
		from = fromMeta
	}
	switch {
	case e != nil && (name != "utf-8" || utf8Like):
		return e, name, from
	case utf8Like && (kind != htmlText || !isASCII(content)):
		return encoding.Nop, "utf-8", fromContent
	}
	e, name = charset.Lookup("windows-1252")
	return e, name, fromContent
}

// headerCharset is the encoding that Content-Type names, nil when it names none
// that the standard knows.
func headerCharset(contentType string) (encoding.Encoding, string) {
	if isUsualType(contentType) {
		return encoding.Nop, "utf-8" // it is only ever looked at
	}
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil && params == nil {
		return nil, ""
	}
	e, name := charset.Lookup(params["charset"])
	return e, name
}

var xmlDeclaration = regexp.MustCompile(`^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._:-]*)["']`)

// declaredXML is the encoding that an XML declaration names.
func declaredXML(content []byte) (encoding.Encoding, string) {
	m := xmlDeclaration.FindSubmatch(content[:min(len(content), 1024)])
	if m == nil {
		return nil, ""
	}
	e, name := charset.Lookup(string(m[1]))
	if strings.HasPrefix(name, "utf-16") {
		return charset.Lookup("utf-8") // it could not be read as ASCII otherwise
	}
	return e, name
}

func relabel(text []byte) []byte {
	m := xmlDeclaration.FindSubmatchIndex(text[:min(len(text), 1024)])
	if m == nil {
		return text
	}
	return bytes.Join([][]byte{text[:m[2]], []byte("UTF-8"), text[m[3]:]}, nil)
}

// mostlyUTF8 reports whether a text that is not valid UTF-8 is meant to be: of
// its octets beyond ASCII most form characters.
func mostlyUTF8(content []byte) bool {
	good, bad := 0, 0
	for i := 0; i < len(content); {
		if content[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(content[i:])
		if r == utf8.RuneError && size == 1 {
			bad++
		} else {
			good++
		}
		i += size
	}
	return good >= bad
}

func isASCII(content []byte) bool {
	for _, c := range content {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
