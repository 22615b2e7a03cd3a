package crawler

import (
	"fmt"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/harvest87/harvest"
)

// A page may name another address as its canonical one. That is a claim: of
// templates that are wrong, whole sites name one page, or name each other in a
// circle, and whoever believes them loses documents. So the page is kept in a
// request for the canonical address ([harvest.Request.Alias]), and given up
// only when that address holds the same document and claims no other.

// tolerated is how many claims on one address may turn out wrong before
// further ones are not looked into.
const tolerated = 3

// claims is what a run knows of its records and of canonical addresses: workers
// ask, the committer tells. It is safe for concurrent use.
type claims struct {
	mu     sync.Mutex
	titles table[titleKey] // of the records of this run, by their identifiers
	wrong  map[urlKey]int  // saves requests; a run taken up again begins anew
}

// titleKey recognises a title; 0 is one that nobody has read in this run.
type titleKey uint64

func titleOf(r *harvest.Record) titleKey { return printKey(letters(r.Title)) }

// printKey recognises a text in 8 octets.
func printKey(text string) titleKey {
	return titleKey(keyOf(text))
}

func newClaims() *claims {
	return &claims{wrong: make(map[urlKey]int)}
}

func (c *claims) recorded(id harvest.RecordID, title titleKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.titles.set(keyOf(string(id)), title)
}

func (c *claims) disprove(id harvest.RecordID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wrong[keyOf(string(id))]++
}

func (c *claims) knows(id harvest.RecordID) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, ok := c.titles.get(keyOf(string(id)))
	return ok
}

// settled says of a claim on the record with that id, without a look at its
// page, whether it holds; known is false when the page must be looked at.
func (c *claims) settled(id harvest.RecordID, claimant *harvest.Record) (holds, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := keyOf(string(id))
	if title, _ := c.titles.get(key); title == titleOf(claimant) {
		return true, true
	}
	return false, c.wrong[key] >= tolerated
}

// conflicts reports whether that id belongs to a record with another title.
func (c *claims) conflicts(r *harvest.Record) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	title, _ := c.titles.get(keyOf(string(r.ID)))
	return title != 0 && title != titleOf(r)
}

// compare says whether the record of that identity has the same title as r;
// known is false when there is none, or nobody has read its title.
func (c *claims) compare(r *harvest.Record) (same, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	title, _ := c.titles.get(keyOf(string(r.ID)))
	return title == titleOf(r), title != 0
}

// claimed is the identity that a request for a canonical address is about.
func (j *job) claimed(req *harvest.Request) harvest.RecordID {
	return j.identify("", req.URL)
}

// judge decides about the claim of an alias request, from what came of its
// visit, and leaves in v the records that are to be written.
func (j *job) judge(v *visit) {
	claimant, page, id := *v.request.Card, v.page, j.claimed(&v.request)
	switch {
	case page.Outcome == harvest.NotFoundPage, page.Outcome == harvest.GonePage, page.Outcome == harvest.NoIndexed:
		v.parsed.Records = []harvest.Record{standAlone(claimant)}
	case page.Outcome != harvest.Fetched: // it may be there: the claim is believed
		v.parsed.Records = []harvest.Record{claimant}
	case len(v.parsed.Records) == 0: // the address holds no record at all
		v.parsed.Records = []harvest.Record{standAlone(claimant)}
	case j.holds(v, &claimant):
		if v.held = !j.state.claims.knows(id); !v.held { // recorded when its own turn came
			v.parsed.Records = nil
		}
		v.parsed.Events = append(v.parsed.Events, sameAs(&claimant, v.request.URL))
	default: // its record has been filled up from the claimant's: it is visited for itself
		j.state.claims.disprove(id)
		v.parsed.Records = []harvest.Record{standAlone(claimant)}
		v.parsed.Requests = []harvest.Request{{URL: v.request.URL, Kind: harvest.KindItem, Step: v.request.Step}}
		v.parsed.Notes = append(v.parsed.Notes, fmt.Sprintf("%s is named as the canonical address of other documents; it is not believed", v.request.URL))
	}
}

// holds reports whether what stands at a canonical address is the document
// that claims it, and claims no further address itself.
func (j *job) holds(v *visit, claimant *harvest.Record) bool {
	if j.same(v.page.URL, v.request.Alias) {
		return false // it leads back to the page that names it
	}
	found := &v.parsed.Records[0]
	if found.CanonicalURL != "" && !j.same(found.CanonicalURL, v.page.URL) && !j.same(found.CanonicalURL, v.request.URL) {
		return false
	}
	return sameDocument(found, claimant)
}

// sameDocument reports whether two pages describe one document: by title,
// where one may have more to say than the other, or by a file that both offer.
func sameDocument(a, b *harvest.Record) bool {
	for i := range a.Documents {
		for k := range b.Documents {
			if a.Documents[i].URL == b.Documents[k].URL {
				return true
			}
		}
	}
	short, long := letters(a.Title), letters(b.Title)
	if len(short) > len(long) {
		short, long = long, short
	}
	return short != "" && strings.Contains(long, short) && 2*utf8.RuneCountInString(short) >= utf8.RuneCountInString(long)
}

// letters are the letters and digits of a text, in lower case.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// standAlone gives up what a record says of its canonical address.
func standAlone(r harvest.Record) harvest.Record {
	r.CanonicalURL = r.URL
	return r
}

func sameAs(r *harvest.Record, canonical string) harvest.Event {
	return harvest.Event{Outcome: harvest.DuplicateRecord, URL: r.URL, Reason: "its canonical page is " + canonical}
}
