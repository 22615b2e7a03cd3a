package sitetest

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"net/http"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// Codings are the content codings that [Compress] knows. "deflate-raw" is sent
// under the name deflate, without the zlib wrapper that belongs to it.
var Codings = []string{"gzip", "x-gzip", "deflate", "deflate-raw", "br", "zstd"}

// Compress compresses data with a content coding. It panics on one that it
// does not know.
func Compress(coding string, data []byte) []byte {
	var out bytes.Buffer
	w := compressor(coding, &out)
	w.Write(data) // to memory
	w.Close()
	return out.Bytes()
}

func compressor(coding string, out io.Writer) io.WriteCloser {
	switch coding {
	case "gzip", "x-gzip":
		return gzip.NewWriter(out)
	case "deflate":
		return zlib.NewWriter(out)
	case "deflate-raw":
		w, _ := flate.NewWriter(out, flate.DefaultCompression) // a level that exists
		return w
	case "br":
		return brotli.NewWriter(out)
	case "zstd":
		w, _ := zstd.NewWriter(out, zstd.WithEncoderConcurrency(1)) // options that exist
		return w
	}
	panic("sitetest: no coding " + coding)
}

// Encoded sends a body in a content coding, and says so.
func Encoded(coding, contentType string, body []byte) http.Handler {
	return Labelled(coding, contentType, Compress(coding, body))
}

// Labelled sends octets as they are under the label of a content coding.
func Labelled(coding, contentType string, octets []byte) http.Handler {
	if coding == "deflate-raw" {
		coding = "deflate"
	}
	return With(Content(contentType, string(octets)), "Content-Encoding", coding)
}

// Bomb sends a page that is small on the wire and has size octets after
// decompression.
func Bomb(coding string, size int) http.Handler {
	var out bytes.Buffer
	w := compressor(coding, &out)
	for piece := make([]byte, 64<<10); size > 0; size -= len(piece) {
		w.Write(piece[:min(size, len(piece))]) // to memory
	}
	w.Close()
	return Labelled(coding, "text/html", out.Bytes())
}

// Truncated promises a body and hangs up after a part of it.
func Truncated(contentType, body string, sent int) http.Handler {
	head := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", contentType, len(body))
	return Raw(head + body[:sent])
}

// CutChunked sends chunks and hangs up before the last.
func CutChunked(contentType, body string) http.Handler {
	head := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n", contentType)
	return Raw(head + fmt.Sprintf("%x\r\n%s\r\n", len(body), body))
}
