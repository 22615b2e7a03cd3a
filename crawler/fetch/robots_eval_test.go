package fetch_test

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/harvest87/harvest/crawler/fetch"
)

// evaluation reads a file of known answers below the folder that
// HARVEST_EVAL_DIR names. They are other people's data and not in this
// repository; without them the test is skipped.
func evaluation(t *testing.T, name string, into any) {
	t.Helper()
	dir := os.Getenv("HARVEST_EVAL_DIR")
	if dir == "" {
		t.Skip("SKIPPED: HARVEST_EVAL_DIR names no folder with robots.txt cases of known answers")
	}
	data, err := os.ReadFile(filepath.Join(dir, "protocol", "robots", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// TestGoogleRobotsCases compares with the cases that Google publishes for its
// parser: who may fetch what. Two of them are known to differ.
func TestGoogleRobotsCases(t *testing.T) {
	var file struct {
		Cases []struct {
			Test, Robots, Agent, URL string
			Allowed                  bool
		}
	}
	evaluation(t, "google.json", &file)
	if len(file.Cases) < 100 {
		t.Fatalf("only %d cases", len(file.Cases))
	}
	const mayDiffer = 2
	right := 0
	for _, c := range file.Cases {
		rule, allowed := fetch.RobotsMatch([]byte(c.Robots), c.Agent, pathOf(c.URL))
		if allowed == c.Allowed {
			right++
			continue
		}
		t.Logf("%s: %q for %q at %q: allowed %v by %q, want %v", c.Test, c.Robots, c.Agent, c.URL, allowed, rule, c.Allowed)
	}
	t.Logf("%d of %d cases agree", right, len(file.Cases))
	if right < len(file.Cases)-mayDiffer {
		t.Errorf("%d of %d cases agree", right, len(file.Cases))
	}
}

// pathOf is a URL's path with its query as Google's parser takes it, also from
// what is no URL.
func pathOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return "/"
	}
	return u.RequestURI()
}

// TestGoogleRobotsForms reads the same directives in files with every kind of
// line end and mark.
func TestGoogleRobotsForms(t *testing.T) {
	var file struct {
		Cases []struct {
			Test, Name string
			Content    string `json:"robots_b64"`
		}
	}
	evaluation(t, "google-parse.json", &file)
	for _, c := range file.Cases {
		content, err := base64.StdEncoding.DecodeString(c.Content)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(c.Test, "LinesNumbers") {
			continue
		}
		if _, ok := fetch.RobotsMatch(content, "foo", "/some/path"); !ok {
			t.Errorf("%s: foo may not fetch what is allowed", c.Name)
		}
		if rule, ok := fetch.RobotsMatch(content, "bar", "/some/path"); ok {
			t.Errorf("%s: bar may fetch what is not allowed, by %q", c.Name, rule)
		}
	}
}
