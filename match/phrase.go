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

// percent is a share, written when somebody reads it.
type percent float64

func (p percent) String() string { return fmt.Sprintf("%.0f %%", float64(p)*100) }

func yearText(year int) string {
	if year == 0 {
		return ""
	}
	return strconv.Itoa(year)
}

// onlyWords lists words that only one title has, those of each apart.
type onlyWords struct{ a, b []term }

func (w onlyWords) String() string {
	list := func(terms []term) string {
		var words []string
		for _, t := range terms {
			words = append(words, t.word)
		}
		return brief(strings.Join(words, " "))
	}
	x, y := list(w.a), list(w.b)
	switch {
	case x == "":
		return y
	case y == "":
		return x
	}
	return x + " / " + y
}
