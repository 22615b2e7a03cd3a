package config

import (
	"fmt"
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
		at("max_pool", integer(1, 10_000), func(m *MongoDB) *int { return &m.MaxPool }, Key{
			Default: "100", Doc: "The most connections to one server. This key and those below give way to what the address says.", Example: "20",
			Also: []string{"pool", "pool_size", "max_pool_size", "maxpoolsize", "connections", "max_connections"},
		}),
		at("min_pool", integer(0, 10_000), func(m *MongoDB) *int { return &m.MinPool }, Key{
			Default: "0", Doc: "Connections that are kept open while nothing is asked.", Example: "2", Also: []string{"min_pool_size", "minpoolsize"},
		}),
		at("idle_timeout", duration(time.Second, 24*time.Hour), func(m *MongoDB) *time.Duration { return &m.IdleTimeout }, Key{
			Otherwise: "never", Doc: "After how long an unused connection is ended, for firewalls that forget it.", Example: "5m",
			Also: []string{"max_idle", "max_idle_time", "maxidletimems", "idle"},
		}),
		at("connect_timeout", duration(100*time.Millisecond, 10*time.Minute), func(m *MongoDB) *time.Duration { return &m.ConnectTimeout }, Key{
			Default: "30s", Doc: "How long the opening of one connection may take, with TLS and authentication.", Example: "10s",
			Also: []string{"connecttimeoutms", "connect"},
		}),
		at("server_selection_timeout", duration(100*time.Millisecond, 10*time.Minute), func(m *MongoDB) *time.Duration { return &m.SelectTimeout }, Key{
			Default: "5s", Doc: "How long a server that answers is looked for, before it counts as away.", Example: "30s",
			Also: []string{"serverselectiontimeoutms", "selection_timeout", "select_timeout"},
		}),
		at("timeout", duration(time.Second, time.Hour), func(m *MongoDB) *time.Duration { return &m.Timeout }, Key{
			Otherwise: "none", Doc: "How long one read, one write or one further part of a result may take; the write is then tried again as when the server is away.",
			Example: "1m", Also: []string{"timeoutms", "socket_timeout", "sockettimeoutms", "operation_timeout"},
		}),
		at("text_index", yesNo(), func(m *MongoDB) *bool { return &m.TextIndex }, Key{
			Default: "false", Doc: "Whether records get a text index, for those who ask the server itself with `$text`. `harvest search` does not need it. Writes take longer; a server that has none is used without.",
			Example: "true", Also: []string{"text", "fulltext", "text_search"},
		}),
	}, poolOrder)
	return group("store", []key[Store]{
		at("mongodb", mongo, func(s *Store) *MongoDB { return &s.MongoDB }, Key{
			Default: "{}", Doc: "A MongoDB server.", Example: "{uri: '${HARVEST_MONGODB_URI:-}'}", Also: []string{"mongo"},
		}),
	})
}

// poolOrder refuses a pool that cannot shrink to its size.
func poolOrder(w *walker, v value, m *MongoDB) {
	if least, ok := v.lookup("min_pool"); ok && m.MinPool > m.MaxPool {
		w.add(least, fmt.Sprintf("%d is more than max_pool, which is %d", m.MinPool, m.MaxPool), "make it smaller, or max_pool larger")
	}
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
