package harvest

import "strings"

// Outcome is the one named way in which a URL or a record ends. The same type
// feeds the report, the log, the metrics and the pages. The list is closed:
// see [Outcomes].
type Outcome string

// How a URL ends.
const (
	Fetched           Outcome = "fetched"
	NotModified       Outcome = "not-modified"
	Skipped           Outcome = "skipped"
	Duplicate         Outcome = "duplicate"
	RobotsDenied      Outcome = "robots-denied"
	RobotsUnavailable Outcome = "robots-unavailable"
	OffScope          Outcome = "off-scope"
	BlockedAddress    Outcome = "blocked-address"
	InvalidURL        Outcome = "invalid-url"
	NoIndexed         Outcome = "noindex"
	Declined          Outcome = "declined"
	NotFoundPage      Outcome = "not-found"
	GonePage          Outcome = "gone"
	AccessDenied      Outcome = "access-denied"
	RateLimited       Outcome = "rate-limited"
	ClientError       Outcome = "client-error"
	ServerError       Outcome = "server-error"
	DNSError          Outcome = "dns-error"
	TLSError          Outcome = "tls-error"
	ConnectionError   Outcome = "connection-error"
	TimedOut          Outcome = "timeout"
	TooLarge          Outcome = "too-large"
	Incomplete        Outcome = "incomplete"
	BadEncoding       Outcome = "bad-encoding"
	RedirectLoop      Outcome = "redirect-loop"
	UnexpectedType    Outcome = "unexpected-type"
	Challenge         Outcome = "challenge"
	LoginRequired     Outcome = "login-required"
	ParseFailed       Outcome = "parse-failed"
	Panicked          Outcome = "panic"
	OverLimit         Outcome = "over-limit"
	NotArchived       Outcome = "not-archived"
	Trap              Outcome = "trap"
	Cancelled         Outcome = "cancelled"
)

// How a record ends.
const (
	NewRecord       Outcome = "new"
	ChangedRecord   Outcome = "changed"
	UnchangedRecord Outcome = "unchanged"
	DuplicateRecord Outcome = "duplicate-record"
	NoTitle         Outcome = "invalid-no-title"
	NoURL           Outcome = "invalid-no-url"
	InvalidRecord   Outcome = "invalid-record"
	Protected       Outcome = "protected"
	NotPublic       Outcome = "not-public"
	Withdrawn       Outcome = "withdrawn"
	GoneRecord      Outcome = "gone-record"
)

// How the reading of a document that a record offers ends. None of them says
// anything against its record.
const (
	DocumentRead      Outcome = "document-read"
	DocumentUnchanged Outcome = "document-unchanged"
	DocumentUnread    Outcome = "document-unread"
	DocumentNoText    Outcome = "document-no-text"
	DocumentEncrypted Outcome = "document-encrypted"
	DocumentDamaged   Outcome = "document-damaged"
	DocumentEmpty     Outcome = "document-empty"
	DocumentNotOne    Outcome = "document-not-one"
	DocumentTooLarge  Outcome = "document-too-large"
	DocumentRefused   Outcome = "document-refused"
	DocumentMissing   Outcome = "document-missing"
	DocumentOverLimit Outcome = "document-over-limit"
)

// Subject says what an outcome is about.
type Subject string

// The subjects.
const (
	SubjectPage   Subject = "page"
	SubjectRecord Subject = "record"
	// SubjectDocument is a file that a record offers, such as its PDF.
	SubjectDocument Subject = "document"
)

// Severity says how much attention an outcome wants.
type Severity int

// The severities.
const (
	// Fine is what a healthy run is made of.
	Fine Severity = iota
	// Notable is expected now and then: a missing page, a closed branch.
	Notable
	// Failing means that something which should have worked did not. A run
	// with failing outcomes is not whole.
	Failing
)

// OutcomeInfo describes one outcome.
type OutcomeInfo struct {
	Outcome  Outcome
	Subject  Subject
	Severity Severity
	// Means is one sentence for people.
	Means string
}

var outcomes = []OutcomeInfo{
	{Fetched, SubjectPage, Fine, "fetched whole"},
	{NotModified, SubjectPage, Fine, "the server says it has not changed (304)"},
	{Skipped, SubjectPage, Fine, "known to be unchanged, not asked for"},
	{Duplicate, SubjectPage, Fine, "another address of a page already seen in this run"},
	{Declined, SubjectPage, Notable, "refused as the door had reckoned with; it went on another way, or was at the end"},
	{NoIndexed, SubjectPage, Notable, "the page asks not to be indexed"},
	{RobotsDenied, SubjectPage, Notable, "robots.txt does not allow it"},
	{OffScope, SubjectPage, Notable, "outside the hosts or paths of the source"},
	{NotFoundPage, SubjectPage, Notable, "not there (404)"},
	{GonePage, SubjectPage, Notable, "removed for good (410)"},
	{UnexpectedType, SubjectPage, Notable, "not the kind of content that was asked for"},
	{InvalidURL, SubjectPage, Notable, "not a usable http(s) address"},
	{Trap, SubjectPage, Notable, "of a kind that has no end; not followed"},
	{NotArchived, SubjectPage, Notable, "read again from the archive, which does not have it"},
	{OverLimit, SubjectPage, Notable, "beyond a limit of the source"},
	{RobotsUnavailable, SubjectPage, Failing, "robots.txt could not be read, so nothing may be fetched yet"},
	{BlockedAddress, SubjectPage, Failing, "the name leads to an address that is not public"},
	{AccessDenied, SubjectPage, Failing, "the server refuses (401, 403)"},
	{RateLimited, SubjectPage, Failing, "the server says: too many requests (429)"},
	{ClientError, SubjectPage, Failing, "the server rejects the request (other 4xx)"},
	{ServerError, SubjectPage, Failing, "the server failed (5xx)"},
	{DNSError, SubjectPage, Failing, "the host name does not resolve"},
	{TLSError, SubjectPage, Failing, "no trusted secure connection"},
	{ConnectionError, SubjectPage, Failing, "the connection was refused or broke"},
	{TimedOut, SubjectPage, Failing, "took longer than allowed"},
	{TooLarge, SubjectPage, Failing, "larger than allowed"},
	{Incomplete, SubjectPage, Failing, "the body ended too early"},
	{BadEncoding, SubjectPage, Failing, "the body cannot be decompressed or decoded"},
	{RedirectLoop, SubjectPage, Failing, "too many redirects, or in a circle"},
	{Challenge, SubjectPage, Failing, "a challenge for people, not the page"},
	{LoginRequired, SubjectPage, Failing, "a login form, not the page"},
	{ParseFailed, SubjectPage, Failing, "the content could not be read"},
	{Panicked, SubjectPage, Failing, "our parser broke on it; please report it"},
	{Cancelled, SubjectPage, Failing, "stopped before it was done; the next run goes on with it"},
	{NewRecord, SubjectRecord, Fine, "recorded for the first time"},
	{ChangedRecord, SubjectRecord, Fine, "recorded with other content than before"},
	{UnchangedRecord, SubjectRecord, Fine, "still as recorded"},
	{DuplicateRecord, SubjectRecord, Fine, "another description of a record of this run"},
	{Protected, SubjectRecord, Notable, "behind a password, left alone"},
	{NotPublic, SubjectRecord, Notable, "not published, left alone"},
	{Withdrawn, SubjectRecord, Notable, "taken down on request, not recorded again"},
	{GoneRecord, SubjectRecord, Notable, "the source says that it no longer has it"},
	{NoTitle, SubjectRecord, Notable, "has no title, not recorded"},
	{NoURL, SubjectRecord, Notable, "has no address, not recorded"},
	{InvalidRecord, SubjectRecord, Failing, "breaks a rule of the catalogue, not recorded"},
	{DocumentRead, SubjectDocument, Fine, "read: size, hash, pages, language, title and the beginning of its text"},
	{DocumentUnchanged, SubjectDocument, Fine, "known from before and not changed, or not asked for yet again"},
	{DocumentUnread, SubjectDocument, Fine, "of a format whose text is not read; size, hash and type are known"},
	{DocumentNoText, SubjectDocument, Notable, "its first pages are pictures, without text"},
	{DocumentEncrypted, SubjectDocument, Notable, "locked with a password"},
	{DocumentDamaged, SubjectDocument, Notable, "cut short or broken, so that it cannot be read"},
	{DocumentEmpty, SubjectDocument, Notable, "a file with nothing in it"},
	{DocumentNotOne, SubjectDocument, Notable, "a web page or other text in the document's stead"},
	{DocumentTooLarge, SubjectDocument, Notable, "larger than documents.max_size of the source"},
	{DocumentRefused, SubjectDocument, Notable, "not for robots, or outside of the source"},
	{DocumentMissing, SubjectDocument, Notable, "could not be fetched"},
	{DocumentOverLimit, SubjectDocument, Notable, "beyond what a run may read of documents"},
}

// Outcomes lists every outcome in the order in which reports show them. The
// slice is a copy.
func Outcomes() []OutcomeInfo {
	return append([]OutcomeInfo(nil), outcomes...)
}

// Info describes the outcome. An unknown outcome is reported as failing, with
// its name as its meaning.
func (o Outcome) Info() OutcomeInfo {
	for _, info := range outcomes {
		if info.Outcome == o {
			return info
		}
	}
	return OutcomeInfo{Outcome: o, Subject: SubjectPage, Severity: Failing, Means: strings.ReplaceAll(string(o), "-", " ")}
}
