package crawler

import (
	"context"
	"fmt"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
)

// spending is what was asked of a source.
type spending struct {
	requests int
	bytes    int64
	time     time.Duration
}

// add takes in what else was asked.
func (s *spending) add(more spending) {
	s.requests += more.requests
	s.bytes += more.bytes
	s.time += more.time
}

// exceeds says which part of a budget is used up, empty when none is.
func (s spending) exceeds(b config.Budget, key, period string) string {
	switch {
	case b.Requests > 0 && s.requests >= b.Requests:
		return fmt.Sprintf("%s.requests: %d requests%s", key, b.Requests, period)
	case b.Bytes > 0 && s.bytes >= b.Bytes:
		return fmt.Sprintf("%s.bytes: %s%s", key, humanize.IBytes(uint64(b.Bytes)), period)
	case b.Duration > 0 && s.time >= b.Duration:
		return fmt.Sprintf("%s.duration: %s%s", key, b.Duration, period)
	}
	return ""
}

// spent is what this run has asked for.
func (j *job) spent() spending {
	s := j.state
	return spending{requests: s.run.Requests, bytes: s.run.WireBytes, time: j.Now().Sub(s.run.StartedAt) - s.idle}
}

// today is what this run and others of the last 24 hours have asked for.
func (j *job) today() spending {
	s := j.spent()
	return spending{requests: s.requests + j.earlier.requests, bytes: s.bytes + j.earlier.bytes, time: s.time + j.earlier.time}
}

// countEarlier adds up the runs of the source that went on within the last 24
// hours. A run that began before counts whole; of one that was killed and never
// taken up again, only its beginning is known.
func (j *job) countEarlier(ctx context.Context) error {
	if j.Source.Limits.PerDay == (config.Budget{}) {
		return nil
	}
	runs, err := retry(ctx, j, func() ([]harvest.Run, error) { return j.Store.Runs(ctx, j.Source.ID, 0) })
	if err != nil {
		return fmt.Errorf("read earlier runs: %w", err)
	}
	now := j.Now()
	for i := range runs {
		r := &runs[i]
		end := r.EndedAt
		if end.IsZero() {
			end = r.StartedAt
		}
		if r.ID == j.ID || now.Sub(end) >= 24*time.Hour {
			continue
		}
		j.earlier.requests += r.Requests
		j.earlier.bytes += r.WireBytes
		if !r.EndedAt.IsZero() {
			j.earlier.time += r.EndedAt.Sub(r.StartedAt)
		}
	}
	return nil
}

// overLimit says which limit of the source has been reached.
func (j *job) overLimit() string {
	l := &j.Source.Limits
	if l.Pages > 0 && j.state.pages >= l.Pages { // the frontier hands out no more than that
		return fmt.Sprintf("limits.pages: %d pages", l.Pages)
	}
	if why := j.spent().exceeds(l.Budget, "limits", ""); why != "" {
		return why
	}
	return j.today().exceeds(l.PerDay, "limits.per_day", " within 24 hours")
}

// allowance is how many pages may be in work, of which each takes a request at
// least, so that a budget of requests is not overdrawn by more than redirects
// and retries; negative for any number.
func (j *job) allowance() int {
	left := -1
	for _, b := range []struct{ most, spent int }{
		{j.Source.Limits.Requests, j.spent().requests},
		{j.Source.Limits.PerDay.Requests, j.today().requests},
	} {
		if b.most > 0 && (left < 0 || b.most-b.spent < left) {
			left = max(b.most-b.spent, 0)
		}
	}
	return left
}
