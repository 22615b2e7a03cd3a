package harvest

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"
)

// Withdrawal is a take-down: the catalogue has nothing of the record's content
// any more, and takes it in again under none of its names.
type Withdrawal struct {
	Record RecordID  `json:"record" bson:"_id"`
	Source SourceID  `json:"source" bson:"source"`
	Author string    `json:"author" bson:"author"`
	Reason string    `json:"reason" bson:"reason"`
	At     time.Time `json:"at" bson:"at"`
	// Names are what the record is recognised by, see [WithdrawalNames]; Title is
	// the digest of its title in the same form. They tell nothing of what they
	// were made from.
	Names []string `json:"names" bson:"names"`
	Title string   `json:"title_digest,omitempty" bson:"title_digest,omitempty"`
}

// The fields of a record that was taken down, where a store wants them filled.
// The domain can never be one (RFC 2606, section 2).
const (
	WithdrawnTitle = "[taken down]"
	WithdrawnURL   = "https://withdrawn.invalid/"
)

// WithdrawalNames are digests of all by which a record can come again: its
// native identifier, its addresses and those by which it was reached, however
// they are written.
func WithdrawalNames(r *Record) []string {
	var out []string
	if r.NativeID != "" {
		out = append(out, nativeName(r))
	}
	for _, a := range append([]string{r.URL, r.CanonicalURL}, r.Reached...) {
		if a != "" {
			out = append(out, addressName(a))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// NewWithdrawal is the take-down of a record as it stands.
func NewWithdrawal(r *Record, author, reason string, at time.Time) Withdrawal {
	return Withdrawal{
		Record: r.ID, Source: r.Source, Author: author, Reason: reason, At: at.UTC().Truncate(time.Millisecond),
		Names: WithdrawalNames(r), Title: titleDigest(r.Title),
	}
}

// Bars reports whether the record is the one that was taken down, and returns
// the names that it has besides those that are known: they are to be added. A
// name is added only when the native identifier or the title says as well that
// it is the same document, because an address that was taken down may lead to
// the home page one day.
func (w *Withdrawal) Bars(r *Record) (barred bool, further []string) {
	names := WithdrawalNames(r)
	barred = r.ID == w.Record || slices.ContainsFunc(names, func(n string) bool { return slices.Contains(w.Names, n) })
	if !barred {
		return false, nil
	}
	sure := r.ID == w.Record || r.NativeID != "" && slices.Contains(w.Names, nativeName(r)) || titleDigest(r.Title) == w.Title
	if sure {
		further = slices.DeleteFunc(names, func(n string) bool { return slices.Contains(w.Names, n) })
	}
	return true, further
}

// Tombstone is what stays of a record that was taken down.
func (w *Withdrawal) Tombstone(r *Record) Record {
	return Record{
		ID: r.ID, Source: r.Source, URL: WithdrawnURL, Title: WithdrawnTitle, State: StateWithdrawn,
		FirstSeen: r.FirstSeen, LastSeen: r.LastSeen, FirstRun: r.FirstRun,
		LastChanged: latest(w.At, r.LastChanged), Revision: r.Revision + 1,
	}
}

// Epitaph is the only revision that the history of a record has that was
// taken down.
func (w *Withdrawal) Epitaph(tombstone *Record) Revision {
	return Revision{
		Record: w.Record, Number: tombstone.Revision, From: tombstone.LastChanged, Author: w.Author, Reason: w.Reason,
		Changes: []FieldChange{{Field: "state", New: encode(StateWithdrawn)}},
	}
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func nameDigest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:])
}

func nativeName(r *Record) string { return nameDigest("native", string(r.Source), r.NativeID) }

func titleDigest(title string) string {
	return nameDigest("title", strings.ToLower(strings.Join(strings.Fields(title), " ")))
}

// addressName is one name for all spellings of an address: without scheme,
// "www.", default port, trailing slash, index page, fragment and the order of
// parameters.
func addressName(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nameDigest("address", address)
	}
	host := strings.TrimPrefix(strings.TrimSuffix(strings.ToLower(u.Hostname()), "."), "www.")
	if port := u.Port(); port != "" && port != "80" && port != "443" {
		host += ":" + port
	}
	where := strings.TrimRight(u.EscapedPath(), "/")
	if base := strings.ToLower(path.Base(where)); strings.HasPrefix(base, "index.") || strings.HasPrefix(base, "default.") {
		where = strings.TrimRight(path.Dir(where), "/")
	}
	return nameDigest("address", host+where, u.Query().Encode())
}
