package parsers_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers"
	"github.com/harvest87/harvest/parsers/normalize"
)

var update = flag.Bool("update", false, "rewrite the expected outcomes")

const (
	sourceFiles  = "../config/sources"
	fixtureFiles = sourceFiles + "/testdata"
)

// manifest is a fixtures.yaml: the saved pages of one source, lists before the
// items that stand on them. config/sources/testdata/README.md explains it.
type manifest struct {
	Pages []savedPage `yaml:"pages"`
}

type savedPage struct {
	File string `yaml:"file"`
	// Door counts the doors of the source file from 1.
	Door int    `yaml:"door"`
	URL  string `yaml:"url"`
	// Headers are those of the response that a door reads.
	Headers map[string]string `yaml:"headers"`
}

// reading is what a door made of one saved page, as it stands in the folder "expected".
type reading struct {
	File string `json:"file"`
	URL  string `json:"url"`
	Step string `json:"step"`
	// FoundOn is the file on which the page's address stood, if any did.
	FoundOn  string            `json:"found_on,omitempty"`
	Records  []harvest.Record  `json:"records,omitempty"`
	Requests []harvest.Request `json:"requests,omitempty"`
	Events   []harvest.Event   `json:"events,omitempty"`
	Expected string            `json:"expected,omitempty"`
	Dead     string            `json:"dead,omitempty"`
	Total    int               `json:"total,omitempty"`
	Notes    []string          `json:"notes,omitempty"`
}

// TestSourceFixtures reads the saved pages of every shipped source with the
// doors of its file, as a run would: lists first, then the items with the
// cards that the lists gave them.
func TestSourceFixtures(t *testing.T) {
	vocabulary, err := config.LoadVocabulary()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(sourceFiles, "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d source files, error %v", len(files), err)
	}
	known := make(map[string]bool)
	for _, file := range files {
		id := strings.TrimSuffix(filepath.Base(file), ".yaml")
		known[id] = true
		t.Run(id, func(t *testing.T) {
			src, problems := config.LoadSource(file)
			if src == nil {
				t.Fatal(problems)
			}
			f := &fixtures{source: src, vocabulary: vocabulary, folder: filepath.Join(fixtureFiles, id)}
			f.check(t)
		})
	}
	folders, err := os.ReadDir(fixtureFiles)
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		if folder.IsDir() && !known[folder.Name()] {
			t.Errorf("%s/%s belongs to no source file", fixtureFiles, folder.Name())
		}
	}
}

// fixtures are the saved pages of one source.
type fixtures struct {
	source     *config.Source
	vocabulary *config.Vocabulary
	folder     string
	manifest   manifest
}

func (f *fixtures) check(t *testing.T) {
	f.read(t)
	known := map[string]bool{"fixtures.yaml": true, "expected": true}
	expected := make(map[string]bool)
	for number := range f.source.Doors {
		tour := &tour{fixtures: f, number: number, led: make(map[string]lead)}
		records := 0
		for _, saved := range f.manifest.Pages {
			known[saved.File] = true
			if saved.Door != number+1 {
				continue
			}
			t.Run(fmt.Sprintf("door %d %s", saved.Door, saved.File), func(t *testing.T) {
				got := tour.visit(t, saved)
				records += len(got.Records)
				name := fmt.Sprintf("%d-%s-%s.json", saved.Door, f.source.Doors[number].Kind, strings.TrimSuffix(saved.File, filepath.Ext(saved.File)))
				expected[name] = true
				compare(t, filepath.Join(f.folder, "expected", name), got)
			})
		}
		if records == 0 {
			t.Errorf("no record came through door %d, %s: it needs saved pages; see %s/README.md", number+1, f.source.Doors[number].Kind, fixtureFiles)
		}
	}
	for _, page := range f.manifest.Pages {
		if page.Door < 1 || page.Door > len(f.source.Doors) {
			t.Errorf("fixtures.yaml: %s: door %d: the source has doors 1 to %d", page.File, page.Door, len(f.source.Doors))
		}
	}
	onlyKnown(t, f.folder, known)
	if *update {
		removeOthers(t, filepath.Join(f.folder, "expected"), expected)
	}
	onlyKnown(t, filepath.Join(f.folder, "expected"), expected)
}

func (f *fixtures) read(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(f.folder, "fixtures.yaml"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("source %s has no saved pages: %v; see %s/README.md", f.source.ID, err, fixtureFiles)
	}
	if err != nil {
		t.Fatal(err)
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(&f.manifest); err != nil {
		t.Fatalf("%s/fixtures.yaml: %v", f.folder, err)
	}
}

// lead is a request, and the file on which its address stood.
type lead struct {
	request harvest.Request
	file    string
}

// tour reads the saved pages of one door in their order.
type tour struct {
	*fixtures
	number int // of the door, from 0
	led    map[string]lead
}

// visit reads one saved page and remembers where it leads.
func (r *tour) visit(t *testing.T, saved savedPage) reading {
	t.Helper()
	door, err := parsers.New(r.source, r.vocabulary, r.number)
	if err != nil {
		t.Fatal(err)
	}
	from := r.requestFor(door, saved)
	page := r.open(t, saved, from.request)
	if from.request.Kind == harvest.KindItem {
		r.inScope(t, saved.URL)
	} else {
		r.explains(t, page)
	}
	parsed := door.Parse(page)
	for _, next := range parsed.Requests {
		r.led[normalize.URLKey(next.URL)] = lead{next, saved.File}
	}
	got := reading{
		File: saved.File, URL: saved.URL, Step: from.request.Step, FoundOn: from.file,
		Records: parsed.Records, Requests: parsed.Requests, Events: parsed.Events,
		Expected: parsed.Expected, Dead: parsed.Dead, Total: parsed.Total, Notes: parsed.Notes,
	}
	r.judge(t, from.request.Kind, got)
	return got
}

// requestFor is the request by which a run comes to the page: one of the
// door's first pages, one that an earlier page led to, or else an item of which
// nothing is known.
func (r *tour) requestFor(door parsers.Door, saved savedPage) lead {
	key := normalize.URLKey(saved.URL)
	seeds, _ := door.Seeds(time.Time{})
	for _, seed := range seeds {
		if normalize.URLKey(seed.URL) == key || withoutQuery(seed.URL) == saved.URL {
			return lead{request: seed}
		}
	}
	if from, ok := r.led[key]; ok {
		return from
	}
	return lead{request: harvest.Request{URL: saved.URL, Kind: harvest.KindItem, Door: r.number, Step: "item"}}
}

// withoutQuery is an API's address as a manifest may write it.
func withoutQuery(address string) string {
	address, _, _ = strings.Cut(address, "?")
	return address
}

func (r *tour) open(t *testing.T, saved savedPage, req harvest.Request) *harvest.Page {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(r.folder, saved.File))
	if err != nil {
		t.Fatal(err)
	}
	mediaType, _, _ := mime.ParseMediaType(mime.TypeByExtension(filepath.Ext(saved.File)))
	page := &harvest.Page{
		Request: req, URL: req.URL, Outcome: harvest.Fetched, Status: http.StatusOK,
		MediaType: mediaType, Charset: "utf-8", Body: body, Header: make(http.Header),
	}
	for name, value := range saved.Headers {
		page.Header.Set(name, value)
	}
	return page
}

// inScope: a run visits no item outside the scope of the source.
func (r *tour) inScope(t *testing.T, address string) {
	t.Helper()
	s := r.source.Scope
	included := len(s.Include) == 0
	for _, p := range s.Include {
		included = included || p.MatchString(address)
	}
	if !included {
		t.Errorf("%s matches nothing of scope.include", address)
	}
	for _, p := range s.Exclude {
		if p.MatchString(address) {
			t.Errorf("%s is left out by scope.exclude, %s", address, p)
		}
	}
}

// explains: someone who tries the saved list by hand is told of the same door.
func (r *tour) explains(t *testing.T, page *harvest.Page) {
	t.Helper()
	byHand := *page
	byHand.Request = harvest.Request{URL: page.URL}
	x, err := parsers.Explain(r.source, r.vocabulary, &byHand)
	if err != nil || x.Door != r.number || word(x.Step) != word(page.Request.Step) {
		t.Errorf("tried by hand, the page is of door %d, step %s, because %s (%v); want door %d, step %s",
			x.Door+1, x.Step, x.Why, err, r.number+1, page.Request.Step)
	}
}

// word is a step without what a door remembers in it.
func word(step string) string {
	step, _, _ = strings.Cut(step, "?")
	return step
}

// judge asks of every reading what no file of expected outcomes may allow.
func (r *tour) judge(t *testing.T, kind harvest.Kind, got reading) {
	t.Helper()
	if got.Dead != "" {
		t.Errorf("the door does not work: %s", got.Dead)
	}
	items := 0
	for _, next := range got.Requests {
		if next.Kind == harvest.KindItem && next.Card != nil && next.Card.Title != "" {
			items++
		}
	}
	switch r.source.Doors[r.number].Kind {
	case "sitemap", "oai-pmh": // what leads to items may say nothing of them
		if kind == harvest.KindDiscovery {
			items = len(got.Requests)
		}
	}
	if kind == harvest.KindItem && len(got.Records) == 0 || len(got.Records)+items == 0 {
		t.Errorf("gives no record: %+v", got)
	}
	for _, rec := range got.Records {
		rec.Source, rec.ID = r.source.ID, harvest.NewRecordID(r.source.ID, rec.NativeID, rec.CanonicalURL)
		if err := rec.Validate(); err != nil {
			t.Errorf("%q: %v", rec.Title, err)
		}
		if kind == harvest.KindItem && rec.SummaryBasis.Truncated {
			t.Errorf("%q: the summary is cut, though the item's page was read: %q", rec.Title, rec.Summary)
		}
		text := rec.Title + "\n" + rec.Summary + "\n" + strings.Join(slices.Concat(rec.Authors, rec.CategoriesRaw, []string{rec.Publisher}), "\n")
		for _, leak := range leaks {
			if strings.Contains(text, leak) {
				t.Errorf("%q: %q is in the record: %s", rec.Title, leak, text)
			}
		}
		for _, name := range filled(t, rec) {
			if _, ok := rec.Provenance[name]; !ok {
				t.Errorf("%q: nothing says where %s comes from; known are %v", rec.Title, name, slices.Sorted(maps.Keys(rec.Provenance)))
			}
		}
	}
}

// leaks are words of menus, links and machinery on the saved pages.
var leaks = []string{
	"Read More", "Read more", "Leer más", "DOWNLOAD", "Download", "nav_menu_item", "acf-field", "cookies", "You may also",
	"&amp;", "&#", "[…]", "<p>", "<br", "Skip to", " | ",
}

// filled are the fields that must say where they come from: text that a source
// has printed.
func filled(t *testing.T, rec harvest.Record) []string {
	t.Helper()
	b, err := json.Marshal(rec)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(b, &fields); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, name := range []string{
		"title", "summary", "published", "modified", "authors", "publisher", "category", "categories_raw", "documents", "language", "countries", "topics",
	} {
		if _, ok := fields[name]; ok {
			names = append(names, name)
		}
	}
	return names
}

// compare holds v against the JSON in a file, or rewrites that.
func compare(t *testing.T, file string, v any) {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; run the test with -update, and read what it writes", err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// onlyKnown: a file that nobody reads was forgotten somewhere.
func onlyKnown(t *testing.T, folder string, known map[string]bool) {
	t.Helper()
	for _, name := range namesIn(t, folder) {
		if !known[name] {
			t.Errorf("%s/%s stands in no line of fixtures.yaml", folder, name)
		}
	}
}

func removeOthers(t *testing.T, folder string, known map[string]bool) {
	t.Helper()
	for _, name := range namesIn(t, folder) {
		if !known[name] {
			if err := os.Remove(filepath.Join(folder, name)); err != nil {
				t.Error(err)
			}
		}
	}
}

func namesIn(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
