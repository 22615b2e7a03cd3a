package metrics_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/metrics"
)

type still metrics.Snapshot

func (s still) Snapshot() metrics.Snapshot { return metrics.Snapshot(s) }

func scrape(t *testing.T, m *metrics.Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", http.NoBody))
	if w.Code != 200 {
		t.Fatalf("code %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func example() *metrics.Metrics {
	whole := time.Date(2026, 3, 1, 0, 0, 0, 500e6, time.UTC)
	m := metrics.New("1.2.3", still{Ready: true, Broken: 1, Applied: whole, Waiting: 2, Sources: []metrics.Source{
		{ID: "respect", State: "broken", Stale: true, Enabled: true, InARow: 3, LastWhole: whole, Next: whole.Add(time.Hour), Skipped: 4, Fallback: true, BrokenLinks: new(3)},
		{ID: "new", Paused: true},
	}})
	m.RunEnded(&harvest.Run{
		Source: "respect", State: harvest.RunPartial, StartedAt: whole, EndedAt: whole.Add(90 * time.Second), Requests: 7, WireBytes: 1234,
		Outcomes: map[harvest.Outcome]int{harvest.Fetched: 5, harvest.ServerError: 1, "made-up": 9},
	})
	m.RunEnded(&harvest.Run{Source: "respect", State: harvest.RunInterrupted, StartedAt: whole, Requests: 7})
	m.Notified("mail", nil)
	m.Notified("mail", errors.New("no"))
	return m
}

func TestWhatIsShown(t *testing.T) {
	got := scrape(t, example())
	for _, line := range []string{
		`harvest_build_info{version="1.2.3"} 1`,
		`harvest_store_up 1`,
		`harvest_runs_total{source="respect",state="partial"} 1`,
		`harvest_runs_total{source="respect",state="interrupted"} 1`,
		`harvest_outcomes_total{outcome="server-error",source="respect"} 1`,
		`harvest_requests_total{source="respect"} 7`,
		`harvest_received_bytes_total{source="respect"} 1234`,
		`harvest_run_duration_seconds_sum{source="respect"} 90`,
		`harvest_source_state{source="respect",state="broken"} 1`,
		`harvest_source_stale{source="respect"} 1`,
		`harvest_source_failing_runs{source="respect"} 3`,
		`harvest_source_last_whole_timestamp_seconds{source="respect"} 1.7723232005e+09`,
		`harvest_source_ticks_skipped_total{source="respect"} 4`,
		`harvest_source_paused{source="new"} 1`,
		`harvest_source_broken_documents{source="respect"} 3`,
		`harvest_source_door_lost{source="respect"} 1`,
		`harvest_config_source_files_broken 1`,
		`harvest_notifications_waiting 2`,
		`harvest_notifications_total{channel="mail",result="delivered"} 1`,
		`harvest_notifications_total{channel="mail",result="failed"} 1`,
		`go_goroutines `,
		`process_cpu_seconds_total `,
	} {
		if !strings.Contains(got, "\n"+line) {
			t.Errorf("no %s", line)
		}
	}
	for _, never := range []string{"made-up", `source_last_whole_timestamp_seconds{source="new"}`, `source_state{source="new"`, `source_broken_documents{source="new"`} {
		if strings.Contains(got, never) {
			t.Errorf("shows %s", never)
		}
	}
}

// Alerts and the dashboard ask for nothing that is not shown.
func TestWhatIsAskedForIsShown(t *testing.T) {
	shown := scrape(t, example())
	for _, file := range []string{"alerts.yml", "alerts_test.yml", "grafana/dashboards/harvest.json"} {
		text, err := os.ReadFile(filepath.Join("..", "monitoring", file))
		if err != nil {
			t.Fatal(err)
		}
		names := regexp.MustCompile(`harvest_[a-z_]+`).FindAllString(string(text), -1)
		if len(names) < 5 {
			t.Errorf("%s asks for %d metrics", file, len(names))
		}
		for _, name := range names {
			if !strings.Contains(shown, "\n"+name+"{") && !strings.Contains(shown, "\n"+name+" ") {
				t.Errorf("%s asks for %s, which is not shown", file, name)
			}
		}
	}
}

// Names and helps are as Prometheus asks for.
func TestNamesFollowTheConventions(t *testing.T) {
	problems, err := promlint.New(strings.NewReader(scrape(t, example()))).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "harvest_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
}

// What a site does cannot make more series: ten thousand strange outcomes are none.
func TestSeriesAreBounded(t *testing.T) {
	m := example()
	before := strings.Count(scrape(t, m), "\nharvest_")
	strange := map[harvest.Outcome]int{}
	for i := range 10000 {
		strange[harvest.Outcome(strings.Repeat("x", i%50)+time.Duration(i).String())] = 1
	}
	m.RunEnded(&harvest.Run{Source: "respect", State: harvest.RunPartial, Outcomes: strange, Reason: "https://example.org/"})
	if after := strings.Count(scrape(t, m), "\nharvest_"); after != before {
		t.Errorf("%d series, %d before", after, before)
	}
}
