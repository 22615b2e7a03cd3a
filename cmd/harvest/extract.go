package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/memory"
	"github.com/harvest87/harvest/parsers/document"
	"github.com/harvest87/harvest/parsers/normalize"
	"github.com/harvest87/harvest/parsers/page"
)

// maxListLine bounds a line of --list, in octets.
const maxListLine = 1 << 20

// saved is a line of --list.
type saved struct {
	File string `json:"file"`
	URL  string `json:"url"`
	// Charset is the encoding that the HTTP header named, if it is known.
	Charset string `json:"charset"`
}

// extracted is what one saved page says, a line of the output.
type extracted struct {
	File       string   `json:"file"`
	Title      string   `json:"title,omitempty"`
	Date       string   `json:"date,omitempty"`      // YYYY, YYYY-MM or YYYY-MM-DD
	Published  string   `json:"published,omitempty"` // where Date is that of the last change
	Modified   string   `json:"modified,omitempty"`
	Authors    []string `json:"authors,omitempty"`
	Summary    string   `json:"summary,omitempty"`
	Truncated  bool     `json:"summary_truncated,omitempty"`
	Lang       string   `json:"lang,omitempty"` // BCP 47
	Category   string   `json:"category,omitempty"`
	Categories []string `json:"categories,omitempty"` // labels as printed
	Tags       []string `json:"tags,omitempty"`
	Publisher  string   `json:"publisher,omitempty"`
	Countries  []string `json:"countries,omitempty"` // ISO 3166-1 alpha-2
	Topics     []string `json:"topics,omitempty"`
	// Documents is what is known of a file that is a document itself.
	Documents  []harvest.Document          `json:"documents,omitempty"`
	Millis     float64                     `json:"ms"` // reading the page took so long
	Notes      []string                    `json:"notes,omitempty"`
	Error      string                      `json:"error,omitempty"`
	Provenance map[string]harvest.Evidence `json:"provenance,omitempty"`
	Candidates map[string][]page.Candidate `json:"candidates,omitempty"`
}

// extraction is one call of the command.
type extraction struct {
	list, root string
	explain    bool
	habits     bool
	jobs       int
}

func (m Main) extractCommand(*flags) *cobra.Command {
	var x extraction
	cmd := &cobra.Command{
		Use:   "extract --list FILE --root DIR",
		Short: "Read saved pages and print what each says of itself",
		Long: `Extract reads saved HTML pages, of any site, and prints one line of JSON for each,
in the order of the list: title, date, authors, summary, language, categories and
tags, and how many milliseconds the reading took. It asks no site and writes
nothing else. Each line of the list is JSON: "file", the page's name below the
root; "url", where the page stood; "charset", if its HTTP header named one.
"date" is the date that a reader finds: when the page was published or, where only
the day of its last change is printed, that one; "published" then has what is only
declared. "modified" is when the page was last changed.

--habits reads all pages twice, and needs a list that is a file. What recurs on
four and more pages of one host is then none of theirs: the same words in every
title, one description or one day for all. The answers depend on the whole list.

--explain adds which evidence gave each value, and all values that were
considered, best first. A file that cannot be read gives a line with "error", and
the exit code is 1.`,
		Example: `  harvest extract --list pages.jsonl --root pages > fields.jsonl
  harvest extract --list site.jsonl --root site --habits
  harvest extract --list - --root pages --explain < pages.jsonl`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return m.extract(cmd.Context(), cmd.InOrStdin(), x) },
	}
	fl := cmd.Flags()
	fl.StringVar(&x.list, "list", "", "the `file` with one page a line, - for standard input")
	fl.StringVar(&x.root, "root", ".", "the `folder` with the pages; nothing outside it is read")
	fl.BoolVar(&x.explain, "explain", false, "add the evidence and all candidates of each field")
	fl.BoolVar(&x.habits, "habits", false, "read the pages twice: learn first what recurs on the pages of a site")
	fl.IntVar(&x.jobs, "jobs", runtime.GOMAXPROCS(0), "how many pages are read at a time")
	return cmd
}

// extractGC is how much the heap may grow between two collections, in per cent:
// one page after the other is garbage, and nothing waits for others. GOGC in the
// environment has the last word.
const extractGC = 300

func (m Main) extract(ctx context.Context, stdin io.Reader, x extraction) error {
	defer memory.Hold(extractGC)()
	if x.list == "" {
		return usageError{errors.New("--list is missing: a file with lines such as {\"file\":\"a.html\",\"url\":\"https://example.org/a\"}")}
	}
	if x.jobs < 1 {
		return usageError{fmt.Errorf("--jobs is %d; it must be at least 1", x.jobs)}
	}
	if x.habits && x.list == "-" {
		return usageError{errors.New("--habits reads the list twice, which standard input does not allow: name a file with --list")}
	}
	vocab, err := config.LoadVocabulary()
	if err != nil {
		return fmt.Errorf("extract: %w", err)
	}
	root, err := os.OpenRoot(x.root)
	if err != nil {
		return fmt.Errorf("extract: %w", err)
	}
	defer root.Close()
	list := stdin
	if x.list != "-" {
		f, err := os.Open(x.list)
		if err != nil {
			return fmt.Errorf("extract: %w", err)
		}
		defer f.Close()
		list = f
	}
	habits, err := x.learnHabits(ctx, root)
	if err != nil {
		return fmt.Errorf("extract: %w", err)
	}
	failed, err := x.all(ctx, list, m.Stdout, func(s saved) extracted {
		return readExtracted(root, s, vocab, habits[hostOf(s.URL)], x.explain)
	})
	if err != nil {
		return fmt.Errorf("extract: %w", err)
	}
	if failed > 0 {
		fmt.Fprintf(m.Stderr, "harvest: %s could not be read; see \"error\" in the output\n", number(failed, "page", "pages"))
		return errSilent
	}
	return nil
}

// all reads the pages of the list, jobs at a time, and writes the answers in
// the list's order. It returns how many pages could not be read.
func (x extraction) all(ctx context.Context, list io.Reader, w io.Writer, read func(saved) extracted) (failed int, err error) {
	g, ctx := errgroup.WithContext(ctx)
	waiting := make(chan chan extracted, x.jobs) // answers, in order
	slots := make(chan struct{}, x.jobs)
	g.Go(func() error {
		defer close(waiting)
		return eachSaved(list, func(s saved) error {
			answer := make(chan extracted, 1)
			select {
			case slots <- struct{}{}:
			case <-ctx.Done():
				return ctx.Err()
			}
			g.Go(func() error {
				defer func() { <-slots }()
				answer <- read(s)
				return nil
			})
			select {
			case waiting <- answer:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	})
	g.Go(func() error {
		for answer := range waiting {
			e := <-answer
			if e.Error != "" {
				failed++
			}
			if err := writeExtracted(w, e); err != nil {
				return err
			}
		}
		return nil
	})
	return failed, g.Wait()
}

func writeExtracted(w io.Writer, e extracted) error {
	safe := safeJSON(w)
	enc := json.NewEncoder(safe)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(e); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return safe.Close()
}

// eachSaved hands on the lines of the list. An error names its line.
func eachSaved(list io.Reader, give func(saved) error) error {
	lines := bufio.NewScanner(list)
	lines.Buffer(nil, maxListLine)
	n := 0
	for lines.Scan() {
		n++
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var s saved
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			return fmt.Errorf("line %d of the list is not JSON: %w", n, err)
		}
		if s.File == "" {
			return fmt.Errorf(`line %d of the list names no "file"`, n)
		}
		if err := give(s); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("line %d of the list: %w", n+1, err)
	}
	return nil
}

// readExtracted reads one page. Whatever is wrong with it is in Error.
func readExtracted(root *os.Root, s saved, vocab *config.Vocabulary, habits *page.Habits, explain bool) (out extracted) {
	defer func() {
		if p := recover(); p != nil {
			out = extracted{File: s.File, Error: fmt.Sprintf("the page broke the parser: %v", p)}
		}
	}()
	body, err := bodyOf(root, s.File)
	if err != nil {
		return extracted{File: s.File, Error: err.Error()}
	}
	start := time.Now()
	if t := document.Sniff(body); t == document.PDF || t == document.DOCX || t == document.ODT {
		return readFile(s, body, vocab, start, explain)
	}
	found := page.ExtractKnowing(habits, s.URL, body, s.Charset, config.PageRules{})
	r := &found.Record
	normalize.Finish(r, nil, vocab)
	spent := time.Since(start)
	out = extractedFrom(s.File, r, spent)
	out.Tags, out.Notes = found.Tags, found.Notes
	if d := found.ShownDate; !d.IsZero() {
		out.Date, out.Published = d.Value, out.Date
	}
	if explain {
		out.Provenance, out.Candidates = r.Provenance, found.Candidates
	}
	return out
}

// readFile reads a file that is no page but a document.
func readFile(s saved, body []byte, vocab *config.Vocabulary, start time.Time, explain bool) extracted {
	address := s.URL
	if address == "" { // which a document has, as a record's file
		address = "file:" + s.File
	}
	facts, v := document.Read(context.Background(), body, document.Limits{})
	var r harvest.Record
	facts.Enter(&r, address, true)
	files := r.Documents
	normalize.Finish(&r, nil, vocab)
	out := extractedFrom(s.File, &r, time.Since(start))
	out.Documents = files
	if v.Outcome != harvest.DocumentRead {
		out.Notes = append(out.Notes, strings.TrimSuffix(string(v.Outcome)+": "+v.Reason, ": "))
	}
	if explain {
		out.Provenance = r.Provenance
	}
	return out
}

func extractedFrom(file string, r *harvest.Record, spent time.Duration) extracted {
	return extracted{
		File: file, Title: r.Title, Date: r.Published.Value, Modified: r.Modified.Value, Authors: r.Authors,
		Summary: r.Summary, Truncated: r.SummaryBasis.Truncated, Lang: r.Language.Value, Category: r.Category,
		Categories: r.CategoriesRaw, Publisher: r.Publisher, Countries: r.Countries, Topics: r.Topics,
		Millis: float64(spent.Microseconds()) / 1000,
	}
}

// bodyOf reads a file below the root.
func bodyOf(root *os.Root, name string) ([]byte, error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	body, err := io.ReadAll(io.LimitReader(f, maxSaved+1))
	if err != nil {
		return nil, err
	}
	if len(body) > maxSaved {
		return nil, fmt.Errorf("%s is larger than %d MiB", name, maxSaved>>20)
	}
	return body, nil
}
