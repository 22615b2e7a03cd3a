package match

import (
	"slices"
	"strconv"
	"strings"
)

// fingerprint is equal for entries that say the same in all that Compare reads,
// but for their keys.
func (e *entry) fingerprint() uint64 {
	parts := []string{e.language, e.date.Value, strconv.Itoa(e.year), e.volume, e.edition, strings.Join(e.isbn, " "), strings.Join(e.ids[:], "|")}
	for i := range e.titles {
		parts = append(parts, e.titles[i].key)
	}
	for i := range e.people {
		parts = append(parts, "person", strings.Join(e.people[i].words, " "), e.people[i].family)
	}
	parts = append(parts, "venue", strings.Join(e.venue.words, " "), "publisher", strings.Join(e.issuer.words, " "))
	parts = append(parts, "pages", strconv.Itoa(e.pages.first), strconv.Itoa(e.pages.last), "text", strconv.Itoa(e.text.size))
	parts = append(parts, "extent", strconv.Itoa(e.extent.pages), strconv.FormatInt(e.extent.octets, 10))
	h := hashOf(parts...)
	for _, x := range e.text.least {
		h = mix(h ^ uint64(x))
	}
	return h
}

// twinsOf are where an entry meets those that say exactly the same, however
// many they are: each is compared with the first of them only, so that a
// thousand repeats cost a thousand comparisons. A shared file or identifier
// makes up for what a short title lacks.
func twinsOf(e *entry) []uint64 {
	if len(e.titles) == 0 && e.text.size == 0 {
		return nil
	}
	out := []uint64{mix(e.twin ^ hashOf("twin"))}
	for _, k := range e.keys {
		if k.Method != URL && len(out) < 4 {
			out = append(out, mix(e.twin^hashOf("twin", k.String())))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
