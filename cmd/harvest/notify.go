package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/notify"
)

func (m Main) notifyCommand(f *flags) *cobra.Command {
	test := &cobra.Command{
		Use:   "test",
		Short: "Send a test message by every channel",
		Long: `Test sends a message by every channel of notify: in harvest.yaml, and says how
that went. Nothing is kept, and nothing is tried again. The exit code is 1 when
one of them did not take it.`,
		Example: "  harvest notify test\n  harvest notify test --json",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return m.testNotify(cmd.Context(), f) },
	}
	return group("notify", "Try the ways in which people are told that a source broke", test.Example, test)
}

// channels are the ways to people that are configured.
func channels(n *config.Notify) []notify.Channel {
	var out []notify.Channel
	if n.Webhook.URL != "" {
		out = append(out, notify.NewWebhook(n.Webhook.URL, n.Webhook.Secret))
	}
	if n.Slack.URL != "" {
		out = append(out, notify.NewSlack(n.Slack.URL))
	}
	if n.Mail.Server != "" {
		out = append(out, &notify.Mail{
			Server: n.Mail.Server, Security: n.Mail.Security, User: n.Mail.User, Password: n.Mail.Password, From: n.Mail.From, To: n.Mail.To,
		})
	}
	return out
}

// words are the templates of messages; a folder of them lies beside harvest.yaml.
func words(cfg *config.Config) (*notify.Words, error) {
	folder := cfg.Notify.Templates
	if folder != "" && !filepath.IsAbs(folder) {
		folder = filepath.Join(cfg.Dir, folder)
	}
	return notify.NewWords(folder)
}

// delivery is how one channel took a test message.
type delivery struct {
	Channel string `json:"channel"`
	Sent    bool   `json:"sent"`
	Error   string `json:"error,omitempty"`
}

func (m Main) testNotify(ctx context.Context, f *flags) error {
	cfg, _, err := m.loadConfig(f)
	if err != nil {
		return err
	}
	w, err := words(cfg)
	if err != nil {
		return err
	}
	all := channels(&cfg.Notify)
	if len(all) == 0 {
		return errors.New("nobody is told of anything: no channel is set under notify: in " + f.config)
	}
	message := w.TestMessage(time.Now())
	trials := make([]delivery, 0, len(all))
	for _, c := range all {
		within, cancel := context.WithTimeout(ctx, 30*time.Second)
		err := c.Send(within, message)
		cancel()
		x := delivery{Channel: c.Name(), Sent: err == nil}
		if err != nil {
			x.Error = err.Error()
		}
		trials = append(trials, x)
	}
	if f.json {
		err = printJSON(m.Stdout, trials)
	}
	for _, x := range trials {
		switch {
		case !f.json && x.Sent:
			fmt.Fprintf(m.Stdout, "%s: sent\n", x.Channel)
		case !f.json:
			fmt.Fprintf(m.Stdout, "%s: %s\n", x.Channel, safeLine(x.Error))
		}
		if !x.Sent && err == nil {
			err = errSilent
		}
	}
	return err
}

// tellPeople hands on how sources stand, and delivers what waits.
func (s *server) tellPeople(ctx context.Context, n *notify.Notifier) {
	if n == nil {
		return
	}
	var all []standing
	s.mu.Lock()
	for _, src := range s.files.all() {
		if x, ok := s.health[src.ID]; ok {
			all = append(all, x)
		}
	}
	s.mu.Unlock()
	if err := n.Observe(ctx, toTell(all)); err != nil && ctx.Err() == nil {
		s.logger.Warn("changes are not told yet", "err", err)
	}
	s.deliver(ctx, n)
}

// deliver sends the messages that are due.
func (s *server) deliver(ctx context.Context, n *notify.Notifier) {
	left, err := n.Deliver(ctx)
	if err != nil && ctx.Err() == nil {
		s.logger.Warn("messages are not delivered yet", "err", err)
	}
	s.waiting.Store(int64(left))
}
