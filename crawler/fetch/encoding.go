package fetch

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// acceptEncoding names the content codings that decoders undo (RFC 9110
// section 8.4.1, RFC 7932, RFC 8878).
const acceptEncoding = "gzip, deflate, br, zstd"

// maxCodings is how many codings one body may be wrapped in.
const maxCodings = 2

// maxZstdWindow is the window that a client must support for HTTP, and the
// largest that a server may use (RFC 9659 section 3).
const maxZstdWindow = 8 << 20

type decoder func(io.Reader) (io.ReadCloser, error)

var decoders = map[string]decoder{
	"gzip":    newGzip,
	"x-gzip":  newGzip,
	"deflate": newDeflate,
	"br":      func(r io.Reader) (io.ReadCloser, error) { return io.NopCloser(brotli.NewReader(r)), nil },
	"zstd":    newZstd,
}

// unsupported are registered codings that no decoder undoes. Other words, such
// as a charset that a server puts in the wrong header, mean nothing, as they do
// to browsers.
var unsupported = []string{"compress", "x-compress", "exi", "pack200-gzip", "aes128gcm", "dcb", "dcz"}

// codings returns the decoders to apply, in that order, to a body with this header.
func codings(h http.Header) ([]decoder, error) {
	var out []decoder
	for _, value := range h.Values("Content-Encoding") {
		for word := range strings.SplitSeq(value, ",") {
			word = strings.ToLower(strings.TrimSpace(word))
			if slices.Contains(unsupported, word) {
				return nil, fmt.Errorf("content coding %q was not asked for", word)
			}
			if d, ok := decoders[word]; ok {
				out = append(out, d)
			}
		}
	}
	if len(out) > maxCodings {
		return nil, fmt.Errorf("%d content codings around one body", len(out))
	}
	slices.Reverse(out)
	return out, nil
}

// newDeflate reads zlib, which is what "deflate" means, or the bare deflate
// that some servers send under that name (RFC 9110 section 8.4.1.2).
func newDeflate(r io.Reader) (io.ReadCloser, error) {
	b := bufio.NewReader(r)
	head, err := b.Peek(2)
	if err != nil {
		return nil, err
	}
	if head[0]&0x0f == 8 && binary.BigEndian.Uint16(head)%31 == 0 {
		return zlib.NewReader(b)
	}
	return flate.NewReader(b), nil
}

func newZstd(r io.Reader) (io.ReadCloser, error) {
	z, err := zstd.NewReader(r,
		zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxZstdWindow))
	if err != nil {
		return nil, err
	}
	return z.IOReadCloser(), nil
}

// gzipMembers reads the members of a gzip body and ignores what follows them
// that is no member: some servers append a line end to a finished stream.
type gzipMembers struct {
	src *bufio.Reader
	z   *gzip.Reader
}

func newGzip(r io.Reader) (io.ReadCloser, error) {
	src := bufio.NewReader(r)
	z, err := gzip.NewReader(src)
	if err != nil {
		return nil, err
	}
	z.Multistream(false)
	return &gzipMembers{src: src, z: z}, nil
}

// Read implements io.Reader.
func (g *gzipMembers) Read(p []byte) (int, error) {
	for {
		n, err := g.z.Read(p)
		if n > 0 && errors.Is(err, io.EOF) {
			err = nil // the next call says so again, with nothing read
		}
		if n > 0 || !errors.Is(err, io.EOF) {
			return n, err
		}
		magic, err := g.src.Peek(2)
		if err != nil || magic[0] != 0x1f || magic[1] != 0x8b {
			return 0, io.EOF
		}
		if err := g.z.Reset(g.src); err != nil {
			return 0, err
		}
		g.z.Multistream(false)
	}
}

// Close implements io.Closer.
func (g *gzipMembers) Close() error { return g.z.Close() }
