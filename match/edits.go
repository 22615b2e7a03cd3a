package match

import "unicode/utf8"

// withinEdits reports whether at most n letters were added, left out, changed
// or exchanged with their neighbour to make b of a (the optimal string
// alignment distance). Words of more than 64 letters are only compared for
// equality.
func withinEdits(a, b string, n int) bool {
	if a == b {
		return true
	}
	const most = 64
	if utf8.RuneCountInString(a) > most || utf8.RuneCountInString(b) > most {
		return false
	}
	var x, y [most]rune
	la, lb := 0, 0
	for _, r := range a {
		x[la] = r
		la++
	}
	for _, r := range b {
		y[lb] = r
		lb++
	}
	if la-lb > n || lb-la > n {
		return false
	}
	var before, last, row [most + 1]int
	for j := range lb + 1 {
		last[j] = j
	}
	for i := 1; i <= la; i++ {
		row[0] = i
		least := i
		for j := 1; j <= lb; j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			d := min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d = min(d, before[j-2]+1)
			}
			row[j] = d
			least = min(least, d)
		}
		if least > n {
			return false
		}
		before, last = last, row
	}
	return last[lb] <= n
}
