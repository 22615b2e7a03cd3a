package config

import "strings"

// nearest returns the known word that was most likely meant by word, or false
// when none is close: at most one slip for every three letters.
func nearest(word string, known []string) (string, bool) {
	const lettersPerSlip, mostSlips = 3, 3
	folded := strings.ToLower(word)
	best, bestSlips := "", mostSlips+1
	for _, k := range known {
		allowed := min(max(1, max(len(word), len(k))/lettersPerSlip), mostSlips)
		if slips := distance(folded, strings.ToLower(k)); slips <= allowed && slips < bestSlips {
			best, bestSlips = k, slips
		}
	}
	return best, best != ""
}

// didYouMean is the hint for an unknown word: the nearest known one, or else
// the list of all.
func didYouMean(word string, known []string) string {
	if near, ok := nearest(word, known); ok {
		return `did you mean "` + near + `"?`
	}
	return "known: " + strings.Join(known, ", ")
}

// distance counts the slips between two words: a letter too many, missing,
// wrong, or swapped with its neighbour (optimal string alignment). Long words
// are cut, for they are not slips of anything known.
func distance(a, b string) int {
	const longest = 64
	x, y := []rune(a), []rune(b)
	x, y = x[:min(len(x), longest)], y[:min(len(y), longest)]
	before, last := make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row := make([]int, len(y)+1)
		row[0] = i
		for j := 1; j <= len(y); j++ {
			wrong := last[j-1]
			if x[i-1] != y[j-1] {
				wrong++
			}
			row[j] = min(wrong, last[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(y)]
}

// DidYouMean is the hint for a word that is not among the known ones, for the
// command line: the nearest of them, or else all.
func DidYouMean(word string, known []string) string { return didYouMean(word, known) }
