package match

import (
	"slices"
)

// A sketch stands for the set of pieces ("shingles") of a text: the smallest
// of their hashes. How many two sketches share estimates how much the texts
// share (Broder, "On the resemblance and containment of documents", 1997).
type sketch struct {
	least []uint32 // sorted, at most sketchSize
	size  int      // how many different shingles the text has
}

const (
	sketchSize = 96
	// shingle is how many words make a piece of a text.
	shingle = 3
	// maxTextBytes bounds what is read of a summary or text.
	maxTextBytes = 32 << 10
)

// hashOf is FNV-1a over the strings with a separator behind each, mixed so that
// all bits depend on all octets. It is stable: stores keep what it gives.
func hashOf(parts ...string) uint64 {
	h := uint64(14695981039346656037)
	for _, s := range parts {
		for i := range len(s) {
			h = (h ^ uint64(s[i])) * 1099511628211
		}
		h = (h ^ 0xff) * 1099511628211
	}
	return mix(h)
}

// mix is the finaliser of splitmix64 (Steele, Lea, Flood: "Fast splittable
// pseudorandom number generators", 2014).
func mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// textShingles are the hashes of the pieces of a text, sorted, each once. A text of
// less than minSummaryWords words has none.
func textShingles(text string) []uint64 {
	words := wordsOf(cut(text, maxTextBytes))
	if len(words) < minSummaryWords {
		return nil
	}
	out := make([]uint64, 0, len(words))
	for i := 0; i+shingle <= len(words); i++ {
		out = append(out, hashOf(words[i:i+shingle]...))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// titleShingles are the hashes of the runs of four characters of a title's
// words.
func titleShingles(key string) []uint64 {
	runes := []rune(" " + key + " ")
	const n = 4
	var out []uint64
	for i := 0; i+n <= len(runes); i++ {
		h := uint64(0)
		for _, r := range runes[i : i+n] {
			h = h<<16 ^ h>>48 ^ uint64(r)
		}
		out = append(out, mix(h))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func newSketch(shingles []uint64) sketch {
	s := sketch{size: len(shingles)}
	for _, h := range shingles[:min(len(shingles), sketchSize)] {
		s.least = append(s.least, uint32(h>>32))
	}
	return s
}

// overlap estimates which share of the pieces of the two together both have
// (resemblance), and which share of those of the smaller one (containment).
func (s *sketch) overlap(o *sketch) (resemblance, containment float64) {
	if s.size == 0 || o.size == 0 {
		return 0, 0
	}
	most := min(sketchSize, max(len(s.least), len(o.least)))
	shared, union, i, j := 0, 0, 0, 0
	for union < most && (i < len(s.least) || j < len(o.least)) {
		union++
		switch {
		case j == len(o.least) || i < len(s.least) && s.least[i] < o.least[j]:
			i++
		case i == len(s.least) || o.least[j] < s.least[i]:
			j++
		default:
			shared++
			i++
			j++
		}
	}
	if s.size <= sketchSize && o.size <= sketchSize { // both whole: count all
		for i < len(s.least) && j < len(o.least) {
			switch {
			case s.least[i] < o.least[j]:
				i++
			case o.least[j] < s.least[i]:
				j++
			default:
				shared++
				i++
				j++
			}
		}
		union = s.size + o.size - shared
	}
	resemblance = float64(shared) / float64(union)
	both := resemblance / (1 + resemblance) * float64(s.size+o.size)
	return resemblance, min(1, both/float64(min(s.size, o.size)))
}

// bands makes keys of a set for locality-sensitive hashing: two sets share a
// key with a probability that rises steeply with what they have in common
// (Leskovec, Rajaraman, Ullman: "Mining of Massive Datasets", §3.4). Sets of
// which s is common share one of b keys of r rows with 1-(1-s^r)^b.
func bands(kind string, shingles []uint64, b, r int) []uint64 {
	if len(shingles) == 0 {
		return nil
	}
	out := make([]uint64, 0, b)
	for band := range b {
		key := hashOf(kind) + uint64(band)
		for row := range r {
			seed := mix(uint64(band*64+row) + 0x9e3779b97f4a7c15)
			least := ^uint64(0)
			for _, h := range shingles {
				least = min(least, (h^seed)*0xff51afd7ed558ccd)
			}
			key = mix(key ^ least)
		}
		out = append(out, key)
	}
	return out
}
