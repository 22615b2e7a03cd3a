package sitetest

import (
	"net"
	"net/http"
	"strings"
)

// Raw sends octets instead of an answer and hangs up. It works on HTTP/1 only.
func Raw(octets string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, buffered, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic("sitetest: " + err.Error())
		}
		defer conn.Close()
		buffered.WriteString(octets) // the client may have gone
		buffered.Flush()
	})
}

// Reset breaks the connection with a reset after some octets.
func Reset(octets string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, buffered, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic("sitetest: " + err.Error())
		}
		buffered.WriteString(octets) // the client may have gone
		buffered.Flush()
		if tcp, ok := conn.(*net.TCPConn); ok {
			tcp.SetLinger(0) // close with a reset
		}
		conn.Close()
	})
}

// Garbage answers with what is no HTTP.
func Garbage() http.Handler { return Raw("220 mail.example ESMTP ready\r\n") }

// HugeHeader answers with one header field of n octets.
func HugeHeader(n int) http.Handler {
	return Raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Filler: " + strings.Repeat("x", n) + "\r\n\r\nok")
}

// ManyHeaders answers with n header fields.
func ManyHeaders(n int) http.Handler {
	return Raw("HTTP/1.1 200 OK\r\n" + strings.Repeat("X-Filler: x\r\n", n) + "Content-Length: 2\r\n\r\nok")
}
