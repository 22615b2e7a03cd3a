package ferrettest_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/mongo"
)

const manual = "../../../docs/querying.md"

// section is the text of the manual between two headings.
func section(t *testing.T, from, to string) string {
	t.Helper()
	all, err := os.ReadFile(manual)
	if err != nil {
		t.Fatal(err)
	}
	_, text, ok := strings.Cut(string(all), "\n"+from+"\n")
	if !ok {
		t.Fatalf("%s has no %q", manual, from)
	}
	text, _, ok = strings.Cut(text, "\n"+to+"\n")
	if !ok {
		t.Fatalf("%s has no %q behind %q", manual, to, from)
	}
	return text
}

// blocks are the fenced blocks of a language in a text.
func blocks(text, language string) []string {
	var out []string
	for _, m := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(text, -1) {
		out = append(out, m[1])
	}
	return out
}

// unasked is the title of a record that no example asks for.
const unasked = "A report that nobody asked for"

// bookshop fills a database in which every example of the manual finds something.
func bookshop(t *testing.T, uri string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c, err := mongo.Open(ctx, mongo.Options{URI: uri})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	run := harvest.Run{
		ID: "respect@20260301T030000Z", Source: "respect", ScheduledAt: noon, StartedAt: noon, EndedAt: noon.Add(time.Minute),
		State: harvest.RunPartial, Reason: "two pages failed", Requests: 9, WireBytes: 1 << 20,
		Outcomes: map[harvest.Outcome]int{harvest.NewRecord: 4, harvest.ServerError: 2},
		Samples:  []harvest.Event{{Outcome: harvest.ServerError, URL: "https://respect.example/x", Reason: "500"}},
		Labels:   map[string]int{"Dr. Smith & Co.": 4},
	}
	var records []harvest.Record
	for n, source := range []harvest.SourceID{"respect", "respect", "delta87", "delta87"} {
		url := fmt.Sprintf("https://%s.example/resources/%d/", source, n+1)
		r := harvest.Record{
			ID: harvest.NewRecordID(source, "", url), Source: source, URL: url, Title: fmt.Sprintf("Guidance %d", n+1),
			Published: harvest.MonthDate(2021, time.Month(4+n)), Language: harvest.Language{Value: "en-GB"},
			Countries: []string{"NP", "GB"}, Topics: []string{"supply-chains"}, Identifiers: harvest.Identifiers{DOI: "10.1234/example"},
			Documents:  []harvest.Document{{URL: url + "a.pdf", MediaType: "application/pdf", Bytes: 1_500_000}},
			Provenance: map[string]harvest.Evidence{"title": {Basis: "selector", Detail: "h1"}},
		}
		if n > 0 {
			r.Category = "guidance"
		}
		records = append(records, r)
	}
	if _, err := c.Put(ctx, run.ID, noon.AddDate(0, 0, 4), records); err != nil {
		t.Fatal(err)
	}
	other := harvest.Record{
		ID: "walkfree:1", Source: "walkfree", URL: "https://walkfree.example/1", Title: unasked, Category: "report",
		Published: harvest.YearDate(2022), Language: harvest.Language{Value: "es"}, Countries: []string{"NP"}, Topics: []string{"migration"},
	}
	if _, err := c.Put(ctx, run.ID, noon.AddDate(0, 0, -4), []harvest.Record{other}); err != nil {
		t.Fatal(err)
	}
	curator := harvest.Signature{Author: "ana", Reason: "the cover says so"}
	_, err = c.Amend(ctx, curator, noon.AddDate(0, 0, 5), []harvest.RecordID{records[0].ID}, func(r *harvest.Record) error {
		return r.Override("publisher", harvest.Override{Value: []string{"RESPECT"}, Author: curator.Author, Reason: curator.Reason, At: noon})
	})
	for _, err := range []error{
		err,
		c.PutRun(ctx, run),
		c.PutWorks(ctx, noon, []harvest.Work{{ID: "w:1", Members: []harvest.Member{
			{Record: records[0].ID, Method: "doi", Evidence: "10.1234/example"},
			{Record: records[2].ID, Method: "doi", Evidence: "10.1234/example"},
		}}}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestManual runs every example of the manual.
func TestManual(t *testing.T) {
	uri := serve(t)
	bookshop(t, uri)
	client, err := driver.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Disconnect(context.WithoutCancel(t.Context())) })
	db := client.Database("harvest")

	mongoDB := section(t, "## MongoDB", "### Indexes")
	_, examplesText, _ := strings.Cut(mongoDB, "\n### Examples\n")
	examples := blocks(examplesText, "js")
	if len(examples) < 15 {
		t.Fatalf("%d examples found: has the manual changed its form?", len(examples))
	}
	for _, example := range examples {
		code := strings.TrimSpace(comment.ReplaceAllString(example, ""))
		t.Run(code[:min(50, len(code))], func(t *testing.T) {
			c, err := parseCommand(example)
			if err != nil {
				t.Fatalf("%s\n%v", example, err)
			}
			n, found, err := c.run(t.Context(), db)
			if err != nil {
				t.Fatalf("%s\n%v", example, err)
			}
			if n == 0 {
				t.Errorf("finds nothing:\n%s", example)
			}
			if strings.Contains(fmt.Sprint(found), unasked) {
				t.Errorf("finds what nobody asked for:\n%s", example)
			}
		})
	}
	t.Run("python", func(t *testing.T) { runPython(t, uri, blocks(mongoDB, "python")) })
}

// runPython runs the examples for pymongo where it is installed.
func runPython(t *testing.T, uri string, examples []string) {
	if err := exec.Command("python3", "-c", "import pymongo").Run(); err != nil {
		t.Skip("SKIPPED: python3 with pymongo is not installed, its examples are not run")
	}
	for _, example := range examples {
		cmd := exec.Command("python3", "-c", example)
		cmd.Env = append(os.Environ(), "HARVEST_MONGODB_URI="+uri)
		out, err := cmd.CombinedOutput()
		if err != nil || len(strings.TrimSpace(string(out))) == 0 {
			t.Errorf("%s\n%v\n%s", example, err, out)
		}
		if strings.Contains(example, "unquote") && !strings.Contains(string(out), "Dr. Smith & Co.") {
			t.Errorf("the label is not undone:\n%s", out)
		}
	}
}

// command is one line of mongosh: db.collection.method(arguments), with the
// methods of its cursor behind it.
type command struct {
	collection string
	calls      []call
}

type call struct {
	method    string
	arguments bson.A
}

var (
	comment = regexp.MustCompile(`(?m)^//.*$`)
	moment  = regexp.MustCompile(`ISODate\(("[^"]*")\)`)
	bareKey = regexp.MustCompile(`([{,]\s*)([A-Za-z_$][\w$]*)\s*:`)
	begins  = regexp.MustCompile(`^db\.(\w+)`)
	method  = regexp.MustCompile(`^\.(\w+)\(`)
)

// parseCommand reads the part of mongosh's language that the manual uses. The
// arguments become extended JSON
// (https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/).
func parseCommand(text string) (command, error) {
	text = strings.TrimSpace(comment.ReplaceAllString(text, ""))
	m := begins.FindStringSubmatch(text)
	if m == nil {
		return command{}, fmt.Errorf("does not begin with db.collection")
	}
	c := command{collection: m[1]}
	for rest := text[len(m[0]):]; rest != ""; {
		m := method.FindStringSubmatch(rest)
		if m == nil {
			return command{}, fmt.Errorf("%q is no call", rest)
		}
		inside, behind, ok := cutParenthesis(rest[len(m[0]):])
		if !ok {
			return command{}, fmt.Errorf("a parenthesis is not closed")
		}
		json := bareKey.ReplaceAllString(moment.ReplaceAllString(inside, `{"$$date": $1}`), `$1"$2":`)
		var parsed struct {
			Arguments bson.A `bson:"arguments"`
		}
		if err := bson.UnmarshalExtJSON([]byte(`{"arguments": [`+json+`]}`), false, &parsed); err != nil {
			return command{}, fmt.Errorf("%s: %w", json, err)
		}
		c.calls = append(c.calls, call{m[1], parsed.Arguments})
		rest = behind
	}
	return c, nil
}

// cutParenthesis cuts behind the parenthesis that closes the one before s.
func cutParenthesis(s string) (inside, behind string, ok bool) {
	depth, quoted := 1, false
	for i, r := range s {
		switch {
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '(':
			depth++
		case r == ')':
			if depth--; depth == 0 {
				return s[:i], s[i+1:], true
			}
		}
	}
	return "", "", false
}

// run sends the command; n counts what it finds.
func (c *command) run(ctx context.Context, db *driver.Database) (n int, found []bson.D, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	collection, first := db.Collection(c.collection), c.calls[0]
	var cursor *driver.Cursor
	switch first.method {
	case "countDocuments":
		n, err := collection.CountDocuments(ctx, first.arguments[0])
		return int(n), nil, err
	case "aggregate":
		cursor, err = collection.Aggregate(ctx, first.arguments[0])
	case "find":
		var o *options.FindOptionsBuilder
		if o, err = c.findOptions(); err == nil {
			cursor, err = collection.Find(ctx, first.arguments[0], o)
		}
	default:
		return 0, nil, fmt.Errorf("the test does not know %s", first.method)
	}
	if err != nil {
		return 0, nil, err
	}
	err = cursor.All(ctx, &found)
	return len(found), found, err
}

func (c *command) findOptions() (*options.FindOptionsBuilder, error) {
	o := options.Find()
	if len(c.calls[0].arguments) > 1 {
		o.SetProjection(c.calls[0].arguments[1])
	}
	for _, next := range c.calls[1:] {
		switch next.method {
		case "sort":
			o.SetSort(next.arguments[0])
		case "limit":
			n, ok := next.arguments[0].(int32)
			if !ok {
				return nil, fmt.Errorf("limit %v is no number", next.arguments[0])
			}
			o.SetLimit(int64(n))
		default:
			return nil, fmt.Errorf("the test does not know %s", next.method)
		}
	}
	return o, nil
}
