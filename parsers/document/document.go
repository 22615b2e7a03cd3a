package document

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
)

// Limits bound the reading of one document. A zero field takes its default.
type Limits struct {
	// Time is for the whole document: 20 s.
	Time time.Duration
	// TextPages are the pages whose text is looked at, from the first: 4.
	TextPages int
	// Part is the most that is read of one part of an office document, in
	// octets after decompression: 16 MiB.
	Part int64
}

func (l Limits) withDefaults() Limits {
	if l.Time <= 0 {
		l.Time = 20 * time.Second
	}
	if l.TextPages <= 0 {
		l.TextPages = 4
	}
	if l.Part <= 0 {
		l.Part = 16 << 20
	}
	return l
}

// Facts are what is known of a document. Text is clean in the sense of
// [harvest.Record]; what is not known is empty.
type Facts struct {
	MediaType string `json:"media_type,omitempty"` // RFC 6838, by the octets of the file
	Bytes     int64  `json:"bytes,omitempty"`
	SHA256    string `json:"sha256,omitempty"` // lower-case hex
	Pages     int    `json:"pages,omitempty"`  // 0 where the format has none or nobody counted them
	// Title is the first heading, or what the file says that its title is
	// where the text confirms that or has no heading. TitleFrom says which.
	Title     string `json:"title,omitempty"`
	TitleFrom string `json:"title_from,omitempty"`
	// Language is that of the text, and what the file declares.
	Language harvest.Language `json:"language,omitzero"`
	// Published is the date that stands on the first page, Modified when the
	// file was last changed by its own account.
	Published harvest.Date `json:"published,omitzero"`
	Modified  harvest.Date `json:"modified,omitzero"`
	// Lead is the beginning of the running text, or of the document's own
	// summary, of some sentences; Abstract says that it is the latter. LeadCut
	// says that a sentence did not end.
	Lead     string `json:"lead,omitempty"`
	Abstract bool   `json:"abstract,omitempty"`
	LeadCut  bool   `json:"lead_cut,omitempty"`
}

// Verdict is how the reading of a document ended.
type Verdict struct {
	// Outcome is one of those about documents.
	Outcome harvest.Outcome
	// Reason says more where the outcome is not [harvest.DocumentRead].
	Reason string
	// Passing says that it may end otherwise another time: the time was over,
	// or the reader could not be started.
	Passing bool
}

// text is what a format's reader finds.
type text struct {
	pages    int
	lines    []line // of the first pages
	title    string // as the file declares it
	language string
	modified harvest.Date
}

// Read reads a whole file. It never panics and returns when ctx ends or the
// time is over. The facts hold what could be learned whatever the verdict:
// size, hash and media type always. It keeps nothing of body.
func Read(ctx context.Context, body []byte, limits Limits) (Facts, Verdict) {
	limits = limits.withDefaults()
	started := error(nil)
	mediaType := Sniff(body)
	if mediaType == PDF { // that takes longer than a document may, once
		started = pdfEngine.start(ctx)
	}
	ctx, cancel := context.WithTimeout(ctx, limits.Time)
	defer cancel()
	sum := sha256.Sum256(body)
	facts := Facts{Bytes: int64(len(body)), SHA256: hex.EncodeToString(sum[:]), MediaType: mediaType}
	if started != nil {
		return facts, Verdict{Outcome: harvest.DocumentDamaged, Reason: started.Error(), Passing: true}
	}
	found, v := read(ctx, facts.MediaType, body, limits)
	facts.Pages, facts.Modified = found.pages, found.modified
	tell(&facts, &found)
	return facts, v
}

// read turns a panic into a finding.
func read(ctx context.Context, mediaType string, body []byte, limits Limits) (out text, v Verdict) {
	defer func() {
		if r := recover(); r != nil {
			out, v = text{}, Verdict{Outcome: harvest.DocumentDamaged, Reason: fmt.Sprintf("its reader broke on it: %v", r)}
		}
	}()
	switch mediaType {
	case "":
		return text{}, Verdict{Outcome: harvest.DocumentEmpty, Reason: "it has no octets"}
	case PDF:
		out, v = readPDF(ctx, body, limits)
	case DOCX, ODT:
		out, v = readOffice(ctx, mediaType, body, limits)
	case lockedOffice:
		return text{}, Verdict{Outcome: harvest.DocumentEncrypted, Reason: "an office document with a password"}
	case "text/html", "application/xhtml+xml", "text/plain", "text/xml", "application/json":
		return text{}, Verdict{Outcome: harvest.DocumentNotOne, Reason: "it is " + mediaType}
	default:
		return text{}, Verdict{Outcome: harvest.DocumentUnread, Reason: "text is not read of " + mediaType}
	}
	if v.Outcome == harvest.DocumentRead && !hasText(out.lines) {
		v = Verdict{Outcome: harvest.DocumentNoText, Reason: "no text on its first pages"}
	}
	return out, v
}

// tell draws conclusions from the text.
func tell(facts *Facts, found *text) {
	lines := found.lines
	markRunning(lines)
	heading := headingOf(lines)
	facts.Title, facts.TitleFrom = titleOf(heading, found.title, lines)
	running := prose(lines)
	facts.Language = normalize.Language(running, found.language)
	facts.Published = printedDate(lines, facts.Language.Value)
	facts.Lead, facts.Abstract, facts.LeadCut = leadOf(lines)
}

// hasText reports whether there is more than a page number and a stamp.
func hasText(lines []line) bool {
	letters := 0
	for i := range lines {
		letters += lines[i].letters()
	}
	return letters >= leastLetters
}

// leastLetters is what pages of text have at least. The stamp of a scanner, a
// bare page number or the name of a fax machine have less.
const leastLetters = 40
