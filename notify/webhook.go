package notify

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Headers of a webhook. The signature is "sha256=" and the HMAC-SHA256
// (RFC 2104), in hexadecimal, of the timestamp, a full stop and the body.
const (
	DeliveryHeader  = "Harvest-Delivery"  // the same for each attempt at a message
	TimestampHeader = "Harvest-Timestamp" // seconds since 1970
	SignatureHeader = "Harvest-Signature"
)

// Sign is the value of [SignatureHeader].
func Sign(secret, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(timestamp + "."))
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// Webhook posts signed JSON.
type Webhook struct {
	URL string
	// Secret is the key of the signature; empty: there is none.
	Secret string
	client *http.Client
}

// NewWebhook makes a webhook. Its address is the operator's own and may be
// private. Redirects are not followed, and proxies not asked.
func NewWebhook(address, secret string) *Webhook {
	return &Webhook{URL: address, Secret: secret, client: newClient()}
}

func newClient() *http.Client {
	return &http.Client{
		Transport:     &http.Transport{Proxy: nil, DisableKeepAlives: true, ResponseHeaderTimeout: sendWithin, MaxResponseHeaderBytes: 1 << 16},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Name implements [Channel].
func (*Webhook) Name() string { return "webhook" }

// Send implements [Channel].
func (w *Webhook) Send(ctx context.Context, m Message) error {
	body, err := json.Marshal(struct {
		ID      string          `json:"id"`
		Kind    Kind            `json:"kind"`
		Subject string          `json:"subject"`
		Text    string          `json:"text"`
		Data    json.RawMessage `json:"data"`
	}{m.ID, m.Kind, m.Subject, m.Text, m.Data})
	if err != nil {
		return err
	}
	header := http.Header{DeliveryHeader: {m.ID}}
	if w.Secret != "" {
		timestamp := strconv.FormatInt(time.Now().Unix(), 10)
		header.Set(TimestampHeader, timestamp)
		header.Set(SignatureHeader, Sign(w.Secret, timestamp, body))
	}
	return post(ctx, w.client, w.URL, header, body)
}

// Slack posts what Slack's incoming webhooks and those who imitate them
// understand (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/).
type Slack struct {
	URL    string
	client *http.Client
}

// NewSlack makes a channel of Slack.
func NewSlack(address string) *Slack { return &Slack{URL: address, client: newClient()} }

// Name implements [Channel].
func (*Slack) Name() string { return "slack" }

// slackText escapes the three characters that Slack gives a meaning.
var slackText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// Send implements [Channel].
func (s *Slack) Send(ctx context.Context, m Message) error {
	body, err := json.Marshal(map[string]string{"text": "*" + slackText.Replace(strings.ReplaceAll(m.Subject, "*", "")) + "*\n" + slackText.Replace(m.Text)})
	if err != nil {
		return err
	}
	return post(ctx, s.client, s.URL, http.Header{}, body)
}

// post sends JSON. Errors do not tell the address, which may be a secret.
func post(ctx context.Context, client *http.Client, address string, header http.Header, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return errors.New("the address cannot be used")
	}
	for name, values := range header {
		req.Header[http.CanonicalHeaderKey(name)] = values
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "harvest")
	resp, err := client.Do(req)
	if err != nil {
		if u, ok := errors.AsType[*url.Error](err); ok {
			err = u.Err
		}
		return fmt.Errorf("post to %s: %w", req.URL.Host, err)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16)) // what it says does not matter
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return fmt.Errorf("post to %s: %s", req.URL.Host, resp.Status)
	}
	return nil
}

// TestMessage is a message that says that it is a test.
func (w *Words) TestMessage(now time.Time) Message {
	e := Event{ID: rand.Text(), Kind: Test, At: now.UTC()}
	subject, text := w.event(&e)
	data, _ := json.Marshal(e) // it has nothing that cannot be written
	return Message{ID: e.ID, Kind: Test, Subject: subject, Text: text, Data: data, Created: e.At}
}
