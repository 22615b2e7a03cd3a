package sitetest

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Throttle answers 429 with a Retry-After in whole seconds to whoever comes
// sooner than every after the last request that was let through: the rate limit
// of most content delivery networks. With retryAfter false it does not say how
// long to wait, as many do.
func Throttle(every time.Duration, retryAfter bool, page http.Handler) http.Handler {
	var mu sync.Mutex
	var last time.Time
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		now := time.Now()
		wait := every - now.Sub(last)
		if last.IsZero() || wait <= 0 {
			last, wait = now, 0
		}
		mu.Unlock()
		switch {
		case wait == 0:
			page.ServeHTTP(w, r)
		case retryAfter:
			Busy(http.StatusTooManyRequests, fmt.Sprint(int((wait+time.Second-1)/time.Second))).ServeHTTP(w, r)
		default:
			Status(http.StatusTooManyRequests).ServeHTTP(w, r)
		}
	})
}

// BanAfter shows a page n times and answers 403 from then on: a firewall that
// has made up its mind.
func BanAfter(n int, page http.Handler) http.Handler {
	return Flaky(n, page, Status(http.StatusForbidden))
}

// OnlyFor shows a page to those whose User-Agent contains a text, and 403 to
// all others: sites that let browsers in, or a harvester that has asked.
func OnlyFor(agent string, page http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.UserAgent(), agent) {
			page.ServeHTTP(w, r)
			return
		}
		Status(http.StatusForbidden).ServeHTTP(w, r)
	})
}

// Outage answers 503 to everything from its begin to its end, and is out of the
// way otherwise.
type Outage struct {
	Handler http.Handler // what it shows while there is no outage

	on atomic.Bool
}

// ServeHTTP implements http.Handler.
func (o *Outage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if o.on.Load() {
		Status(http.StatusServiceUnavailable).ServeHTTP(w, r)
		return
	}
	o.Handler.ServeHTTP(w, r)
}

// Begin begins the outage, End ends it.
func (o *Outage) Begin() { o.on.Store(true) }

// End ends the outage.
func (o *Outage) End() { o.on.Store(false) }
