package document

import (
	"archive/zip"
	"bytes"
	"mime"
	"net/http"
	"strings"
)

// The media types that are read.
const (
	PDF  = "application/pdf"
	DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	ODT  = "application/vnd.oasis.opendocument.text"
)

// lockedOffice is an Office Open XML document with a password, which is not a
// ZIP archive but a compound file that holds one ([MS-OFFCRYPTO] section 2.3).
const lockedOffice = "application/encrypted"

// headerWithin is where in a file the header of a PDF may stand, in octets
// (Adobe's implementation note 13 on PDF 1.7). What comes before is mostly what
// a script of the server said too much.
const headerWithin = 1024

// Sniff says what a file is by its octets, empty when there are none. What it
// does not know is application/octet-stream.
func Sniff(body []byte) string {
	trimmed := bytes.TrimLeft(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")), "\x00\t\n\f\r ")
	switch {
	case len(trimmed) == 0:
		return ""
	case trimmed[0] == '<' && http.DetectContentType(trimmed) != "application/octet-stream":
		return bare(http.DetectContentType(trimmed))
	case bytes.Contains(body[:min(len(body), headerWithin)], []byte("%PDF-")):
		return PDF
	case bytes.HasPrefix(body, []byte("PK\x03\x04")):
		return sniffZIP(body)
	case bytes.HasPrefix(body, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return sniffCompound(body)
	case bytes.HasPrefix(body, []byte(`{\rtf`)):
		return "application/rtf"
	case trimmed[0] == '{' || trimmed[0] == '[':
		return "application/json"
	}
	return bare(http.DetectContentType(body))
}

// bare is a media type without its parameters.
func bare(t string) string {
	if plain, _, err := mime.ParseMediaType(t); err == nil {
		return plain
	}
	return t
}

// sniffZIP tells the documents that are ZIP archives apart. OpenDocument and
// EPUB say what they are in a first member that is not compressed (OpenDocument
// 1.3 part 2 section 3.3); Office Open XML by the folder of its main part.
func sniffZIP(body []byte) string {
	const at = 30 // octets of the header before the member's name
	if head := body[:min(len(body), 200)]; len(head) > at && bytes.HasPrefix(head[at:], []byte("mimetype")) {
		rest := head[at+len("mimetype"):]
		for _, t := range []string{
			ODT, "application/vnd.oasis.opendocument.spreadsheet", "application/vnd.oasis.opendocument.presentation", "application/epub+zip",
		} {
			if bytes.HasPrefix(rest, []byte(t)) {
				return t
			}
		}
	}
	r, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil { // a part of one; what stands in the local headers must do
		for folder, t := range officeFolders {
			if bytes.Contains(body, []byte(folder)) {
				return t
			}
		}
		return "application/zip"
	}
	for _, f := range r.File {
		for folder, t := range officeFolders {
			if strings.HasPrefix(f.Name, folder) {
				return t
			}
		}
	}
	return "application/zip"
}

var officeFolders = map[string]string{
	"word/": DOCX,
	"xl/":   "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"ppt/":  "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}

// sniffCompound tells the files of Microsoft Office before 2007 apart by the
// names of their streams, which are in UTF-16 ([MS-CFB] section 2.6.1).
func sniffCompound(body []byte) string {
	for _, s := range []struct{ stream, mediaType string }{
		{"EncryptedPackage", lockedOffice},
		{"WordDocument", "application/msword"},
		{"Workbook", "application/vnd.ms-excel"},
		{"PowerPoint Document", "application/vnd.ms-powerpoint"},
	} {
		var wide []byte
		for _, c := range []byte(s.stream) {
			wide = append(wide, c, 0)
		}
		if bytes.Contains(body, wide) {
			return s.mediaType
		}
	}
	return "application/x-ole-storage"
}
