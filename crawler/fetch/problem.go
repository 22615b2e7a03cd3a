package fetch

import (
	"time"

	"github.com/harvest87/harvest"
)

// problem is why there is no page: an outcome with its reason, carried as an
// error through net/http and Colly.
type problem struct {
	outcome harvest.Outcome
	reason  string
	// passing says that asking again soon may help.
	passing bool
	// unreachable says that there was no connection at all, which is no matter of
	// the page.
	unreachable bool
	// retryAfter is when asking again makes sense, 0 when nobody said.
	retryAfter time.Duration
}

func (p *problem) Error() string { return string(p.outcome) + ": " + p.reason }

func final(o harvest.Outcome, reason string) *problem {
	return &problem{outcome: o, reason: reason}
}

func passing(o harvest.Outcome, reason string) *problem {
	return &problem{outcome: o, reason: reason, passing: true}
}
