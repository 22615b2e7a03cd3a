package archive

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Entry says where one capture is: an answer, or the note that an answer was
// the same as one before (a revisit).
type Entry struct {
	URL  string
	Time time.Time // of the request, to the nanosecond
	// File is the name within the folder; Offset and Length are the record's, in octets.
	File           string
	Offset, Length int64
	// Revisit is true for an answer whose body stands elsewhere; Refers is then
	// the moment of the capture of the same address that has it.
	Revisit bool
	Refers  time.Time
	Status  int
	MIME    string
	// Digest is that of the body, such as "sha256:GEZDG…" in Base32.
	Digest string
	// Size is the body in octets, 0 for a revisit.
	Size int64

	key string
}

// line is an entry in CDXJ: key, moment, and the rest as JSON, with the field
// names of pywb (https://specs.webrecorder.net/cdxj/0.1.0/). Fields behind
// filename are ours.
type line struct {
	URL      string    `json:"url"`
	MIME     string    `json:"mime,omitempty"`
	Status   int       `json:"status,string"`
	Digest   string    `json:"digest,omitempty"`
	Length   int64     `json:"length,string"`
	Offset   int64     `json:"offset,string"`
	Filename string    `json:"filename"`
	Time     time.Time `json:"time"`
	Refers   time.Time `json:"refers,omitzero"`
	Size     int64     `json:"size,omitempty"`
}

// revisitType is what CDXJ has as the type of a revisit.
const revisitType = "warc/revisit"

// cdxTime is the moment to the second, as indexes have it.
const cdxTime = "20060102150405"

var errLine = errors.New("not a line of an index")

// appendLine adds the entry and a line end.
func (e *Entry) appendLine(b []byte) []byte {
	l := line{
		URL: e.URL, MIME: e.MIME, Status: e.Status, Digest: e.Digest, Length: e.Length, Offset: e.Offset,
		Filename: e.File, Time: e.Time.UTC(), Size: e.Size,
	}
	if e.Revisit {
		l.MIME, l.Refers = revisitType, e.Refers.UTC()
	}
	text, err := json.Marshal(l)
	if err != nil { // years beyond 9999, which readEntry does not let in
		return b
	}
	b = append(b, e.sortKey()...)
	b = append(b, ' ')
	b = e.Time.UTC().AppendFormat(b, cdxTime)
	b = append(b, ' ')
	b = append(b, text...)
	return append(b, '\n')
}

// parseLine reads what appendLine writes.
func parseLine(b []byte) (Entry, error) {
	key, rest, ok := bytes.Cut(b, []byte{' '})
	_, text, ok2 := bytes.Cut(rest, []byte{' '})
	var l line
	if !ok || !ok2 || json.Unmarshal(text, &l) != nil || l.Offset < 0 || l.Length < 0 {
		return Entry{}, errLine
	}
	e := Entry{
		URL: l.URL, Time: l.Time, File: l.Filename, Offset: l.Offset, Length: l.Length, Status: l.Status, MIME: l.MIME,
		Digest: l.Digest, Size: l.Size, Refers: l.Refers, key: string(key),
	}
	if l.MIME == revisitType {
		e.Revisit, e.MIME = true, ""
	}
	return e, nil
}

// sortKey is the address in the order of indexes.
func (e *Entry) sortKey() string {
	if e.key == "" {
		e.key = keyOf(e.URL)
	}
	return e.key
}

// compare orders entries by address, moment and place.
func (e *Entry) compare(o *Entry) int {
	if c := strings.Compare(e.sortKey(), o.sortKey()); c != 0 {
		return c
	}
	if c := e.Time.Compare(o.Time); c != 0 {
		return c
	}
	if c := strings.Compare(e.File, o.File); c != 0 {
		return c
	}
	return int(min(max(e.Offset-o.Offset, -1), 1))
}

// keyOf is an address with its host turned round (SURT), so that what belongs
// to one site stands together: org,example)/path?query. It has no spaces. Two
// addresses may share one; the entry has the address itself.
func keyOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return "-)" + plainKey(raw)
	}
	host := strings.ToLower(u.Hostname())
	if _, err := netip.ParseAddr(host); err != nil {
		labels := strings.Split(strings.TrimSuffix(host, "."), ".")
		slices.Reverse(labels)
		host = strings.Join(labels, ",")
	}
	if port := u.Port(); port != "" {
		host += ":" + port
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" || u.ForceQuery {
		path += "?" + u.RawQuery
	}
	return plainKey(host + ")" + path)
}

// plainKey writes octets that would break a line of an index as %XX.
func plainKey(s string) string {
	const hex = "0123456789ABCDEF"
	bad := func(c byte) bool { return c <= ' ' || c >= 0x7f }
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; bad(c) {
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
