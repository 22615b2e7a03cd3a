package config_test

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/harvest87/harvest/config"
)

// compare makes sources comparable that were read from different texts.
func compare() cmp.Option {
	return cmp.Options{
		cmp.Comparer(func(a, b *regexp.Regexp) bool {
			return (a == nil) == (b == nil) && (a == nil || a.String() == b.String())
		}),
		cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() }),
		cmp.Comparer(func(a, b netip.Prefix) bool { return a == b }),
		cmpopts.EquateEmpty(),
	}
}

// full uses every key there is.
const full = `id: x
name: "Example: a library"
homepage: http://127.0.0.1:8080/
publisher: Example
language: pt-BR
languages: [pt-BR, en]
licence: CC BY 4.0
tier: 2
sensitivity: companies
evidence: recalled
notes: |
  Two lines,
  # and this is one of them.
enabled: false
disabled_because: its lists need a browser
schedule: {cron: "0 3-5 * * mon", timezone: Asia/Kathmandu, jitter: 1h30m, blackout: ["mon-fri 08:00-18:00", "22:00-06:30"], catch_up: all, stale_after: 336h}
doors:
  - wordpress: {base: "http://127.0.0.1:8080/en", route: api/json, types: [posts, publications], per_page: 7, query: {lang: "no", n: "1"}, languages: [en, pt-BR], items: data.posts, fields: {id: ID, date: [acf.published, meta.date]}, pages: always, media: never}
    page:
      content: ["#main", "[role=main]"]
      remove: .related
      citation: ".citation"
    render: always
  - listing:
      start: ["http://127.0.0.1:8080/a", "http://127.0.0.1:8080/b"]
      item:
        card: li.card
        with_following: true
        link: "@href"
        title: [h3, {select: h4, attr: title, regex: '^(?i)report: (.*)$'}]
        category: .label
        summary: .excerpt
        date: {select: .date, regex: '\d{4}'}
        modified: time@datetime
        author: .by
        language: "@lang"
        publisher: .publisher
        document: a.pdf
      next: {pattern: "/list?o={offset}", step: 20, first: 40, max_pages: 9}
      item_pages: false
  - listing: {start: "http://127.0.0.1/c", item: {card: tr}, next: [a.next, "link[rel=next]@href"]}
  - listing:
      start: "http://127.0.0.1/d"
      form: {select: "form#s", action: /search, fields: {q: "forced labour", n: "1"}, tokens: {token: [".t@value", {select: script, regex: 't=(\w+)'}]}}
      groups: .letters a
      item: {card: tr}
      next: {form: {action: "http://127.0.0.1/more", fields: {p: "Page${page}"}}, step: 1, first: 2, max_pages: 4}
  - sitemap: {start: "http://127.0.0.1/sitemap.xml", include: ["/a/"], exclude: [/b/], follow: [posts], ignore: [users]}
  - oai-pmh: {base: "http://127.0.0.1/oai?x=1", metadata: marcxml, sets: [a, "b c"], from: 2015-01-31, window: 720h, one_by_one: true, link: "http://127.0.0.1/{id}", pages: always}
  - feed: {start: ["http://127.0.0.1/feed"], paging: paged, max_pages: 7, pages: never}
  - json:
      start: ["http://127.0.0.1/api?key=${KEY}&q=a"]
      items: results
      total: meta.count
      next: {cursor: meta.next, param: c, max_pages: 3}
      since: "from={date}"
      detail: links.self
      detail_fields: {identifier: doi, licence: "license.url"}
      fields: {id: id, title: title, summary: [a, "b.c"]}
      pages: always
  - json: {start: "http://127.0.0.1/api", fields: {title: title}, next: {page: p, first: 2}}
  - json: {start: "http://127.0.0.1/b", fields: {title: title}, next: {offset: o, step: 20}}
  - csv: {start: "http://127.0.0.1/a.csv", whole_file: true, fields: {title: "A register", link: "http://127.0.0.1/{id}"}}
  - links: {start: "http://127.0.0.1/", items: ["/a/"], hubs: [/t/], within: ["127"], depth: 3}
  - xlsx: {start: ["http://127.0.0.1/a.xlsx"], sheets: ["2023", "A b"], fields: {title: Name, link: Address}}
requires: [KEY]
categories: {"News & Analysis": news, yes: report, "1": policy}
politeness: {delay: 0s, max_delay: 90s, concurrency: 3, contact: optional}
network: {allow: [127.0.0.1/32, "::1/128"], ports: [8080]}
scope: {hosts: [cdn.example.org, .example.net, bücher.example], include: ["/a/"], exclude: ['\.zip$', "[?&]share="], depth: 4}
limits: {pages: 100, duration: 1h, requests: 500, bytes: 20MiB, per_day: {requests: 900, bytes: 1GiB, duration: 90m}}
revisit: {min: 24h, max: 168h}
gates:
  {records: "= 3", volume: "<= 30%", missed: "<= 12.5%", new: "<= 400%", changed: off, invalid: learned, pages: 40%, repeats: off, same_title: off, category_moves: off,
  language_moves: off, category: "<= 0%", language: off, title_length: off, lost: {summary: "<= 50%", documents: off}, without: {authors: off}}
gone: {runs: 2, after: 336h}
archive: {keep: false, max_size: 200MiB, max_age: 720h}
documents: {read: linked, per_record: 2, max_size: 5MiB, run_size: 200MiB, again: 2160h}
checked: 2026-02-28
`

// TestResolvedIsASource checks that the resolved form of a source is a source
// file that means the same, for a file with every key and for those shipped.
func TestResolvedIsASource(t *testing.T) {
	c, problems := loader("").Load("harvest.yaml")
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	sources := append([]config.Source{*parse(t, full), *parse(t, good)}, c.Sources...)
	for _, s := range sources {
		t.Run(s.Name, func(t *testing.T) {
			text, err := s.Resolved()
			if err != nil {
				t.Fatal(err)
			}
			again, problems := loader("").ParseSource(string(s.ID)+".yaml", text)
			if err := problems.Err(); err != nil {
				t.Fatalf("%v\nin\n%s", err, text)
			}
			opts := cmp.Options{
				compare(),
				cmpopts.IgnoreFields(config.Source{}, "File", "Hash"),
				cmpopts.IgnoreFields(config.Door{}, "Line"),
			}
			if diff := cmp.Diff(&s, again, opts); diff != "" {
				t.Errorf("differs when read again:\n%s", diff)
			}
			for _, key := range []string{"doors", "listing", "item"} {
				if s.Name == "Example: a library" && !strings.Contains(string(text), key+":") {
					t.Errorf("no %s in\n%s", key, text)
				}
			}
		})
	}
}

// TestFullUsesEveryKey keeps the file above complete.
func TestFullUsesEveryKey(t *testing.T) {
	var check func(keys []config.Key)
	check = func(keys []config.Key) {
		for _, k := range keys {
			if k.Name != "link" && !regexp.MustCompile(`\b`+k.Name+`:`).MatchString(full) {
				t.Errorf("%s is not in the full file", k.Name)
			}
			check(k.Keys)
		}
	}
	check(config.SourceKeys())
}

// TestSecretsAreMasked prints a configuration with passwords in every way there
// is and looks for them.
func TestSecretsAreMasked(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "harvest.yaml", "store: {mongodb: {uri: '${M}'}}\nqueue: {url: '${Q}'}\n")
	write(t, "sources/.keep", "")
	const secret = "hunter2"
	c, problems := loader("M=mongodb://me:" + secret + "/@h1:27017,h2/db?tlsCertificateKeyFilePassword=" + secret + "&x=1\nQ=nats://" + secret + "@q:4222\n").Load("harvest.yaml")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if !strings.Contains(c.Store.MongoDB.URI, secret) || !strings.Contains(c.Queue.URL, secret) {
		t.Fatal("the program itself needs the password")
	}
	resolved, err := c.Resolved()
	if err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		string(resolved), string(asJSON), fmt.Sprint(c.Store, c.Queue), fmt.Sprintf("%v", c), fmt.Sprintf("%+v", *c),
		fmt.Sprintf("%#v", c.Store), fmt.Sprintf("%#v", *c), fmt.Sprintf("%s %+v", c.Queue, c.Queue),
	} {
		if strings.Contains(text, secret) {
			t.Errorf("told a secret: %s", text)
		}
	}
	if !strings.Contains(string(resolved), "mongodb://me:***@h1:27017,h2/db?tlsCertificateKeyFilePassword=***&x=1") {
		t.Errorf("masked too much:\n%s", resolved)
	}
}

// TestMaskURL checks single addresses.
func TestMaskURL(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", ""},
		{"mongodb://localhost", "mongodb://localhost"},
		{"mongodb://me@localhost", "mongodb://***@localhost"},
		{"mongodb://me:p@ss@localhost", "mongodb://me:***@localhost"},
		{"mongodb://me:pa/ss@localhost/db", "mongodb://me:***@localhost/db"},
		{"nats://token@q", "nats://***@q"},
		{"mongodb://h/?authMechanismProperties=AWS_SESSION_TOKEN:abc,x:1", "mongodb://h/?authMechanismProperties=AWS_SESSION_TOKEN:***,x:1"},
	}
	for _, tt := range tests {
		if got := config.MaskURL(tt.in); got != tt.want {
			t.Errorf("MaskURL(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}
