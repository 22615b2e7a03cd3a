package config

import (
	"net/mail"
	"net/url"
	"strings"
)

// Notify says who is told when a source changes how it stands.
type Notify struct {
	On        []string // changes that are told: broken, recovered, quarantined, stale, door
	Digest    string   // never, daily or weekly
	Webhook   Webhook
	Slack     Slack
	Mail      Mail
	Templates string // folder of templates, beside harvest.yaml; empty: those shipped
}

// Any reports whether anybody is told.
func (n *Notify) Any() bool { return n.Webhook.URL != "" || n.Slack.URL != "" || n.Mail.Server != "" }

// Webhook is an address that takes signed JSON.
type Webhook struct {
	URL    string
	Secret string // secret
}

// Slack is an incoming webhook of Slack, or of who understands the same.
type Slack struct {
	URL string // secret: who has it can post
}

// Mail is how e-mail is sent.
type Mail struct {
	Server         string // host:port
	Security       string // starttls, tls or none
	User, Password string // Password is secret
	From           string
	To             []string
}

func notifyKind() kind[Notify] {
	webhook := group("webhook", []key[Webhook]{
		at("url", serverURL("a web address such as https://alerts.example.org/harvest", "http", "https"), func(w *Webhook) *string { return &w.URL }, Key{
			Otherwise: "none", Doc: "Address to which messages are posted as JSON. Environment variables are read.", Example: "'${HARVEST_WEBHOOK_URL:-}'",
			Also: []string{"address", "endpoint"},
		}),
		at("secret", secret(), func(w *Webhook) *string { return &w.Secret }, Key{
			Otherwise: "not signed", Doc: "Key of the signature; only as an environment variable.", Example: "'${HARVEST_WEBHOOK_SECRET:-}'", Also: []string{"key", "token"},
		}),
	})
	slack := group("slack", []key[Slack]{
		at("url", secretAddress(), func(s *Slack) *string { return &s.URL }, Key{
			Otherwise: "none", Doc: "Address of an incoming webhook of Slack; only as an environment variable, for who has it can post.",
			Example: "'${HARVEST_SLACK_URL:-}'", Also: []string{"webhook", "address"},
		}),
	})
	return group("notify", []key[Notify]{
		at("on", listOf(oneOf("broken", "recovered", "quarantined", "stale", "door")), func(n *Notify) *[]string { return &n.On }, Key{
			Default: "[broken, recovered, quarantined, stale, door]", Doc: "Changes that are told.", Example: "[broken, quarantined]", Also: []string{"events", "when"},
		}),
		at("digest", oneOf("never", "daily", "weekly"), func(n *Notify) *string { return &n.Digest }, Key{
			Default: "weekly", Doc: "How often all sources are summed up, at 07:00 UTC, weekly on Mondays.", Example: "daily", Also: []string{"summary", "report"},
		}),
		at("webhook", webhook, func(n *Notify) *Webhook { return &n.Webhook }, Key{
			Default: "{}", Doc: "Signed JSON by HTTP.", Example: "{url: '${HARVEST_WEBHOOK_URL:-}', secret: '${HARVEST_WEBHOOK_SECRET:-}'}", Also: []string{"http", "hook"},
		}),
		at("slack", slack, func(n *Notify) *Slack { return &n.Slack }, Key{
			Default: "{}", Doc: "Slack, or who understands its webhooks, such as Mattermost.", Example: "{url: '${HARVEST_SLACK_URL:-}'}", Also: []string{"mattermost", "chat"},
		}),
		at("mail", mailKind(), func(n *Notify) *Mail { return &n.Mail }, Key{
			Otherwise: "none", Doc: "E-mail by SMTP.", Example: "{server: localhost:25, security: none, from: harvest@example.org, to: [team@example.org]}",
			Also: []string{"email", "smtp"},
		}),
		at("templates", line(500), func(n *Notify) *string { return &n.Templates }, Key{
			Otherwise: "those shipped", Doc: "Folder with templates of messages, beside this file.", Example: "templates", Also: []string{"template"},
		}),
	})
}

func mailKind() kind[Mail] {
	return group("mail", []key[Mail]{
		at("server", mailServer(), func(m *Mail) *string { return &m.Server }, Key{
			Required: true, Doc: "Host and port of the SMTP server. Environment variables are read.", Example: "'smtp.example.org:587'", Also: []string{"host", "address", "smtp"},
		}),
		at("security", oneOf("starttls", "tls", "none"), func(m *Mail) *string { return &m.Security }, Key{
			Default: "starttls", Doc: "How the connection is secured: STARTTLS, without which nothing is sent; TLS from the beginning (port 465); or none, for a relay on this machine.",
			Example: "tls", Also: []string{"tls", "ssl", "encryption"},
		}),
		at("user", plainOrVariable(), func(m *Mail) *string { return &m.User }, Key{
			Otherwise: "no authentication", Doc: "User at the server. Environment variables are read.", Example: "'${HARVEST_SMTP_USER:-}'", Also: []string{"username", "login"},
		}),
		at("password", secret(), func(m *Mail) *string { return &m.Password }, Key{
			Otherwise: "none", Doc: "Its password; only as an environment variable.", Example: "'${HARVEST_SMTP_PASSWORD:-}'", Also: []string{"pass", "secret"},
		}),
		at("from", mailAddress(), func(m *Mail) *string { return &m.From }, Key{
			Required: true, Doc: "Address of the sender.", Example: "harvest@example.org", Also: []string{"sender"},
		}),
		at("to", listOf(mailAddress()), func(m *Mail) *[]string { return &m.To }, Key{
			Required: true, Doc: "Addresses of those who are told.", Example: "[team@example.org]", Also: []string{"recipients", "receivers"},
		}),
	})
}

// secret is a value that may stand in the file as an environment variable only,
// and is never printed.
func secret() kind[string] {
	const want = "an environment variable such as ${HARVEST_SECRET}"
	return fromEnvironment("secret", want, func(raw, _ string) fault {
		if strings.TrimSpace(reference.ReplaceAllString(raw, "$3")) != "" {
			return fault{"a secret stands in the file", "write ${NAME} in its place, and put it into that environment variable"}
		}
		return fault{}
	}, func(string) string { return "***" })
}

// secretAddress is a web address that is a secret as a whole.
func secretAddress() kind[string] {
	k := secret()
	read := k.read
	k.read = func(w *walker, v value) (string, bool) {
		text, ok := read(w, v)
		if !ok {
			return "", false
		}
		if u, err := url.Parse(text); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			w.add(v, "its environment variable holds no web address", "put the whole address there, from https:// on")
			return "", false
		}
		return text, true
	}
	return k
}

// plainOrVariable is a line, with environment variables.
func plainOrVariable() kind[string] {
	return fromEnvironment("text", "text", func(raw, expanded string) fault {
		if !isPrintable(expanded) {
			return fault{valueOf(raw, expanded) + " has characters that cannot be sent", ""}
		}
		return fault{}
	}, itself)
}

// mailServer is host:port of a server of somebody's.
func mailServer() kind[string] {
	const want = "a host and port such as smtp.example.org:587"
	return fromEnvironment("host:port", want, func(raw, expanded string) fault {
		if !strings.Contains(expanded, ":") || strings.HasPrefix(expanded, ":") || !areHosts(expanded) || strings.ContainsAny(expanded, ",/") {
			return fault{valueOf(raw, expanded) + " is not " + want, ""}
		}
		return fault{}
	}, itself)
}

// mailAddress is an address of e-mail.
func mailAddress() kind[string] {
	const want = "an e-mail address such as team@example.org"
	return single("e-mail address", want, func(_ *walker, text string) (string, fault) {
		if a, err := mail.ParseAddress(text); err != nil || a.Address != text || !isPrintable(text) {
			return "", notA(text, want, "")
		}
		return text, fault{}
	}, itself)
}
