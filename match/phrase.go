package match

import (
	"fmt"
	"strconv"
	"strings"
)

// brief cuts a text that stands in evidence.
func brief(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	return cut(s, most) + "…"
}

func percent(share float64) string { return fmt.Sprintf("%.0f %%", share*100) }

func yearText(year int) string {
	if year == 0 {
		return ""
	}
	return strconv.Itoa(year)
}

// wordsIn lists words that only one title has, those of each apart.
func wordsIn(a, b []term) string {
	list := func(terms []term) string {
		var words []string
		for _, t := range terms {
			words = append(words, t.word)
		}
		return brief(strings.Join(words, " "))
	}
	x, y := list(a), list(b)
	switch {
	case x == "":
		return y
	case y == "":
		return x
	}
	return x + " / " + y
}
