package fetch_test

import (
	"context"
	"net/netip"
	"testing"

	"go.uber.org/goleak"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/fetch"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// loopback is the network of a source whose file allows 127.0.0.1.
var loopback = config.Network{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}

// newClient returns a client that the test closes.
func newClient(t testing.TB, o fetch.Options) *fetch.Client {
	t.Helper()
	c := fetch.New(o)
	t.Cleanup(func() { c.Close() })
	return c
}

// newSession returns a session of a source that may be asked without delay.
func newSession(t testing.TB, o fetch.Options) *fetch.Session {
	t.Helper()
	return newClient(t, o).Source(&config.Source{ID: "test", Network: loopback})
}

// get fetches an item page without validators.
func get(t testing.TB, s *fetch.Session, url string) *harvest.Page {
	t.Helper()
	return s.Fetch(context.Background(), harvest.Request{URL: url, Kind: harvest.KindItem}, harvest.Validators{})
}

// want checks the outcome of a page, and what must hold for every page.
func want(t testing.TB, page *harvest.Page, outcome harvest.Outcome) {
	t.Helper()
	if page.Outcome != outcome {
		t.Errorf("%s: outcome %q (%s), want %q", page.Request.URL, page.Outcome, page.Reason, outcome)
	}
	switch {
	case page.Outcome == harvest.Fetched && (len(page.Body) == 0 || page.Hash == "" || page.Reason != ""):
		t.Errorf("%s: fetched with %d octets, hash %q, reason %q", page.Request.URL, len(page.Body), page.Hash, page.Reason)
	case page.Outcome != harvest.Fetched && page.Body != nil:
		t.Errorf("%s: %s with a body of %d octets", page.Request.URL, page.Outcome, len(page.Body))
	case page.Outcome != harvest.Fetched && page.Outcome != harvest.NotModified && page.Reason == "":
		t.Errorf("%s: %s without a reason", page.Request.URL, page.Outcome)
	}
}
