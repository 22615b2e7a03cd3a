package match

import (
	"fmt"
	"math"
	"strings"
)

// Answer is what comparing two descriptions says.
type Answer string

// The three answers. Unsure is for a person to settle.
const (
	Same      Answer = "same"
	Unsure    Answer = "unsure"
	Different Answer = "different"
)

// Verdict is the answer with what speaks for and against it.
type Verdict struct {
	Answer Answer `json:"answer"`
	// Score is between 0 and 1: how sure it is that both describe one
	// document. It is 0 when something forbids it.
	Score float64 `json:"score"`
	// Reasons are in the order in which they were weighed.
	Reasons []Reason `json:"reasons"`
}

// Reason is one thing that speaks for (above 0) or against one document.
type Reason struct {
	Field  string  `json:"field"`
	Points float64 `json:"points"`
	Words  string  `json:"words"`
}

// Evidence writes the reasons as one line for people.
func (v Verdict) Evidence() string {
	var parts []string
	for _, r := range v.Reasons {
		parts = append(parts, r.Words)
	}
	return strings.Join(parts, "; ")
}

// Points are added up; from samePoints on the answer is the same, from
// unsurePoints on it is unsure. The points of each kind of evidence stand where
// they are given, in compare.go and compare_title.go.
const (
	samePoints   = 6.5
	unsurePoints = 4.75
)

// scoreOf is the logistic function that is 0.5 at 5.5 points and 0.81 at samePoints.
func scoreOf(points float64) float64 {
	const slope, middle = 1.465, 5.5
	s := 1 / (1 + math.Exp(-slope*(points-middle)))
	return math.Round(s*1000) / 1000
}

// judge weighs evidence. It writes words only when asked to explain, as most
// verdicts are read by nobody.
type judge struct {
	explain bool
	// recurs says how the title of both recurs.
	recurs recurrence
	points float64
	vetoed bool
	// doubtful is an objection that keeps the answer from being Same.
	doubtful bool
	// settled says that pages, text or identifiers tell which document it is.
	settled bool
	authors bool // they agree
	author  bool // one of them at least
	// inIssue says that an author, the year and the journal agree: of a column,
	// which one it is.
	inIssue bool
	// otherAuthors keeps the answer from being Same unless something settles it.
	otherAuthors bool
	reasons      []Reason
}

func (j *judge) addf(field string, points float64, format string, args ...any) {
	j.points += points
	if j.explain {
		j.reasons = append(j.reasons, Reason{field, math.Round(points*100) / 100, fmt.Sprintf(format, args...)})
	}
}

// veto says that the two cannot be one document.
func (j *judge) vetof(field, format string, args ...any) {
	j.vetoed = true
	j.addf(field, -20, format, args...)
}

func (j *judge) verdict() Verdict {
	v := Verdict{Answer: Different, Reasons: j.reasons}
	if j.vetoed {
		return v
	}
	v.Score = scoreOf(j.points)
	switch {
	case j.points >= samePoints && !j.doubtful:
		v.Answer = Same
	case j.points >= unsurePoints:
		v.Answer = Unsure
		if j.doubtful {
			v.Score = min(v.Score, scoreOf(samePoints-0.25))
		}
	}
	return v
}

// Compare says whether two descriptions are of one document, from what they
// say alone: it knows no other description, and its answer does not depend on
// which of the two comes first.
func Compare(a, b *Description) Verdict {
	return explain(entryOf(a), entryOf(b), once)
}

func explain(a, b *entry, r recurrence) Verdict {
	j := judge{explain: true, recurs: r}
	j.weigh(a, b)
	return j.verdict()
}
