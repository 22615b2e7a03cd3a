package archive

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/nlnwa/gowarc/v3"
)

// MaxBody is the largest body that is kept, in octets. maxMember bounds what one
// record may be after decompression, with all its headers.
const (
	MaxBody   = 64 << 20
	maxMember = MaxBody + 1<<20
)

// errTorn is wrapped when a file ends in the middle of a record, as one does
// whose writer was killed.
var errTorn = errors.New("the record is cut off")

// member is one record of a file, with its gzip member's place.
type member struct {
	gowarc.WarcRecord
	offset, next int64
	block        []byte
}

func (m *member) get(field string) string { return m.WarcHeader().Get(field) }

// memberReader reads the records of a file. It is for one goroutine, and may be
// used for one file after the other.
type memberReader struct {
	file    io.ReaderAt
	size    int64
	wire    *bufio.Reader
	gz      *gzip.Reader
	plain   *bufio.Reader
	records gowarc.Unmarshaler
}

func newMemberReader() *memberReader {
	return &memberReader{
		wire: bufio.NewReaderSize(nil, 32<<10), plain: bufio.NewReaderSize(nil, 32<<10), gz: new(gzip.Reader),
		records: newUnmarshaler(gowarc.WithStrictValidation(), gowarc.WithBufferMaxMemBytes(maxMember)),
	}
}

func (r *memberReader) open(file io.ReaderAt, size int64) { r.file, r.size = file, size }

// at reads the record whose gzip member begins there. The error wraps errTorn
// when the file ended before the record did, and io.EOF at its end.
func (r *memberReader) at(offset int64) (m *member, err error) {
	if offset >= r.size {
		return nil, io.EOF
	}
	defer func() { // the library reads hostile octets, too
		if broken := recover(); broken != nil {
			m, err = nil, fmt.Errorf("record at %d: its reader broke: %v", offset, broken)
		}
	}()
	section := io.NewSectionReader(r.file, offset, r.size-offset)
	r.wire.Reset(section)
	if err := r.gz.Reset(r.wire); err != nil {
		return nil, damage(offset, err)
	}
	r.gz.Multistream(false)
	limited := &io.LimitedReader{R: r.gz, N: maxMember}
	r.plain.Reset(limited)
	record, skipped, _, err := r.records.Unmarshal(r.plain)
	if err == nil && skipped > 0 {
		err = errors.New("something stands before the record")
	}
	if err != nil {
		if limited.N <= 0 {
			err = fmt.Errorf("has more than %d octets", int64(maxMember))
		}
		return nil, damage(offset, err)
	}
	m = &member{WarcRecord: record, offset: offset}
	if n, err := io.Copy(io.Discard, r.plain); err != nil {
		return nil, damage(offset, err)
	} else if n > 0 {
		return nil, damage(offset, errors.New("something stands behind the record"))
	}
	raw, err := record.Block().RawBytes()
	if err == nil {
		m.block, err = io.ReadAll(raw)
	}
	if err = errors.Join(err, record.Close()); err != nil {
		return nil, damage(offset, err)
	}
	read, err := section.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil, damage(offset, err)
	}
	m.next = offset + read - int64(r.wire.Buffered())
	return m, nil
}

// damage says where a record is damaged, and whether it is only cut off.
func damage(offset int64, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("record at %d: %w: %w", offset, errTorn, err)
	}
	return fmt.Errorf("record at %d: %w", offset, err)
}

// gzipMagic begins every member (RFC 1952 section 2.3).
var gzipMagic = []byte{0x1f, 0x8b, 0x08}

// damaged is a part of a file that holds no whole record.
type damaged struct {
	offset, length int64
	err            error
}

// scan visits the records of a file in order, steps over what is damaged, and
// says what that was. It ends early with visit's error.
func (r *memberReader) scan(visit func(*member) error) ([]damaged, error) {
	var bad []damaged
	for offset := int64(0); offset < r.size; {
		m, err := r.at(offset)
		if err == nil {
			if err := visit(m); err != nil {
				return bad, err
			}
			offset = m.next
			continue
		}
		next, again := r.resume(offset + 1)
		if again != nil {
			return bad, again
		}
		bad = append(bad, damaged{offset, next - offset, err})
		offset = next
	}
	return bad, nil
}

// resume finds the next place from which a whole record can be read, the end of
// the file when there is none.
func (r *memberReader) resume(offset int64) (int64, error) {
	for {
		place, err := r.find(gzipMagic, offset)
		if err != nil || place < 0 {
			return r.size, err
		}
		if _, err := r.at(place); err == nil {
			return place, nil
		}
		offset = place + 1
	}
}

// find returns where those octets are next, -1 when nowhere.
func (r *memberReader) find(what []byte, offset int64) (int64, error) {
	buffer := make([]byte, 64<<10)
	for offset < r.size {
		n, err := r.file.ReadAt(buffer[:min(int64(len(buffer)), r.size-offset)], offset)
		if i := bytes.Index(buffer[:n], what); i >= 0 {
			return offset + int64(i), nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return -1, fmt.Errorf("read archive: %w", err)
		}
		if n < len(what) {
			return -1, nil
		}
		offset += int64(n - len(what) + 1)
	}
	return -1, nil
}
