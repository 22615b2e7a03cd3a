package notify_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/harvest87/harvest/notify"
)

func TestWebhookIsSigned(t *testing.T) {
	var got http.Header
	var body []byte
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got = r.Header
		body, _ = io.ReadAll(r.Body)
	}))
	defer server.Close()
	message := notify.Message{ID: "x1", Kind: notify.Broken, Subject: "Broken: a", Text: "text", Data: json.RawMessage(`{"source":"a"}`)}
	if err := notify.NewWebhook(server.URL, "key").Send(t.Context(), message); err != nil {
		t.Fatal(err)
	}
	stamp := got.Get(notify.TimestampHeader)
	if got.Get(notify.SignatureHeader) != notify.Sign("key", stamp, body) || got.Get(notify.DeliveryHeader) != "x1" || got.Get("Content-Type") != "application/json" {
		t.Errorf("headers %v", got)
	}
	if want := `{"id":"x1","kind":"broken","subject":"Broken: a","text":"text","data":{"source":"a"}}`; string(body) != want {
		t.Errorf("body %s", body)
	}
	// By another hand: printf "1.{}" | openssl dgst -sha256 -hmac key
	if got := notify.Sign("key", "1", []byte("{}")); got != "sha256=1ba6b8171186efc613e8bcc0cbdab2748f24984d7c5a84faa2637afa0e40d224" {
		t.Errorf("signature %s", got)
	}
}

func TestSlackTextIsEscaped(t *testing.T) {
	var body struct{ Text string }
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _ = json.NewDecoder(r.Body).Decode(&body) }))
	defer server.Close()
	if err := notify.NewSlack(server.URL).Send(t.Context(), notify.Message{Subject: "a*b", Text: "<!channel> & <https://evil.example|click>"}); err != nil {
		t.Fatal(err)
	}
	if want := "*ab*\n&lt;!channel&gt; &amp; &lt;https://evil.example|click&gt;"; body.Text != want {
		t.Errorf("text %q, want %q", body.Text, want)
	}
}

// What is not a success is an error that tells no secret, and nothing follows a
// redirect.
func TestHTTPFailures(t *testing.T) {
	followed := false
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/secret-moved":
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		case "/elsewhere":
			followed = true
		default:
			http.Error(w, "no", http.StatusForbidden)
		}
	}))
	defer server.Close()
	for _, address := range []string{server.URL + "/secret-moved", server.URL + "/secret-no", "http://127.0.0.1:1/secret", "http://[::1/secret"} {
		err := notify.NewSlack(address).Send(t.Context(), notify.Message{})
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", address, err)
		}
	}
	if followed {
		t.Error("the redirect was followed")
	}
}

// smtpServer takes one letter, and gives it to the channel.
func smtpServer(t *testing.T, letters chan<- string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go takeLetter(c, letters)
		}
	}()
	return l.Addr().String()
}

// takeLetter speaks as much of RFC 5321 as it takes to be handed a letter.
func takeLetter(c net.Conn, letters chan<- string) {
	defer c.Close()
	r := textproto.NewReader(bufio.NewReader(c))
	say := func(line string) { fmt.Fprintf(c, "%s\r\n", line) }
	say("220 test")
	for {
		line, err := r.ReadLine()
		if err != nil {
			return
		}
		switch verb, _, _ := strings.Cut(strings.ToUpper(line), " "); verb {
		case "EHLO":
			say("250-test")
			say("250 8BITMIME")
		case "DATA":
			say("354 go on")
			text, err := r.ReadDotBytes()
			if err != nil {
				return
			}
			letters <- string(text)
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func TestMail(t *testing.T) {
	letters := make(chan string, 1)
	m := &notify.Mail{Server: smtpServer(t, letters), Security: "none", From: "harvest@example.org", To: []string{"team@example.org", "boss@example.org"}}
	message := notify.Message{ID: "ABC", Subject: "Broken: a\r\nBcc: evil@example.org", Text: "It is broken.\n", Created: time.Date(2026, 3, 2, 7, 0, 0, 0, time.UTC)}
	if err := m.Send(t.Context(), message); err != nil {
		t.Fatal(err)
	}
	letter := <-letters
	for _, part := range []string{"From: <harvest@example.org>", "team@example.org", "boss@example.org", "Message-ID: <ABC@harvest>", "Auto-Submitted: auto-generated", "Date: Mon, 02 Mar 2026 07:00:00", "It is broken."} {
		if !strings.Contains(letter, part) {
			t.Errorf("no %q in\n%s", part, letter)
		}
	}
	if strings.Contains(letter, "\nBcc: evil") {
		t.Errorf("a header was slipped in:\n%s", letter)
	}
	// Nothing is sent in the clear unless that was asked for.
	m.Security = "starttls"
	if err := m.Send(t.Context(), message); err == nil {
		t.Error("sent without TLS")
	}
}
