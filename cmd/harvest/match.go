package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/harvest87/harvest/match"
)

// matchOptions are the flags of `harvest match`.
type matchOptions struct {
	records     string
	pairs, link bool
}

func (m Main) matchCommand(*flags) *cobra.Command {
	var o matchOptions
	cmd := &cobra.Command{
		Use:   "match --records FILE",
		Short: "Group the descriptions in a file: which of them are of one document",
		Long: `Match reads a file with one JSON object a line, also compressed with gzip, and
writes one {"id","cluster"} a line in the same order: descriptions with one
cluster are of one document. Only "id" is required; what it knows to read
besides is title, authors, year or date, venue, publisher, summary or text, doi,
isbn, url, volume, pages, edition and language. A whole reference in one string,
as "title" or "citation", is taken apart. Nothing is read but the file, and
nothing is kept.

On standard error it says what the guards against chains did.`,
		Example: `  harvest match --records records.jsonl.gz > clusters.jsonl
  harvest match --records records.jsonl --pairs        the pairs, with score and evidence
  harvest match --records two-lists.jsonl --link       no source has a document twice
  harvest export --format jsonl | harvest match --records -`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.records == "" {
				return usageError{errors.New("--records names no file; - is standard input")}
			}
			return m.match(cmd, o)
		},
	}
	cmd.Flags().StringVar(&o.records, "records", "", "the `file` with descriptions, - for standard input")
	cmd.Flags().BoolVar(&o.pairs, "pairs", false, "print pairs that are the same or unsure, with score and evidence, in place of clusters")
	cmd.Flags().BoolVar(&o.link, "link", false, "each source is free of duplicates: at most one of each in a cluster")
	return cmd
}

// matchMemory is a soft limit on the memory that matching takes, in octets: the
// collector works harder before it is passed.
const matchMemory = 1200 << 20

func (m Main) match(cmd *cobra.Command, o matchOptions) error {
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(matchMemory))
	in, err := openRecords(cmd.InOrStdin(), o.records)
	if err != nil {
		return err
	}
	defer in.Close()
	corpus := match.Corpus{OnePerSource: o.link}
	if err := readDescriptions(cmd, in, &corpus); err != nil {
		return fmt.Errorf("%s: %w", o.records, err)
	}
	clusters := corpus.Cluster()
	out := bufio.NewWriter(m.Stdout)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	if o.pairs {
		err = clusters.Pairs(func(p match.Pair) error { return enc.Encode(p) })
	} else {
		err = clusters.Each(func(id, cluster string) error {
			return enc.Encode(struct {
				ID      string `json:"id"`
				Cluster string `json:"cluster"`
			}{id, cluster})
		})
	}
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return fmt.Errorf("write clusters: %w", err)
	}
	r := clusters.Report
	fmt.Fprintf(m.Stderr, "%s, %s compared, largest cluster %d; joins refused %d, for size %d; keys shared by too many %d\n",
		number(corpus.Len(), "description", "descriptions"), number(r.Compared, "pair", "pairs"), max(r.Largest, min(1, corpus.Len())),
		r.Refused, r.Full, r.Overfull)
	return nil
}

// readDescriptions reads a file line by line.
func readDescriptions(cmd *cobra.Command, in io.Reader, corpus *match.Corpus) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 64<<10), match.MaxLineBytes)
	for n := 1; lines.Scan(); n++ {
		if n%1024 == 0 && cmd.Context().Err() != nil {
			return cmd.Context().Err()
		}
		line := bytes.TrimSpace(lines.Bytes())
		if n == 1 {
			line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
		}
		if len(line) == 0 {
			continue
		}
		d, err := match.ReadDescription(line)
		if err == nil {
			err = corpus.Add(&d)
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return fmt.Errorf("a line is longer than %d MiB", match.MaxLineBytes>>20)
	} else if err != nil {
		return err
	}
	return nil
}

// openRecords opens a file, standard input for "-", and unpacks what gzip has
// packed, whatever its name.
func openRecords(stdin io.Reader, name string) (io.ReadCloser, error) {
	file := io.NopCloser(stdin)
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		file = f
	}
	buffered := bufio.NewReader(file)
	// What is too short to be gzip is read as it is, and says itself what is wrong.
	if magic, _ := buffered.Peek(2); !bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		return readCloser{buffered, file}, nil
	}
	unpacked, err := gzip.NewReader(buffered)
	if err != nil {
		_ = file.Close() // the first error says more
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return readCloser{unpacked, file}, nil
}

type readCloser struct {
	io.Reader
	io.Closer
}
