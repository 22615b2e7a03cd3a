package main_test

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/harvest87/harvest"
)

// paper is one document that the sites of this file hold.
type paper struct {
	Slug  string `json:"_id"`
	Title string `json:"title"`
	Kind  string `json:"kind"`
	By    string `json:"by"`
	Day   string `json:"day"`
	Text  string `json:"text"`
}

func papers() []paper {
	places := strings.Fields("Accra Bihar Cebu Dakar Esmeraldas Faisalabad Gujarat Haiphong Iquique Jalisco Karachi Lagos Manaus Nairobi Odisha Penang Quetta Rabat Surat Tamale Ubon Valencia Wuhan Xining")
	forms := []string{"Wages withheld in the workshops of %s", "Recruitment fees and debt in %s", "Inspections of private homes in %s"}
	var out []paper
	for i, place := range places {
		out = append(out, paper{
			strings.ToLower(place) + "-" + []string{"wages", "debt", "homes"}[i%3], fmt.Sprintf(forms[i%3], place), []string{"Report", "Guidance"}[i/2%2], []string{"Ada Okafor", "Bruno Lima"}[i%2],
			time.Date(2024, 11, 20, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -23*i).Format(time.DateOnly),
			fmt.Sprintf("Inspectors spoke with %d workers in %s about their pay, their contracts and the papers that had been taken from them.", 40+i, place),
		})
	}
	return out
}

// platform is a program that makes sites of papers: site starts one in a folder
// and says where it is, and which page of it is named to `sources add`.
type platform struct {
	name, needs string
	door        string
	undated     bool
	site        func(t *testing.T, dir string) (base, list string)
}

// Real programs from Debian's packages, in which the papers were put, become
// sources by `sources add` alone, and what a run of the written file gives is
// what was put in.
func TestPlatforms(t *testing.T) {
	if os.Getenv("HARVEST_TEST_PLATFORMS") == "" {
		t.Skip("SKIPPED: 'make test-platforms' installs Hugo, Jekyll, MediaWiki and Catmandu from Debian and runs this")
	}
	program := filepath.Join(t.TempDir(), "harvest")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	for _, p := range []platform{
		{name: "hugo", needs: "hugo", door: "listing", site: hugoSite},
		{name: "jekyll", needs: "jekyll", door: "listing", site: jekyllSite},
		{name: "mediawiki", needs: "php", door: "json", undated: true, site: mediawikiSite},
		{name: "catmandu", needs: "perl", door: "oai-pmh", site: catmanduSite},
	} {
		t.Run(p.name, func(t *testing.T) {
			if _, err := exec.LookPath(p.needs); err != nil {
				t.Fatalf("%v: 'make test-platforms' installs it", err)
			}
			base, list := p.site(t, t.TempDir())
			h := harvesting{t: t, program: program, dir: t.TempDir()}
			write(t, h.dir, "config/harvest.yaml", "contact: tests@example.org\n")
			t.Logf("%s", h.harvest("sources", "add", base+list, "--id", "library", "--allow", "127.0.0.1/32"))
			h.harvest("sources", "lint")
			run := h.run()
			if run.State != harvest.RunPassed || run.Door() != p.door {
				t.Errorf("run %s through %s, want %s: %s", run.State, run.Door(), p.door, run.Reason)
			}
			comparePapers(t, h.export(), p.undated)
		})
	}
}

func comparePapers(t *testing.T, records []harvest.Record, undated bool) {
	t.Helper()
	missing := make(map[string]paper)
	for _, p := range papers() {
		missing[p.Title] = p
	}
	for _, r := range records {
		p, ok := missing[r.Title]
		if !ok {
			t.Errorf("a record of what is none: %q at %s", r.Title, r.URL)
			continue
		}
		delete(missing, r.Title)
		if !undated && r.Published.Value != p.Day {
			t.Errorf("%s: day %q, want %s", p.Slug, r.Published.Value, p.Day)
		}
		if !strings.Contains(r.Summary, p.Text) || r.Language.Value != "en" {
			t.Errorf("%s: summary %q, language %q", p.Slug, r.Summary, r.Language.Value)
		}
	}
	for title := range missing {
		t.Errorf("not found: %q", title)
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	name = filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// unpack writes the files of an archive of testdata/platforms.
func unpack(t *testing.T, dir, name string, replace ...string) {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("testdata", "platforms", name))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.Files {
		write(t, dir, f.Name, strings.NewReplacer(replace...).Replace(string(f.Data)))
	}
}

func command(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
}

// files serves a folder that is filled later.
func files(t *testing.T, dir string) string {
	t.Helper()
	s := httptest.NewServer(http.FileServer(http.Dir(dir)))
	t.Cleanup(s.Close)
	return s.URL
}

func hugoSite(t *testing.T, dir string) (base, list string) {
	base = files(t, filepath.Join(dir, "public"))
	unpack(t, dir, "hugo.txtar")
	for _, p := range papers() {
		write(t, dir, "content/publications/"+p.Slug+".md", fmt.Sprintf("---\ntitle: %q\ndate: %s\nkinds: [%q]\nauthors: [%q]\n---\n%s\n\nMost of them had paid before the journey began.\n", p.Title, p.Day, p.Kind, p.By, p.Text))
	}
	command(t, dir, "hugo", "--quiet", "--baseURL", base+"/")
	return base, "/"
}

func jekyllSite(t *testing.T, dir string) (base, list string) {
	base = files(t, filepath.Join(dir, "_site"))
	unpack(t, dir, "jekyll.txtar", "$SITE", base)
	for _, p := range papers() {
		write(t, dir, "_posts/"+p.Day+"-"+p.Slug+".md", fmt.Sprintf("---\nlayout: post\ntitle: %q\nauthor: %q\n---\n%s\n\nMost of them had paid before the journey began.\n", p.Title, p.By, p.Text))
	}
	command(t, dir, "jekyll", "build", "--quiet")
	return base, "/"
}

func mediawikiSite(t *testing.T, dir string) (base, list string) {
	const maintenance = "/usr/share/mediawiki/maintenance/"
	address := freeAddress(t)
	base = "http://" + address
	command(t, dir, "php", maintenance+"install.php", "--dbtype", "sqlite", "--dbpath", dir, "--dbname", "wiki", "--confpath", dir, "--scriptpath", "", "--server", base, "--pass", "a-long-word-of-24-letters", "--skins", "Vector", "Labour Wiki", "admin")
	unpack(t, dir, "mediawiki.txtar")
	for _, p := range papers() {
		write(t, dir, "text/"+p.Title+".txt", fmt.Sprintf("%s\n\nMost of them had paid before the journey began.\n\n[[Category:Papers]]\n", p.Text))
	}
	write(t, dir, "text/Category:Papers.txt", "Papers of the library.\n") // without it MediaWiki says noindex, nofollow
	t.Setenv("MW_CONFIG_FILE", filepath.Join(dir, "LocalSettings.php"))
	texts, err := filepath.Glob(filepath.Join(dir, "text", "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	command(t, dir, "php", append([]string{maintenance + "importTextFiles.php", "-u", "Admin"}, texts...)...)
	command(t, dir, "php", maintenance+"runJobs.php")
	server := exec.Command("php", "-S", address, filepath.Join(dir, "router.php"))
	server.Dir = dir
	start(t, server)
	await(t, "MediaWiki", func() bool { return answers(base + "/index.php/Category:Papers") })
	return base, "/index.php/Category:Papers"
}

func catmanduSite(t *testing.T, dir string) (base, list string) {
	address := freeAddress(t)
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	base = "http://" + address
	unpack(t, dir, "catmandu.txtar", "$SITE", base, "$HOST", host, "$PORT", port, "$DIR", dir)
	b, err := json.Marshal(papers())
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "papers.json", string(b))
	server := exec.Command("perl", "app.pl")
	server.Dir = dir
	start(t, server)
	await(t, "the repository", func() bool { return answers(base + "/oai?verb=Identify") })
	return base, "/"
}

func answers(address string) bool {
	resp, err := http.Get(address)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}
