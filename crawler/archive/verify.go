package archive

import (
	"context"
	"fmt"
	"os"

	"github.com/nlnwa/gowarc/v3"
)

// Verified is what a look at every record of a file found.
type Verified struct {
	File    string `json:"file"`
	Records int    `json:"records"`
	Bytes   int64  `json:"bytes"`
	// Damaged are places that hold no whole record, and records that cannot be
	// what they say.
	Damaged []Damage `json:"damaged,omitempty"`
}

// Damage is one thing that is wrong with a file.
type Damage struct {
	Offset int64  `json:"offset"`
	Length int64  `json:"length"`
	Why    string `json:"why"`
}

// Verify reads every record of every file with all checks of the WARC library:
// compression, fields, lengths, digests; and of each answer, that it is one.
func (f Folder) Verify(ctx context.Context) ([]Verified, error) {
	if err := f.mendIfIdle(ctx); err != nil {
		return nil, err
	}
	names, _, err := f.files()
	if err != nil {
		return nil, err
	}
	var out []Verified
	for _, name := range names {
		v, err := f.verifyFile(ctx, name)
		if err != nil {
			return out, err
		}
		out = append(out, v)
	}
	return out, nil
}

func (f Folder) verifyFile(ctx context.Context, name string) (Verified, error) {
	v := Verified{File: name}
	file, err := os.Open(f.path(name))
	if err != nil {
		return v, fmt.Errorf("verify archive: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return v, fmt.Errorf("verify archive: %w", err)
	}
	v.Bytes = info.Size()
	r := newMemberReader()
	r.open(file, info.Size())
	bad, err := r.scan(func(m *member) error {
		v.Records++
		if m.Type() == gowarc.Response || m.Type() == gowarc.Revisit {
			if _, err := entryAt(m); err != nil {
				v.Damaged = append(v.Damaged, Damage{m.offset, m.next - m.offset, err.Error()})
			}
		}
		return context.Cause(ctx)
	})
	for _, d := range bad {
		v.Damaged = append(v.Damaged, Damage{d.offset, d.length, d.err.Error()})
	}
	return v, err
}
