package oai_test

import (
	"cmp"
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/exporttest"
	"github.com/harvest87/harvest/sinks/oai"
)

// memory is a catalogue that keeps to the contract of Changed.
type memory struct {
	records map[harvest.RecordID]harvest.Record
	fail    error
	most    int // records that were given at once
}

func (m *memory) put(at time.Time, records ...harvest.Record) {
	for _, r := range records {
		if r.State == "" {
			r.State = harvest.StateActive
		}
		r.LastChanged = at
		m.records[r.ID] = r
	}
}

func (m *memory) Record(_ context.Context, id harvest.RecordID) (harvest.Record, error) {
	r, ok := m.records[id]
	if !ok {
		return r, fmt.Errorf("%s: %w", id, harvest.ErrNotFound)
	}
	return r, m.fail
}

func (m *memory) Changed(_ context.Context, q harvest.Changes) ([]harvest.Record, error) {
	var out []harvest.Record
	for _, r := range m.records {
		gone := r.State == harvest.StateWithdrawn
		at := harvest.ChangePlace{At: r.LastChanged, Record: r.ID}
		if r.LastChanged.Before(q.Since) || !q.Before.IsZero() && !r.LastChanged.Before(q.Before) || order(at, q.Behind) <= 0 ||
			q.Source != "" && r.Source != q.Source || q.Category != "" && r.Category != q.Category && !gone ||
			q.Topic != "" && !slices.Contains(r.Topics, q.Topic) && !gone {
			continue
		}
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b harvest.Record) int {
		return order(harvest.ChangePlace{At: a.LastChanged, Record: a.ID}, harvest.ChangePlace{At: b.LastChanged, Record: b.ID})
	})
	out = out[:min(len(out), q.Limit)]
	m.most = max(m.most, len(out))
	return out, m.fail
}

func order(a, b harvest.ChangePlace) int {
	return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Record, b.Record))
}

// clock is where the tests' time stands.
var clock = time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)

func at(minutes int) time.Time { return clock.Add(time.Duration(minutes-60) * time.Minute) }

const base = "https://harvest.example.org/oai"

type site struct {
	*memory
	*oai.Provider
	t   *testing.T
	now time.Time
}

func newSite(t *testing.T, o oai.Options) *site {
	s := &site{memory: &memory{records: map[harvest.RecordID]harvest.Record{}}, t: t, now: clock}
	o.BaseURL, o.Name, o.AdminEmail, o.Domain = base, "Harvest <of> tests & more", "admin@example.org", "harvest.example.org"
	o.Key, o.Now = []byte("a key of tests"), func() time.Time { return s.now }
	if o.Sets == nil {
		o.Sets = func(context.Context) ([]oai.Set, error) {
			return []oai.Set{
				{Spec: "source.test", Name: "A source"},
				{Spec: "source.other", Name: "Another"},
				{Spec: "category.report", Name: "Report"},
				{Spec: "topic.mining", Name: "Mining & quarrying"},
				{Spec: "topic.fishing", Name: "Fishing"},
			}, nil
		}
	}
	if o.Settle == 0 {
		o.Settle = -1
	}
	s.Provider = oai.New(s.memory, o)
	return s
}

// library is a site with some records: a and b at the same moment, c gone, d
// withdrawn, e of another source.
func library(t *testing.T, o oai.Options) *site {
	s := newSite(t, o)
	a, b, c, d, e := exporttest.Full(), small("test:b"), small("test:c"), small("test:d"), small("other:e")
	a.ID, a.Category, a.Topics = "test:a", "report", []string{"mining", "fishing"}
	b.Category, c.Topics, c.State, d.State, e.Topics = "report", []string{"mining"}, harvest.StateGone, harvest.StateWithdrawn, []string{"mining"}
	d.Title, d.URL = harvest.WithdrawnTitle, harvest.WithdrawnURL
	s.put(at(1), b, a)
	s.put(at(2), c)
	s.put(at(3), d)
	s.put(at(4).Add(700*time.Millisecond), e)
	return s
}

func small(id harvest.RecordID) harvest.Record {
	r := exporttest.Minimal()
	source, _, _ := strings.Cut(string(id), ":")
	r.ID, r.Source = id, harvest.SourceID(source)
	return r
}

func (s *site) do(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// ask asks by GET. Every answer is held to the schema.
func (s *site) ask(query string) reply {
	s.t.Helper()
	return s.read(s.do(httptest.NewRequest(http.MethodGet, "/oai?"+query, http.NoBody)))
}

func (s *site) read(w *httptest.ResponseRecorder) reply {
	s.t.Helper()
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/xml; charset=UTF-8" {
		s.t.Fatalf("%d, %v, %s", w.Code, w.Header(), w.Body)
	}
	var out reply
	if err := xml.Unmarshal(w.Body.Bytes(), &out); err != nil {
		s.t.Fatalf("%v in\n%s", err, w.Body)
	}
	validate(s.t, w.Body.Bytes())
	return out
}
