package archive

import (
	"bufio"
	"bytes"
	"container/heap"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"

	"github.com/nlnwa/gowarc/v3"
)

// meta is the first line of an index: the files it speaks of, with the sizes
// that they had. Whole files only ever change by losing records, so that one
// with the same size is the same.
type meta struct {
	Files map[string]int64 `json:"files"`
}

const (
	metaMark = "!meta "
	// maxLine bounds a line: an address has 8 KiB at most, and stands in it twice.
	maxLine = 1 << 20
	// maxMerged is how many indexes are merged at a time, since each is an open file.
	maxMerged = 128
)

func (m meta) appendLine(b []byte) []byte {
	text, err := json.Marshal(m)
	if err != nil {
		return b // a map of numbers always marshals
	}
	return append(append(append(b, metaMark...), text...), '\n')
}

// readMeta reads the first line; an error means that the index is to be made anew.
func readMeta(r *bufio.Reader) (meta, int64, error) {
	var m meta
	first, err := r.ReadBytes('\n')
	if err != nil {
		return m, 0, fmt.Errorf("read index: %w", err)
	}
	text, ok := bytes.CutPrefix(first, []byte(metaMark))
	if !ok || json.Unmarshal(text, &m) != nil {
		return m, 0, errLine
	}
	return m, int64(len(first)), nil
}

// ready makes sure that the folder's index is there and speaks of the files that
// are there. It may be called by several processes at once.
func (f Folder) ready(ctx context.Context) error {
	names, sizes, err := f.files()
	if err != nil || len(names) == 0 {
		return err
	}
	if f.speaksOf(indexName, sizes) {
		return nil
	}
	parts := make([]string, 0, len(names))
	for _, name := range names {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		part := name + cdxjSuffix
		if !f.speaksOf(part, map[string]int64{name: sizes[name]}) {
			if err := f.indexFile(name); err != nil {
				return err
			}
		}
		parts = append(parts, part)
	}
	return f.merge(ctx, indexName, meta{sizes}, parts)
}

// speaksOf reports whether an index is about exactly those files.
func (f Folder) speaksOf(name string, sizes map[string]int64) bool {
	file, err := os.Open(f.path(name))
	if err != nil {
		return false
	}
	m, _, err := readMeta(bufio.NewReader(file))
	return file.Close() == nil && err == nil && maps.Equal(m.Files, sizes)
}

// indexFile reads a WARC file and writes its index. What is damaged is left out.
func (f Folder) indexFile(name string) error {
	file, err := os.Open(f.path(name))
	if err != nil {
		return fmt.Errorf("index archive: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("index archive: %w", err)
	}
	var entries []Entry
	r := newMemberReader()
	r.open(file, info.Size())
	_, err = r.scan(func(m *member) error {
		if e, err := entryAt(m); err == nil && (m.Type() == gowarc.Response || m.Type() == gowarc.Revisit) {
			e.File = name
			entries = append(entries, e)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("index %s: %w", name, err)
	}
	return f.writeIndex(name, info.Size(), entries)
}

// entryAt makes the index entry of a record.
func entryAt(m *member) (Entry, error) {
	k, err := keptOf(m)
	if err != nil {
		return Entry{}, err
	}
	e := entryOf(k, m.get(gowarc.WarcPayloadDigest), m.offset, m.next-m.offset)
	if e.Revisit = m.Type() == gowarc.Revisit; !e.Revisit {
		e.Size = int64(len(k.Body))
		return e, nil
	}
	e.Refers, err = m.WarcHeader().GetTime(gowarc.WarcRefersToDate)
	return e, err
}

// writeIndex writes the index of one file.
func (f Folder) writeIndex(name string, size int64, entries []Entry) error {
	for i := range entries {
		entries[i].sortKey()
	}
	slices.SortFunc(entries, func(a, b Entry) int { return a.compare(&b) })
	return f.replace(tempPrefix, name+cdxjSuffix, func(w io.Writer) error {
		out := bufio.NewWriterSize(w, 64<<10)
		b := meta{map[string]int64{name: size}}.appendLine(nil)
		for i := range entries {
			b = entries[i].appendLine(b)
			if _, err := out.Write(b); err != nil {
				return err
			}
			b = b[:0]
		}
		if _, err := out.Write(b); err != nil {
			return err
		}
		return out.Flush()
	})
}

// merge makes one index of several, in memory that does not grow with them.
func (f Folder) merge(ctx context.Context, name string, m meta, parts []string) error {
	for len(parts) > maxMerged {
		temp, err := os.CreateTemp(f.dir, tempPrefix)
		if err != nil {
			return fmt.Errorf("merge indexes: %w", err)
		}
		defer os.Remove(temp.Name())
		err = f.mergeInto(ctx, temp, meta{}, parts[:maxMerged])
		if err = errors.Join(err, temp.Close()); err != nil {
			return err
		}
		rel := temp.Name()[len(f.dir)+1:]
		parts = append(slices.Clone(parts[maxMerged:]), rel)
	}
	return f.replace(tempPrefix, name, func(w io.Writer) error { return f.mergeInto(ctx, w, m, parts) })
}

func (f Folder) mergeInto(ctx context.Context, w io.Writer, m meta, parts []string) error {
	var queue mergeQueue
	defer func() {
		for _, c := range queue {
			_ = c.file.Close() // it was only read
		}
	}()
	for _, part := range parts {
		c, err := openCursor(f.path(part))
		if err != nil {
			return err
		}
		if c != nil {
			queue = append(queue, c)
		}
	}
	heap.Init(&queue)
	out := bufio.NewWriterSize(w, 64<<10)
	if _, err := out.Write(m.appendLine(nil)); err != nil {
		return err
	}
	for n := 0; len(queue) > 0; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		c := queue[0]
		if _, err := out.Write(c.text); err != nil {
			return err
		}
		more, err := c.next()
		if err != nil {
			return err
		}
		if more {
			heap.Fix(&queue, 0)
			continue
		}
		heap.Pop(&queue)
		if err := c.file.Close(); err != nil {
			return fmt.Errorf("merge indexes: %w", err)
		}
	}
	return out.Flush()
}

// cursor stands on a line of an index.
type cursor struct {
	file  *os.File
	in    *bufio.Reader
	text  []byte // with its line end
	entry Entry
}

// openCursor stands on the first line, nil when there is none.
func openCursor(path string) (*cursor, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("merge indexes: %w", err)
	}
	c := &cursor{file: file, in: bufio.NewReaderSize(file, 16<<10)}
	if _, _, err := readMeta(c.in); err != nil {
		return nil, errors.Join(fmt.Errorf("merge indexes: %s: %w", path, err), file.Close())
	}
	more, err := c.next()
	if err != nil || !more {
		return nil, errors.Join(err, file.Close())
	}
	return c, nil
}

func (c *cursor) next() (bool, error) {
	text, err := readLine(c.in, c.text[:0])
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	c.text = text
	c.entry, err = parseLine(text)
	return err == nil, err
}

// readLine reads a line with its end into b. A last line without one is no line.
func readLine(in *bufio.Reader, b []byte) ([]byte, error) {
	for {
		part, err := in.ReadSlice('\n')
		b = append(b, part...)
		switch {
		case err == nil:
			return b, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return b, err
		case len(b) > maxLine:
			return b, fmt.Errorf("%w: it has more than %d octets", errLine, maxLine)
		}
	}
}

// mergeQueue has the cursor with the first entry at its head.
type mergeQueue []*cursor

func (q mergeQueue) Len() int           { return len(q) }
func (q mergeQueue) Less(i, j int) bool { return q[i].entry.compare(&q[j].entry) < 0 }
func (q mergeQueue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }

// Push implements heap.Interface.
func (q *mergeQueue) Push(c any) { *q = append(*q, c.(*cursor)) }

// Pop implements heap.Interface.
func (q *mergeQueue) Pop() any {
	old := *q
	c := old[len(old)-1]
	*q = old[:len(old)-1]
	return c
}

// dropIndex removes an index; the next reader makes it anew.
func (f Folder) dropIndex(name string) error {
	if err := os.Remove(f.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove index: %w", err)
	}
	return nil
}
