package archive

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"sync"
)

// index is a folder's index as it was when it was opened. It is safe for
// concurrent use and takes no memory to speak of.
type index struct {
	file  *os.File
	size  int64
	body  int64 // where the entries begin
	files map[string]int64
}

// openIndex opens an index, nil when there is none.
func openIndex(path string) (*index, error) {
	file, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open index: %w", err)
	}
	info, err := file.Stat()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open index: %w", err), file.Close())
	}
	m, body, err := readMeta(bufio.NewReader(file))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open index: %w", err), file.Close())
	}
	return &index{file: file, size: info.Size(), body: body, files: m.Files}, nil
}

func (ix *index) close() error {
	if ix == nil {
		return nil
	}
	return ix.file.Close()
}

var lineReaders = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, 4<<10) }}

// fewOctets is what is read line by line rather than halved further.
const fewOctets = 4 << 10

// of returns the entries of an address, oldest first.
func (ix *index) of(url string) ([]Entry, error) {
	if ix == nil {
		return nil, nil
	}
	in := lineReaders.Get().(*bufio.Reader)
	defer lineReaders.Put(in)
	key := []byte(keyOf(url))
	low, high := ix.body, ix.size // lines before low have lesser keys
	for high-low > fewOctets {
		middle := low + (high-low)/2
		start, text, err := ix.lineBehind(in, middle)
		switch {
		case err != nil:
			return nil, err
		case text == nil || start >= high:
			high = middle
		case bytes.Compare(keyIn(text), key) < 0:
			low = start
		default:
			high = start
		}
	}
	var found []Entry
	in.Reset(io.NewSectionReader(ix.file, low, ix.size-low))
	var text []byte
	for {
		var err error
		if text, err = readLine(in, text[:0]); errors.Is(err, io.EOF) {
			return found, nil
		} else if err != nil {
			return nil, fmt.Errorf("search index: %w", err)
		}
		switch order := bytes.Compare(keyIn(text), key); {
		case order > 0:
			return found, nil
		case order < 0:
			continue
		}
		e, err := parseLine(text)
		if err != nil {
			return nil, fmt.Errorf("search index: %w", err)
		}
		if e.URL == url {
			found = append(found, e)
		}
	}
}

// lineBehind is the first line that begins behind an offset, nil at the end.
func (ix *index) lineBehind(in *bufio.Reader, offset int64) (int64, []byte, error) {
	in.Reset(io.NewSectionReader(ix.file, offset, ix.size-offset))
	part, err := readLine(in, nil)
	if err == nil {
		offset += int64(len(part))
		part, err = readLine(in, part[:0])
	}
	if errors.Is(err, io.EOF) {
		return 0, nil, nil
	}
	if err != nil {
		return 0, nil, fmt.Errorf("search index: %w", err)
	}
	return offset, part, nil
}

func keyIn(text []byte) []byte {
	key, _, _ := bytes.Cut(text, []byte{' '})
	return key
}

// all streams the entries by address and moment. It ends after an error.
func (ix *index) all() iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		if ix == nil {
			return
		}
		in := bufio.NewReaderSize(io.NewSectionReader(ix.file, ix.body, ix.size-ix.body), 64<<10)
		var text []byte
		for {
			var err error
			if text, err = readLine(in, text[:0]); errors.Is(err, io.EOF) {
				return
			}
			var e Entry
			if err == nil {
				e, err = parseLine(text)
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}
