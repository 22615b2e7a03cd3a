package xmlbody

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
)

// ErrTooLarge is returned for a body that decompresses to more than is allowed,
// or is made of more pieces than any format needs.
var ErrTooLarge = errors.New("decompresses to more than is read")

// maxLayers is how often a body may be compressed: sitemap.xml.gz is, and some
// servers compress it a second time on the way without saying so.
const maxLayers = 2

// gzipMagic begins a member (RFC 1952 section 2.3.1).
const gzipMagic = "\x1f\x8b\x08"

// Unpack returns the content of a body of which at most so many octets are
// read. Gzip is undone; it is recognised by its first octets, for files are
// sent as text/xml and what is no longer compressed still bears ".gz". Reading
// beyond the bound ends in [ErrTooLarge]; a body cut short ends in
// [io.ErrUnexpectedEOF].
func Unpack(body []byte, most int64) io.Reader {
	var r io.Reader = bytes.NewReader(body)
	for range maxLayers {
		b := bufio.NewReader(r)
		magic, _ := b.Peek(3)
		if !bytes.Equal(magic, []byte(gzipMagic)) {
			r = b
			break
		}
		z, err := gzip.NewReader(b)
		if err != nil {
			return failing{err}
		}
		z.Multistream(false)
		r = &members{src: b, z: z}
	}
	return &bounded{r: r, left: most}
}

// members reads the members of a gzip file. What follows them and is none,
// such as a line end, is left out.
type members struct {
	src *bufio.Reader
	z   *gzip.Reader
}

// Read implements io.Reader.
func (m *members) Read(p []byte) (int, error) {
	for {
		n, err := m.z.Read(p)
		if n > 0 && errors.Is(err, io.EOF) {
			err = nil // the next call says so again
		}
		if n > 0 || !errors.Is(err, io.EOF) {
			return n, err
		}
		if magic, _ := m.src.Peek(3); !bytes.Equal(magic, []byte(gzipMagic)) {
			return 0, io.EOF
		}
		if err := m.z.Reset(m.src); err != nil {
			return 0, err
		}
		m.z.Multistream(false)
	}
}

type bounded struct {
	r    io.Reader
	left int64
}

// Read implements io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		var one [1]byte
		if n, err := b.r.Read(one[:]); n == 0 && err != nil {
			return 0, err
		}
		return 0, ErrTooLarge
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

type failing struct{ err error }

// Read implements io.Reader.
func (f failing) Read([]byte) (int, error) { return 0, f.err }
