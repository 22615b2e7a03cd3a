package crawler

import (
	"slices"

	"github.com/harvest87/harvest"
)

// identify derives the identity of a record of the source.
func (j *job) identify(nativeID, address string) harvest.RecordID {
	key, _ := j.Form(address)
	return harvest.NewRecordID(j.Source.ID, nativeID, key)
}

// identifyApart is the identity of a record whose address differs by a slash at
// its end, and by nothing else, from that of another document.
func (j *job) identifyApart(address string) harvest.RecordID {
	key, slash := j.Form(address)
	if slash {
		key += "/"
	}
	return harvest.NewRecordID(j.Source.ID, "", "="+key)
}

// same reports whether two addresses are one, but for a slash at their end.
func (j *job) same(a, b string) bool {
	keyA, _ := j.Form(a)
	keyB, _ := j.Form(b)
	return keyA == keyB
}

// sameButSlash reports whether two addresses are one, and differ by that slash.
func (j *job) sameButSlash(a, b string) bool {
	if a == b {
		return false
	}
	keyA, slashA := j.Form(a)
	keyB, slashB := j.Form(b)
	return keyA == keyB && slashA != slashB
}

// weighSlash looks at the page of an address that was met with and without a
// slash at its end. Two such addresses are one until their pages show two
// titles; then the one that comes second has an identity of its own, and keeps
// it in later runs. What the page shows is noted, so that addresses of a host
// at which the slash never matters need not be asked for twice.
func (c *committing) weighSlash(e *entry, v *visit, r *harvest.Record, canonical string) {
	apart := c.identifyApart(r.URL)
	if slices.Contains(v.facts.Records, apart) {
		r.ID = apart
		return
	}
	if c.sameButSlash(canonical, v.page.URL) {
		e.Slash = slashSame
		return
	}
	if !c.state.frontier.twins(v.page.URL) {
		return
	}
	switch same, known := c.state.claims.compare(r); {
	case known && same:
		e.Slash = slashSame
	case known:
		r.ID, e.Slash = apart, slashDiffers
	}
}
