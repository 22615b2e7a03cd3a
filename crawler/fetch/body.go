package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

	"github.com/harvest87/harvest"
)

const (
	ratioFloor = 1 << 20  // octets below which a body may be as small on the wire as it likes
	maxTrailer = 64 << 10 // octets that may follow the end of a compressed body
)

// body is the answer's body as Colly reads it: decompressed, counted, and
// ending in a *problem when it is cut, corrupt or larger than allowed.
type body struct {
	exchange *exchange
	options  *Options
	wire     *wire
	codings  []decoder
	plain    io.Reader // nil until the first Read
	opened   []io.Closer
	err      error // sticky
}

// wire is the body as it travels.
type wire struct {
	io.ReadCloser
	count *int64
	err   error // the first, io.EOF included
}

// Read implements io.Reader.
func (w *wire) Read(p []byte) (int, error) {
	n, err := w.ReadCloser.Read(p)
	*w.count += int64(n)
	if err != nil && w.err == nil {
		w.err = err
	}
	return n, err
}

func newBody(res *http.Response, x *exchange, o *Options) *body {
	b := &body{exchange: x, options: o, wire: &wire{ReadCloser: res.Body, count: &x.wire}}
	b.codings, b.err = codings(res.Header)
	return b
}

// refuse says why a body need not be read at all: it is larger than allowed by
// its own word, or in a coding that nobody undoes.
func (b *body) refuse(res *http.Response) *problem {
	if b.err != nil {
		return final(harvest.BadEncoding, b.err.Error())
	}
	if o := b.options; res.ContentLength > o.MaxBody {
		return final(harvest.TooLarge, fmt.Sprintf("announces %d octets, more than %d", res.ContentLength, o.MaxBody))
	}
	return nil
}

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	room := b.options.MaxBody - b.exchange.plain + 1
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
	case x.plain > o.MaxBody:
		return final(harvest.TooLarge, fmt.Sprintf("the body has more than %d octets", o.MaxBody))
	case x.wire > o.MaxBody:
		return final(harvest.TooLarge, fmt.Sprintf("the compressed body has more than %d octets", o.MaxBody))
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

// Close implements io.Closer. It ends the exchange, and with it the host's turn.
func (b *body) Close() error {
	for _, c := range slices.Backward(b.opened) {
		c.Close() // a decoder holds memory, never data that is still wanted
	}
	err := b.wire.Close()
	b.exchange.end()
	return err
}
