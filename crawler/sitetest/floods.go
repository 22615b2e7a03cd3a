package sitetest

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

// The floods are answers that are correct, or nearly, and never end or weigh
// nothing: what a client that only counts the octets of bodies does not notice.

// taken runs f on the connection of a request. It works on HTTP/1 only.
func taken(f func(conn net.Conn, w *bufio.Writer, r *http.Request)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, buffered, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic("sitetest: " + err.Error())
		}
		defer conn.Close()
		f(conn, buffered.Writer, r)
	})
}

// repeat writes a text again and again, n times or for ever, until the client
// has gone. It reports whether the client is still there.
func repeat(w *bufio.Writer, text string, n int) bool {
	for i := 0; n < 0 || i < n; i++ {
		if _, err := w.WriteString(text); err != nil {
			return false
		}
	}
	return w.Flush() == nil
}

const okHead = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"

// EndlessChunks sends a chunked body without end, whose chunks have that many
// octets. With one octet each, five of six octets on the wire are not the body's.
func EndlessChunks(size int) http.Handler {
	chunk := fmt.Sprintf("%x\r\n%s\r\n", size, strings.Repeat("x", size))
	return taken(func(_ net.Conn, w *bufio.Writer, _ *http.Request) {
		w.WriteString(okHead + "Transfer-Encoding: chunked\r\n\r\n") // an error stays and shows below
		repeat(w, chunk, -1)
	})
}

// EndlessExtension sends a chunk whose extension, which means nothing to
// anybody (RFC 9112 section 7.1.1), has no end.
func EndlessExtension() http.Handler {
	return taken(func(_ net.Conn, w *bufio.Writer, _ *http.Request) {
		w.WriteString(okHead + "Transfer-Encoding: chunked\r\n\r\n1;") // an error stays and shows below
		repeat(w, strings.Repeat("x", 1024), -1)
	})
}

// EndlessTrailer sends a small chunked body and trailer fields without end
// (RFC 9112 section 7.1.2).
func EndlessTrailer() http.Handler {
	return taken(func(_ net.Conn, w *bufio.Writer, _ *http.Request) {
		w.WriteString(okHead + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n") // an error stays and shows below
		repeat(w, "X-Filler: x\r\n", -1)
	})
}

// Informational sends n answers 103 Early Hints (RFC 8297) before the page, or
// never the page when n is negative.
func Informational(n int, page string) http.Handler {
	return taken(func(_ net.Conn, w *bufio.Writer, _ *http.Request) {
		if repeat(w, "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n", n) {
			fmt.Fprintf(w, "%sContent-Length: %d\r\n\r\n%s", okHead, len(page), page) // the client may have gone
			w.Flush()
		}
	})
}

// DripHeader sends a header field now and then, without end: the answer to a
// slow loris.
func DripHeader(every time.Duration) http.Handler {
	return taken(func(conn net.Conn, w *bufio.Writer, _ *http.Request) {
		gone := make(chan struct{})
		go func() {
			defer close(gone)
			conn.Read(make([]byte, 1)) // ends when the client goes or the site ends
		}()
		w.WriteString(okHead) // an error stays and shows below
		for alive := true; alive; {
			alive = repeat(w, "X-Filler: x\r\n", 1) && !closedWithin(gone, every)
		}
		conn.Close()
		<-gone
	})
}

func closedWithin(c <-chan struct{}, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-c:
		return true
	case <-t.C:
		return false
	}
}

// EndlessCoded sends a body in a content coding that unpacks for ever and
// stays valid. Its ratio is that of a bomb: some thousand to one.
func EndlessCoded(coding string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Encoding", strings.TrimSuffix(coding, "-raw"))
		z := compressor(coding, w)
		defer z.Close()
		for piece := make([]byte, 64<<10); ; {
			_, err := z.Write(piece)
			if f, ok := z.(interface{ Flush() error }); ok && err == nil {
				err = f.Flush() // or much more is unpacked than the encoder has written
			}
			if err != nil || r.Context().Err() != nil {
				return
			}
			w.(http.Flusher).Flush()
		}
	})
}

// CookieFlood sets n new cookies with every answer.
func CookieFlood(n int, page http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for i := range n {
			http.SetCookie(w, &http.Cookie{Name: fmt.Sprintf("c%d-%d", time.Now().UnixNano(), i), Value: strings.Repeat("v", 100), Path: "/"})
		}
		page.ServeHTTP(w, r)
	})
}
