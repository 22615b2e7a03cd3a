package oai

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"github.com/harvest87/harvest"
)

// token is how far a list is, and of what: all that the server knows of it.
type token struct {
	Verb    string           `json:"v"`
	Set     string           `json:"s,omitempty"`
	From    time.Time        `json:"f,omitzero"`
	Before  time.Time        `json:"b,omitzero"`
	At      int64            `json:"t"` // of the last record, in milliseconds since 1970
	Record  harvest.RecordID `json:"r"`
	Count   int              `json:"n"` // records in the answers so far
	Expires int64            `json:"e"` // in seconds since 1970
}

// maxToken bounds what is looked at, in octets.
const maxToken = 2000

func (t *token) place() harvest.ChangePlace {
	if t.Count == 0 {
		return harvest.ChangePlace{}
	}
	return harvest.ChangePlace{At: time.UnixMilli(t.At).UTC(), Record: t.Record}
}

// write makes the text of a token: its JSON and a signature, in letters that
// every URL may hold.
func (p *Provider) write(t *token) string {
	text, _ := json.Marshal(t) // it has no value that JSON lacks
	return base64.RawURLEncoding.EncodeToString(text) + "." + base64.RawURLEncoding.EncodeToString(p.sign(text))
}

func (p *Provider) sign(text []byte) []byte {
	mac := hmac.New(sha256.New, p.o.Key)
	mac.Write([]byte(p.o.BaseURL + "\n"))
	mac.Write(text)
	return mac.Sum(nil)[:16]
}

// read reads a token of that verb. All that is wrong with one is told alike,
// but for its age.
func (p *Provider) read(s, verb string) (token, error) {
	var t token
	bad := faultf("badResumptionToken", "this token was not given here for %s", verb)
	first, second, found := strings.Cut(s, ".")
	if !found || len(s) > maxToken {
		return t, bad
	}
	text, err := base64.RawURLEncoding.DecodeString(first)
	signature, err2 := base64.RawURLEncoding.DecodeString(second)
	if err != nil || err2 != nil || !hmac.Equal(signature, p.sign(text)) {
		return t, bad
	}
	if err := json.Unmarshal(text, &t); err != nil || t.Verb != verb || t.Count < 1 {
		return t, bad
	}
	if p.o.Now().Unix() > t.Expires {
		return t, faultf("badResumptionToken", "the token has expired; begin the list anew")
	}
	return t, nil
}
