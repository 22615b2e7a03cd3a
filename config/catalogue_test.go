package config_test

import (
	"bufio"
	"cmp"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/harvest87/harvest/config"
)

// catalogued is what is known of a source before anybody has asked its site, a
// line of testdata/catalogue.jsonl. An address with status seen stands in a
// published page or in public code; a recalled one follows from the platform.
type catalogued struct {
	ID            string
	Tier          int
	Category      string
	LicenceStatus string `json:"licence_status"`
	Endpoints     []struct{ Kind, URL, Status string }
}

// TestCatalogue holds the shipped source files against what is known: every
// source of the first two tiers is there, and no file claims what was not seen.
func TestCatalogue(t *testing.T) {
	known := make(map[string]catalogued)
	f, err := os.Open("testdata/catalogue.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var c catalogued
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		known[c.ID] = c
	}
	files, err := filepath.Glob("sources/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		id := strings.TrimSuffix(filepath.Base(file), ".yaml")
		c, ok := known[id]
		if !ok {
			continue // of a lower tier, or added since
		}
		delete(known, id)
		t.Run(id, func(t *testing.T) { c.check(t, file) })
	}
	for id, c := range known {
		t.Errorf("%s, a source of tier %d, has no file", id, c.Tier)
	}
}

func (c *catalogued) check(t *testing.T, file string) {
	src, problems := config.LoadSource(file)
	if src == nil || len(problems) > 0 {
		t.Fatal(problems)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(string(text), "\nid: ")
	switch {
	case src.Tier != c.Tier:
		t.Errorf("tier %d, known is %d", src.Tier, c.Tier)
	case src.Evidence == "":
		t.Error("does not say how its first door is known")
	case src.Evidence == config.EvidenceSeen && !c.seen(firstAddress(&src.Doors[0])):
		t.Errorf("claims that %s was seen", firstAddress(&src.Doors[0]))
	case !strings.Contains(head, "# Seen") || !strings.Contains(head, "Recalled") && !strings.Contains(string(text), "# seen"):
		if !strings.Contains(head, "# Recalled") {
			t.Error("begins with no comment that tells what was seen from what is recalled")
		}
	}
	if c.LicenceStatus == "recalled" && src.Licence != "" && !strings.Contains(src.Licence, "recalled") {
		t.Errorf("licence %q is recalled and does not say so", src.Licence)
	}
	if !src.Enabled && len(src.Requires) == 0 && src.DisabledBecause == "" {
		t.Error("is disabled without a reason")
	}
	if src.Enabled && len(src.Requires) > 0 {
		t.Error("needs variables and is enabled")
	}
	if c.Category == "register" && (src.Sensitivity == config.NotSensitive || src.Doors[0].CSV != nil && !src.Doors[0].CSV.WholeFile) {
		t.Error("is a register, whose rows must stay away")
	}
	if src.Politeness.Delay < 1e9 || !src.Politeness.ContactRequired {
		t.Errorf("is asked every %s, contact required: %v", src.Politeness.Delay, src.Politeness.ContactRequired)
	}
}

// firstAddress is where a door begins.
func firstAddress(d *config.Door) string {
	first := func(starts []string) string { return slices.Concat(starts, []string{""})[0] }
	switch {
	case d.WordPress != nil:
		return d.WordPress.Base
	case d.Listing != nil:
		return first(d.Listing.Start)
	case d.Sitemap != nil:
		return first(d.Sitemap.Start)
	case d.OAIPMH != nil:
		return d.OAIPMH.Base
	case d.Feed != nil:
		return first(d.Feed.Start)
	case d.JSON != nil:
		return first(d.JSON.Start)
	case d.CSV != nil:
		return first(d.CSV.Start)
	}
	return ""
}

// openPart is what stands for a number, a name or a year in an address.
var openPart = regexp.MustCompile(`\{[^}]*\}`)

// seen reports whether an address is one of those that were seen: the same host
// and path, where {} stands for anything. What follows the question mark may
// differ.
func (c *catalogued) seen(address string) bool {
	for _, e := range c.Endpoints {
		pattern, ok := pathPattern(e.URL)
		if ok && e.Status == "seen" && pattern.MatchString(withoutQuery(address)) {
			return true
		}
	}
	return false
}

func pathPattern(address string) (*regexp.Regexp, bool) {
	path := strings.TrimSuffix(withoutQuery(address), "/")
	parts := openPart.Split(path, -1)
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	re, err := regexp.Compile("^" + strings.Join(parts, "[^/]+") + "/?$")
	return re, err == nil && path != ""
}

// withoutQuery is host and path of an address, with or without www.
func withoutQuery(address string) string {
	path, _, _ := strings.Cut(address, "?")
	u, err := url.Parse(openPart.ReplaceAllString(path, "x"))
	if err != nil || u.Host == "" {
		return ""
	}
	_, rest, _ := strings.Cut(path, "://")
	return cmp.Or(strings.TrimPrefix(rest, "www."), rest)
}
