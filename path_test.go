package harvest_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// module is the path of this module.
const module = "github.com/harvest87/harvest"

// room is a folder below the root and what it may import of the others.
type room struct {
	folder string
	may    []string // "." is the root package
	reason string
}

// rooms are all of them. Imports follow the data: a page comes in at crawler, becomes records in
// parsers, works in match, and rests in sinks; who is later in the path does
// not know who was before. A room may always import what is below itself.
var rooms = []room{
	{".", nil, "it is the vocabulary: whatever it imported, everybody would"},
	{"config", []string{"."}, "it says what the files say, to any part that asks"},
	{"crawler", []string{".", "config"}, "it declares what it needs of parsers and sinks as interfaces"},
	{"parsers", []string{".", "config"}, "pages to records without network, store or clock"},
	{"match", []string{".", "config"}, "records to works, pure; it must run over records from anywhere"},
	{"sinks", []string{".", "config"}, "a store must be replaceable without touching who writes to it"},
	{"search", []string{".", "config"}, "the index is derived from records alone and can be rebuilt"},
	{"health", []string{"."}, "reports of runs to a verdict, pure: whoever has runs can ask"},
	{"notify", []string{"."}, "it tells what it is given; who assesses sources does not know that anybody is told"},
	{"metrics", []string{"."}, "it shows what it is given through an interface that it declares"},
	{"memory", nil, "when the garbage collector runs is a matter of the process, whatever fills its memory"},
	{"traces", nil, "it sends what OpenTelemetry gathers, and knows nothing of runs"},
	{"web", []string{"."}, "it shows what it is given through interfaces that it declares"},
	{"cmd", []string{".", "config", "crawler", "parsers", "match", "sinks", "search", "health", "notify", "metrics", "memory", "traces", "web"}, "it wires; nobody imports it"},
	{"bench", []string{".", "config", "crawler", "parsers", "match", "memory", "sinks", "search"}, "it measures the parts as cmd wires them; nobody imports it"},
}

// keepers are modules that one folder keeps from the rest.
var keepers = []struct {
	module string
	only   []string
	reason string
}{
	{"github.com/gocolly/colly", []string{"crawler/fetch", "bench"}, "Colly's defaults ignore robots.txt and cut bodies silently; one package tames them"},
	{"go.mongodb.org/mongo-driver", []string{"sinks/mongo"}, "other packages know stores by their contract"},
	{"modernc.org/sqlite", []string{"sinks/sqlite"}, "other packages know stores by their contract"},
	{"github.com/nats-io", []string{"crawler/queue"}, "the journal is an interface to everybody else"},
	{"github.com/nlnwa/gowarc", []string{"crawler/archive"}, "WARC is the form in which answers are kept, and nobody else's business"},
	{"github.com/blevesearch", []string{"search"}, "the index is derived data behind our own query"},
	{"go.opentelemetry.io/otel/sdk", []string{"traces"}, "runs speak OpenTelemetry's interface; what becomes of spans is decided in one place"},
	{"github.com/spf13/cobra", []string{"cmd"}, "only the program has a command line"},
}

// noNames are names that say nothing of what a package does. Those of the
// second row would hide packages from users or say only that others may not look.
var noNames = []string{
	"base", "common", "helper", "helpers", "misc", "model", "models", "shared", "types", "util", "utils",
	"internal", "pkg",
}

// TestImportsFollowThePath reads every Go file of the module, tests included,
// so that a cached result is never older than the files.
func TestImportsFollowThePath(t *testing.T) {
	for _, violation := range violations(t, os.DirFS(".")) {
		t.Error(violation)
	}
	for _, r := range rooms {
		if info, err := os.Stat(r.folder); err != nil || !info.IsDir() {
			t.Errorf("the rule for %q is about no folder; mend the table", r.folder)
		}
	}
}

// TestKeptModulesAreInUse keeps the table of keepers from outliving its modules.
func TestKeptModulesAreInUse(t *testing.T) {
	files := goFiles(t, os.DirFS("."))
	for _, k := range keepers {
		for _, folder := range k.only {
			uses := slices.ContainsFunc(files, func(f goFile) bool { return within(f.folder, folder) && f.imports(k.module) })
			if !uses {
				t.Errorf("nothing in %s imports %s; mend the table", folder, k.module)
			}
		}
	}
}

func TestViolationsAreFound(t *testing.T) {
	source := func(pkg string, imports ...string) *fstest.MapFile {
		text := "package " + pkg + "\n"
		for _, i := range imports {
			text += "import _ " + strconv.Quote(i) + "\n"
		}
		return &fstest.MapFile{Data: []byte(text)}
	}
	tree := fstest.MapFS{
		"record.go":                  source("harvest", "time", module+"/config"),
		"page.go":                    source("harvest", "golang.org/x/net/html"),
		"record_test.go":             source("harvest_test", module, "github.com/google/go-cmp/cmp"),
		"config/config.go":           source("config", module),
		"crawler/run.go":             source("crawler", module, module+"/config", module+"/crawler/fetch", module+"/parsers/feed"),
		"crawler/run_test.go":        source("crawler_test", module+"/crawler", module+"/sinks/sqlite"),
		"crawler/fetch/fetch.go":     source("fetch", "github.com/gocolly/colly/v2"),
		"parsers/feed/feed.go":       source("feed", "github.com/gocolly/colly/v2/debug", module+"/config"),
		"parsers/feed/testdata/x.go": source("x", module+"/sinks"),
		"sinks/sqlite/open.go":       source("sqlite", module+"/sinks", "modernc.org/sqlite"),
		"sinks/ferret/go.mod":        {Data: []byte("module " + module + "/sinks/ferret\n")},
		"sinks/ferret/all_test.go":   source("ferret_test", module+"/crawler"),
		"web/web.go":                 source("web", module, module+"/sinks"),
		"web/util/text.go":           source("util"),
		"match/keys.go":              source("common"),
		"tower/tower.go":             source("tower"),
		"cmd/harvest/main.go":        source("main", module+"/crawler", module+"/web", "github.com/spf13/cobra"),
		"search/init.go":             {Data: []byte("package search\nfunc init() {}\n")},
		"search/broken.go":           {Data: []byte("package search\nimport \n\"fmt\" x")},
	}
	want := []string{
		"crawler/run.go: crawler must not import parsers: it declares what it needs of parsers and sinks as interfaces",
		"crawler/run_test.go: crawler must not import sinks: it declares what it needs of parsers and sinks as interfaces",
		"match/keys.go: no package is called common: the name does not say what it does",
		"page.go: the root package imports golang.org/x/net/html; it has the standard library only",
		"parsers/feed/feed.go: only crawler/fetch, bench imports github.com/gocolly/colly: Colly's defaults ignore robots.txt and cut bodies silently; one package tames them",
		"record.go: the root package must not import config: it is the vocabulary: whatever it imported, everybody would",
		"search/broken.go: cannot be read as Go",
		"search/init.go: init functions hide what is wired; call from cmd instead",
		"tower/tower.go: the folder tower has no rule; add it to the table with its reason",
		"web/util/text.go: no folder is called util: the name does not say what it does",
		"web/util/text.go: no package is called util: the name does not say what it does",
		"web/web.go: web must not import sinks: it shows what it is given through interfaces that it declares",
	}
	if diff := cmp.Diff(want, violations(t, tree)); diff != "" {
		t.Errorf("violations (-want +got):\n%s", diff)
	}
}

// goFile is what the rules look at.
type goFile struct {
	name, folder, pkg string
	paths             []string
	hasInit, broken   bool
}

func (f *goFile) imports(prefix string) bool {
	return slices.ContainsFunc(f.paths, func(p string) bool { return within(p, prefix) })
}

// within reports whether a path is that folder or below it.
func within(p, folder string) bool { return p == folder || strings.HasPrefix(p, folder+"/") }

// goFiles reads all files of the module itself: not those of modules nested in
// it, of testdata, and of folders that the go command passes over.
func goFiles(t *testing.T, tree fs.FS) []goFile {
	t.Helper()
	var out []goFile
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			_, nested := fs.Stat(tree, path.Join(name, "go.mod"))
			base := path.Base(name)
			if name != "." && (nested == nil || base == "testdata" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_")) {
				return fs.SkipDir
			}
		case path.Ext(name) == ".go":
			text, err := fs.ReadFile(tree, name)
			if err != nil {
				return err
			}
			out = append(out, readGo(name, text))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func readGo(name string, text []byte) goFile {
	f := goFile{name: name, folder: path.Dir(name)}
	parsed, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
	if err != nil {
		f.broken = true
		return f
	}
	f.pkg = strings.TrimSuffix(parsed.Name.Name, "_test")
	for _, i := range parsed.Imports {
		if p, err := strconv.Unquote(i.Path.Value); err == nil {
			f.paths = append(f.paths, p)
		}
	}
	for _, d := range parsed.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
			f.hasInit = true
		}
	}
	return f
}

// violations are the sentences that say what is wrong, sorted.
func violations(t *testing.T, tree fs.FS) []string {
	t.Helper()
	var out []string
	for _, f := range goFiles(t, tree) {
		say := func(format string, args ...any) { out = append(out, f.name+": "+fmt.Sprintf(format, args...)) }
		if f.broken {
			say("cannot be read as Go")
			continue
		}
		if f.hasInit {
			say("init functions hide what is wired; call from cmd instead")
		}
		checkNames(f, say)
		checkRoom(f, say)
		for _, k := range keepers {
			if k.module == "github.com/nats-io" && f.folder == "cmd/harvest" && strings.HasSuffix(f.name, "_test.go") {
				continue // tests of several servers start the one that they share
			}
			kept := slices.ContainsFunc(k.only, func(folder string) bool { return within(f.folder, folder) })
			if !kept && f.imports(k.module) {
				say("only %s imports %s: %s", strings.Join(k.only, ", "), k.module, k.reason)
			}
		}
	}
	slices.Sort(out)
	return out
}

func checkNames(f goFile, say func(string, ...any)) {
	for folder := range strings.SplitSeq(f.folder, "/") {
		if slices.Contains(noNames, folder) {
			say("no folder is called %s: the name does not say what it does", folder)
		}
	}
	if slices.Contains(noNames, f.pkg) {
		say("no package is called %s: the name does not say what it does", f.pkg)
	}
}

// checkRoom holds a file's imports against the rule of its room. External
// tests keep to the rule of what they test.
func checkRoom(f goFile, say func(string, ...any)) {
	folder, _, _ := strings.Cut(f.folder, "/")
	at := slices.IndexFunc(rooms, func(r room) bool { return r.folder == folder })
	if at < 0 {
		say("the folder %s has no rule; add it to the table with its reason", folder)
		return
	}
	for _, p := range f.paths {
		if !within(p, module) {
			first, _, _ := strings.Cut(p, "/")
			if folder == "." && strings.Contains(first, ".") && !strings.HasSuffix(f.name, "_test.go") {
				say("the root package imports %s; it has the standard library only", p)
			}
			continue
		}
		to, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(p, module), "/"), "/")
		if to == "" {
			to = "."
		}
		if to != folder && !slices.Contains(rooms[at].may, to) {
			who := folder
			if folder == "." {
				who = "the root package"
			}
			say("%s must not import %s: %s", who, to, rooms[at].reason)
		}
	}
}
