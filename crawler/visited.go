package crawler

import (
	"crypto/sha256"
	"encoding/binary"
	"net/url"

	"github.com/harvest87/harvest"
)

// urlKey recognises a URL, or the identifier of a record, in 8 octets. Among ten
// million the chance that any two have one key is below 1 in 10^5.
type urlKey uint64

func keyOf(s string) urlKey {
	sum := sha256.Sum256([]byte(s))
	return urlKey(max(binary.BigEndian.Uint64(sum[:]), 1)) // 0 is none
}

// marks say what has become of an address in its two forms: without a slash at
// its end, and with one.
type marks uint8

const (
	seenPlain marks = 1 << iota // pending or visited
	donePlain                   // visited
	seenSlash
	doneSlash
)

// address is how a request is recognised within a run.
type address struct {
	key   urlKey
	slash bool
}

func (a address) seen() marks {
	if a.slash {
		return seenSlash
	}
	return seenPlain
}

func (a address) done() marks { return a.seen() << 1 }

// address of a request. Discovery pages are told apart by their door's step,
// exact URL and form, so that a listing page may also be an item; a look at a
// canonical address belongs to the page that names it; everything else is
// known by its normal form.
func (f *frontier) address(r *harvest.Request) address {
	if r.Kind == harvest.KindDiscovery {
		key := "discovery\x00" + r.Step + "\x00" + r.URL
		if r.Form != "" {
			key += "\x00" + r.Form
		}
		return address{key: keyOf(key)}
	}
	if r.Alias != "" {
		from, _ := f.form(r.Alias)
		to, _ := f.form(r.URL)
		return address{key: keyOf("alias\x00" + from + "\x00" + to)}
	}
	return f.addressOf(r.URL)
}

func (f *frontier) addressOf(raw string) address {
	key, slash := f.form(raw)
	return address{key: keyOf(key), slash: slash}
}

func hostOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return bareHost(u)
}

// visited is the set of addresses that a run has met, and what it has learned
// of slashes at their ends. An address is known by both forms together until
// both are met: then the site's own habit decides, once it has shown one.
type visited struct {
	marks  table[marks]
	habits map[string]habit // by host
}

// habit is how often a host has shown that an address with a slash at its end
// is the same page as the one without, and how often that it is another.
type habit struct{ same, differ int }

// convincing is how often a host must have shown that the slash does not
// matter before it is believed.
const convincing = 2

func newVisited() visited {
	return visited{habits: make(map[string]habit)}
}

// knows reports whether the page of a request has been met: at this form of its
// address, or at the other where the host has shown that this is the same.
func (v *visited) knows(a address, r *harvest.Request) bool {
	m, ok := v.marks.get(a.key)
	if !ok || m&a.seen() != 0 {
		return ok
	}
	return v.indifferent(r)
}

// indifferent reports whether the host of a request has shown that the slash
// does not matter.
func (v *visited) indifferent(r *harvest.Request) bool {
	h := v.habits[hostOf(r.URL)]
	return h.same >= convincing && h.differ == 0
}

// see marks an address as met, and reports whether it was not.
func (v *visited) see(a address) bool {
	m, _ := v.marks.get(a.key)
	v.marks.set(a.key, m|a.seen())
	return m&a.seen() == 0
}

// finish marks an address as visited, and reports whether it was met but not
// visited before.
func (v *visited) finish(a address) bool {
	m, _ := v.marks.get(a.key)
	v.marks.set(a.key, m|a.seen()|a.done())
	return m&a.seen() != 0 && m&a.done() == 0
}

func (v *visited) finished(a address) bool {
	m, _ := v.marks.get(a.key)
	return m&a.done() != 0
}

// twins reports whether an address was met in both its forms.
func (v *visited) twins(a address) bool {
	const both = seenPlain | seenSlash
	m, _ := v.marks.get(a.key)
	return m&both == both
}

// learn takes in what a host has shown of the slash.
func (v *visited) learn(host string, shown slash) {
	h := v.habits[host]
	switch shown {
	case slashSame:
		h.same++
	case slashDiffers:
		h.differ++
	default:
		return
	}
	v.habits[host] = h
}

// slash is what one page has shown of a slash at the end of an address.
type slash int8

const (
	slashUnknown slash = 0
	slashSame    slash = 1
	slashDiffers slash = -1
)

// seen reports whether an item page with that URL is visited or pending.
func (f *frontier) seen(raw string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	a := f.addressOf(raw)
	m, _ := f.visited.marks.get(a.key)
	return m&a.seen() != 0
}

// twins reports whether a URL was met with and without a slash at its end.
func (f *frontier) twins(raw string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.visited.twins(f.addressOf(raw))
}

// learn takes in what the page at a URL has shown of the slash.
func (f *frontier) learn(raw string, shown slash) {
	if shown == slashUnknown {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.visited.learn(hostOf(raw), shown)
}

// fresh returns those of the requests that are neither visited nor pending nor
// in batch, where it notes them. It changes nothing else.
func (f *frontier) fresh(requests []harvest.Request, batch map[address]bool) []harvest.Request {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []harvest.Request
	for i := range requests {
		a := f.address(&requests[i])
		other := address{key: a.key, slash: !a.slash}
		if f.visited.knows(a, &requests[i]) || batch[a] || batch[other] && f.visited.indifferent(&requests[i]) {
			continue
		}
		batch[a] = true
		out = append(out, requests[i])
	}
	return out
}

// markVisited notes a URL that was reached by a redirect.
func (f *frontier) markVisited(raw string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.visited.see(f.addressOf(raw))
}
