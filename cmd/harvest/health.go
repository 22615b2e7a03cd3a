package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/harvest87/harvest/config"
)

func (m Main) healthCommand(f *flags) *cobra.Command {
	var address string
	cmd := &cobra.Command{
		Use:   "health",
		Short: "Ask a running 'harvest serve' whether it is ready",
		Long: `Health asks the server's /readyz. The exit code is 0 when it is ready and 1
when it is not, which is what container engines want.`,
		Example: "  harvest health\n  harvest health --address 127.0.0.1:8787",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return m.health(cmd.Context(), f, address) },
	}
	cmd.Flags().StringVar(&address, "address", "", "host and port of the server; default: serve.listen of the configuration")
	return cmd
}

func (m Main) health(ctx context.Context, f *flags, address string) error {
	if address == "" {
		cfg, problems := config.Load(f.config)
		if cfg == nil {
			m.warn(problems)
			return errSilent
		}
		address = cfg.Serve.Listen
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return usageError{fmt.Errorf("--address: %w", err)}
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1" // a server that listens everywhere listens here
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	url := "http://" + net.JoinHostPort(host, port) + "/readyz"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return usageError{fmt.Errorf("--address: %w", err)}
	}
	client := http.Client{Transport: &http.Transport{Proxy: nil}}
	defer client.CloseIdleConnections()
	resp, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("no server answers at %s; is 'harvest serve' running? (%w)", address, err)
	}
	defer resp.Body.Close()
	var answer struct{ Status, Reason string }
	if err := json.NewDecoder(io.LimitReader(resp.Body, 1<<16)).Decode(&answer); err != nil {
		return fmt.Errorf("what answers at %s is not harvest: %w", address, err)
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", answer.Status, answer.Reason)
	}
	fmt.Fprintln(m.Stdout, answer.Status)
	return nil
}
