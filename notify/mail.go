package notify

import (
	"context"
	"fmt"
	"net"
	"strconv"

	"github.com/wneessen/go-mail"
)

// Mail says how e-mail is sent.
type Mail struct {
	Server string // host:port
	// Security is "starttls" (required), "tls" from the first octet on, or
	// "none", for a relay on the same machine.
	Security       string
	User, Password string // empty: no authentication
	From           string
	To             []string
}

// Name implements [Channel].
func (*Mail) Name() string { return "mail" }

// Send implements [Channel].
func (m *Mail) Send(ctx context.Context, message Message) error {
	letter := mail.NewMsg()
	if err := letter.From(m.From); err != nil {
		return fmt.Errorf("send mail: %w", err)
	}
	if err := letter.To(m.To...); err != nil {
		return fmt.Errorf("send mail: %w", err)
	}
	letter.Subject(message.Subject)
	letter.SetMessageIDWithValue(message.ID + "@harvest") // the same for each attempt
	letter.SetDateWithValue(message.Created)
	letter.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834
	letter.SetBodyString(mail.TypeTextPlain, message.Text)
	client, err := m.client()
	if err != nil {
		return fmt.Errorf("send mail: %w", err)
	}
	if err := client.DialAndSendWithContext(ctx, letter); err != nil {
		return fmt.Errorf("send mail: %w", err)
	}
	return nil
}

func (m *Mail) client() (*mail.Client, error) {
	host, port, err := net.SplitHostPort(m.Server)
	if err != nil {
		return nil, err
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, err
	}
	options := []mail.Option{mail.WithPort(number), mail.WithTimeout(sendWithin)}
	switch m.Security {
	case "tls":
		options = append(options, mail.WithSSL())
	case "none":
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if m.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(m.User), mail.WithPassword(m.Password))
	}
	return mail.NewClient(host, options...)
}
