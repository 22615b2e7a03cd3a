package config

import (
	"regexp"
	"strconv"
	"time"
)

// harvestKind is harvest.yaml: the table from which it is read, checked,
// written and documented.
func harvestKind() kind[Config] {
	return group("harvest.yaml", []key[Config]{
		at("contact", contact(), func(c *Config) *string { return &c.Contact }, Key{
			Otherwise: "none", Doc: "Where site owners reach whoever runs this harvester; sent with every request. Environment variables are read.",
			Example: "harvester@example.org", Also: []string{"email", "mail", "user_agent"},
		}),
		at("store", storeKind(), func(c *Config) *Store { return &c.Store }, Key{
			Default: "{}", Doc: "Where the records go: a SQLite file in the data folder unless a MongoDB address is set.",
			Example: "{mongodb: {uri: '${HARVEST_MONGODB_URI:-}'}}", Also: []string{"database", "db", "sink", "mongodb", "sqlite"},
		}),
		at("queue", queueKind(), func(c *Config) *Queue { return &c.Queue }, Key{
			Default: "{}", Doc: "Where the journals of runs live: in the data folder unless an address is set.", Example: "{url: '${HARVEST_QUEUE_URL:-}'}",
			Also: []string{"nats", "jetstream"},
		}),
		at("fetch", fetchKind(), func(c *Config) *Fetch { return &c.Fetch }, Key{
			Default: "{}", Doc: "Limits that hold for every source.", Example: "{timeout: 60s}", Also: []string{"http", "crawler", "limits"},
		}),
		at("browser", browserKind(), func(c *Config) *Browser { return &c.Browser }, Key{
			Default: "{}", Doc: "The Chromium that fills the pages of doors that say render.", Example: "{path: /usr/bin/chromium, tabs: 1}", Also: []string{"chromium", "chrome", "render"},
		}),
		at("archive", archiveKind(), func(c *Config) *Archive { return &c.Archive }, Key{
			Default: "{}", Doc: "What is kept of pages as they came, unless a source says otherwise.", Example: "{max_size: 200MiB, max_age: 720h}", Also: []string{"warc", "pages"},
		}),
		at("serve", serveKind(), func(c *Config) *Serve { return &c.Serve }, Key{
			Default: "{}", Doc: "The long-running server.", Example: "{listen: 127.0.0.1:8787}", Also: []string{"server", "web"},
		}),
		at("notify", notifyKind(), func(c *Config) *Notify { return &c.Notify }, Key{
			Default: "{}", Doc: "Who is told when a source breaks, recovers, is held for a decision or gets stale.", Example: "{webhook: {url: '${HARVEST_WEBHOOK_URL:-}'}}",
			Also: []string{"notifications", "alerts", "alert", "mail", "slack", "webhook"},
		}),
		at("links", linksKind(), func(c *Config) *Links { return &c.Links }, Key{
			Default: "{}", Doc: "How it is found out that documents are no longer where records say.", Example: "{every: 2160h, per_day: 20}",
			Also: []string{"link_check", "broken_links", "dead_links"},
		}),
		at("traces", tracesKind(), func(c *Config) *Traces { return &c.Traces }, Key{
			Default: "{}", Doc: "Where spans of runs are sent, for who wants to see what a run waits for.", Example: "{endpoint: 'http://localhost:4318'}",
			Also: []string{"tracing", "opentelemetry", "otel", "otlp"},
		}),
		at("schedule", calendarKind(), func(c *Config) *Calendar { return &c.Schedule }, Key{
			Default: "{}", Doc: "When no run of any source starts.", Example: "{blackout: [mon-fri 08:00-18:00]}", Also: []string{"calendar", "blackout"},
		}),
	})
}

func browserKind() kind[Browser] {
	return group("browser", []key[Browser]{
		at("path", line(500), func(b *Browser) *string { return &b.Path }, Key{
			Otherwise: "looked for", Doc: "The program: Chromium, Chrome, or what behaves like them.", Example: "/usr/bin/chromium", Also: []string{"program", "executable", "exec"},
		}),
		at("sandbox", yesNo(), func(b *Browser) *bool { return &b.Sandbox }, Key{
			Default: "true", Doc: "Whether Chromium keeps the scripts of pages in its sandbox. Root has none: set it to false only where nothing else runs, as in a container.", Example: "false", Also: []string{"no_sandbox"},
		}),
		at("tabs", integer(1, 16), func(b *Browser) *int { return &b.Tabs }, Key{
			Default: "2", Doc: "How many pages are filled at once.", Example: "1", Also: []string{"concurrency", "pages"},
		}),
		at("timeout", duration(time.Second, time.Hour), func(b *Browser) *time.Duration { return &b.Timeout }, Key{
			Default: "2m", Doc: "The longest that one page may take, the waits for the clocks of hosts included.", Example: "5m", Also: []string{"limit"},
		}),
	})
}

func storeKind() kind[Store] {
	mongo := group("mongodb", []key[MongoDB]{
		at("uri", serverURL("a MongoDB address such as mongodb://localhost:27017", "mongodb", "mongodb+srv"), func(m *MongoDB) *string { return &m.URI }, Key{
			Otherwise: "SQLite", Doc: "Address of the server. Environment variables are read; a password must come from one.",
			Example: "'${HARVEST_MONGODB_URI:-}'", Also: []string{"url", "address", "host"},
		}),
		at("database", databaseName(), func(m *MongoDB) *string { return &m.Database }, Key{
			Default: "harvest", Doc: "Name of the database.", Example: "harvest", Also: []string{"db", "name"},
		}),
	})
	return group("store", []key[Store]{
		at("mongodb", mongo, func(s *Store) *MongoDB { return &s.MongoDB }, Key{
			Default: "{}", Doc: "A MongoDB server.", Example: "{uri: '${HARVEST_MONGODB_URI:-}'}", Also: []string{"mongo"},
		}),
	})
}

// databaseNamePattern is narrower than what MongoDB accepts on Linux, and the
// same everywhere
// (https://www.mongodb.com/docs/manual/reference/limits/#naming-restrictions).
var databaseNamePattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,63}$`)

func databaseName() kind[string] {
	const want = "a name such as harvest"
	return single("name", want, func(_ *walker, text string) (string, fault) {
		if !databaseNamePattern.MatchString(text) {
			return "", notA(text, want, "use up to 63 letters, digits, hyphens and underscores")
		}
		return text, fault{}
	}, itself)
}

func queueKind() kind[Queue] {
	return group("queue", []key[Queue]{
		at("url", serverURL("a NATS address such as nats://localhost:4222", "nats", "tls", "ws", "wss"), func(q *Queue) *string { return &q.URL }, Key{
			Otherwise: "within the program", Doc: "Address of a NATS server with JetStream. Environment variables are read; a password must come from one.",
			Example: "'${HARVEST_QUEUE_URL:-}'", Also: []string{"uri", "address"},
		}),
	})
}

func fetchKind() kind[Fetch] {
	return group("fetch", []key[Fetch]{
		at("timeout", duration(time.Second, time.Hour), func(f *Fetch) *time.Duration { return &f.Timeout }, Key{
			Default: "60s", Doc: "How long one request may take, with its whole answer.", Example: "30s",
		}),
		at("max_body", size(1<<10, 4<<30), func(f *Fetch) *int64 { return &f.MaxBody }, Key{
			Default: "50MiB", Doc: "The largest answer that is read, after decompression.", Example: "20MiB", Also: []string{"max_size", "max_body_size", "max_bytes"},
		}),
		at("retries", integer(0, 10), func(f *Fetch) *int { return &f.Retries }, Key{
			Default: strconv.Itoa(3), Doc: "Attempts after a first one that failed for a reason that may pass.", Example: "2", Also: []string{"retry", "attempts"},
		}),
		at("concurrency", integer(1, 256), func(f *Fetch) *int { return &f.Concurrency }, Key{
			Default: strconv.Itoa(8), Doc: "Requests at the same time, over all hosts.", Example: "4", Also: []string{"workers", "parallel", "threads"},
		}),
	})
}

func serveKind() kind[Serve] {
	return group("serve", []key[Serve]{
		at("listen", listenAddress(), func(s *Serve) *string { return &s.Listen }, Key{
			Default: "127.0.0.1:8787", Doc: "Address on which the health endpoint answers. Environment variables are read.", Example: "0.0.0.0:8787",
			Also: []string{"address", "port", "bind", "addr"},
		}),
		at("oai", providerKind(), func(s *Serve) *OAI { return &s.OAI }, Key{
			Default: "{}", Doc: "Libraries may harvest the catalogue by OAI-PMH, when base_url is given.", Example: "{base_url: 'https://harvest.example.org/oai', name: Our library}",
			Also: []string{"oai_pmh", "oaipmh", "provider"},
		}),
	})
}
