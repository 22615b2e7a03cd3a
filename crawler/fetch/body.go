package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/harvest87/harvest"
)

const (
	ratioFloor = 1 << 20  // octets below which a body may be as small on the wire as it likes
	maxTrailer = 64 << 10 // octets that may follow the end of a compressed body
)

// body is the answer's body as it is read: decompressed, counted, and ending in
// a *problem when it is cut, corrupt or larger than allowed.
type body struct {
	exchange *exchange
	options  *Options
	limit    int64 // octets, on the wire and after decompression
	wire     *wire
	codings  []decoder
	plain    io.Reader // nil until the first Read
	opened   []io.Closer
	err      error // sticky
}

// read reads the body as far as it is wanted: of a redirect or an error page
// as much as can be had of its beginning, of everything else the whole.
func (x *exchange) read(res *http.Response, o *Options) error {
	if x.head {
		return nil
	}
	b := &body{exchange: x, options: o, limit: max(o.maxBody(res.Header), x.atMost), wire: &wire{Reader: res.Body, count: &x.wire}}
	if x.most > 0 {
		b.limit = min(b.limit, x.most)
	}
	b.codings, b.err = codings(res.Header)
	defer b.close()
	switch {
	case redirects(res.StatusCode, res.Header):
		_, _ = io.CopyN(io.Discard, b.wire, maxRedirectBody) // so that the connection can be used again
		return nil
	case res.StatusCode >= 400:
		x.content, _ = io.ReadAll(io.LimitReader(b, maxErrorBody))
		return nil
	}
	var err error
	switch {
	case b.err != nil:
		return final(harvest.BadEncoding, b.err.Error())
	case x.atMost > 0:
		x.content, err = io.ReadAll(io.LimitReader(b, x.atMost))
	case res.ContentLength > b.limit:
		return final(harvest.TooLarge, fmt.Sprintf("announces %d octets, more than %d", res.ContentLength, b.limit))
	default:
		x.content, err = b.all(res.ContentLength)
	}
	return err
}

// maxBody is the largest body of a type.
func (o *Options) maxBody(h http.Header) int64 {
	t := mediaType(h)
	if t == "" || strings.Contains(t, "html") || strings.Contains(t, "json") {
		return min(o.MaxBody, o.MaxMarkup)
	}
	return o.MaxBody
}

// maxGuess is how much memory a server's word alone is trusted with.
const maxGuess = 1 << 20

// readBuffers are where bodies are read into. Most fit, and then take no more
// memory than they have octets.
var readBuffers = sync.Pool{New: func() any { return new([64 << 10]byte) }}

// all reads the whole body. length is that of the wire, -1 when nobody knows.
func (b *body) all(length int64) ([]byte, error) {
	buffer := readBuffers.Get().(*[64 << 10]byte)
	defer readBuffers.Put(buffer)
	out, borrowed := buffer[:0], true
	for {
		n, err := b.Read(out[len(out):cap(out)])
		out = out[:len(out)+n]
		switch {
		case errors.Is(err, io.EOF) && borrowed:
			return bytes.Clone(out), nil
		case errors.Is(err, io.EOF):
			return out, nil
		case err != nil:
			return nil, err
		case len(out) == cap(out) && borrowed:
			size := length + 1 // the last octet finds the end
			if len(b.codings) > 0 {
				size = 4 * length
			}
			out = append(make([]byte, 0, max(2*int64(len(out)), min(size, maxGuess))), out...)
			borrowed = false
		case len(out) == cap(out):
			out = slices.Grow(out, len(out))
		}
	}
}

// wire is the body as it travels.
type wire struct {
	io.Reader
	count *int64
	err   error // the first, io.EOF included
}

// Read implements io.Reader.
func (w *wire) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	*w.count += int64(n)
	if err != nil && w.err == nil {
		w.err = err
	}
	return n, err
}

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	room := b.limit - b.exchange.plain + 1
	n, err := b.read(p[:min(int64(len(p)), room)])
	b.exchange.plain += int64(n)
	if over := b.overrun(); over != nil {
		err = over
	}
	b.err = err
	return n, err
}

func (b *body) read(p []byte) (int, error) {
	if b.plain == nil {
		if err := b.open(); err != nil {
			return 0, b.explain(err)
		}
	}
	n, err := b.plain.Read(p)
	switch {
	case err == nil:
		return n, nil
	case errors.Is(err, io.EOF):
		return n, b.ending()
	default:
		return n, b.explain(err)
	}
}

// open puts the decoders around the wire. A coded body of no octets at all is
// an empty body.
func (b *body) open() error {
	b.plain = b.wire
	for _, decode := range b.codings {
		r, err := decode(b.plain)
		if err != nil {
			if errors.Is(err, io.EOF) && *b.wire.count == 0 {
				b.plain = b.wire
				return nil
			}
			return err
		}
		b.opened = append(b.opened, r)
		b.plain = r
	}
	return nil
}

// ending makes sure that the wire has ended too, and well.
func (b *body) ending() error {
	if b.wire.err == nil {
		if n, _ := io.CopyN(io.Discard, b.wire, maxTrailer); n == maxTrailer {
			return final(harvest.BadEncoding, "the compressed body goes on after its end")
		}
	}
	if b.wire.err != nil && !errors.Is(b.wire.err, io.EOF) {
		return b.explain(b.wire.err)
	}
	return io.EOF
}

func (b *body) overrun() *problem {
	x, o := b.exchange, b.options
	switch {
	case x.plain > b.limit:
		return final(harvest.TooLarge, fmt.Sprintf("the body has more than %d octets", b.limit))
	case x.wire > b.limit:
		return final(harvest.TooLarge, fmt.Sprintf("the compressed body has more than %d octets", b.limit))
	case x.plain > ratioFloor && x.plain/o.MaxRatio > x.wire:
		return final(harvest.TooLarge, fmt.Sprintf("%d octets expand more than %d-fold", x.wire, o.MaxRatio))
	}
	return nil
}

// explain says why a body could not be read: the wire's fault, if it has one,
// comes before the decoder's.
func (b *body) explain(err error) error {
	if b.wire.err != nil && !errors.Is(b.wire.err, io.EOF) {
		switch {
		case errors.Is(b.wire.err, context.DeadlineExceeded):
			return passing(harvest.TimedOut, fmt.Sprintf("the body took longer than %s", b.options.Timeout))
		case errors.Is(b.wire.err, context.Canceled):
			return b.wire.err
		default:
			return passing(harvest.Incomplete, fmt.Sprintf("the body ended after %d octets: %s", *b.wire.count, cause(b.wire.err)))
		}
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return passing(harvest.Incomplete, "the compressed body ended too early")
	}
	return final(harvest.BadEncoding, cause(err))
}

// close gives back the decoders' memory.
func (b *body) close() {
	for _, c := range slices.Backward(b.opened) {
		_ = c.Close() // there is no data in it that is still wanted
	}
}
