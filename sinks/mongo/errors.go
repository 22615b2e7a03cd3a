package mongo

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/topology"

	"github.com/harvest87/harvest"
)

// awayCodes are server errors that pass by themselves: no primary, stepping
// down, shutting down, network trouble inside the cluster
// (https://github.com/mongodb/specifications/blob/master/source/retryable-writes/retryable-writes.md).
var awayCodes = []int{6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436}

// fault names what was being done, marks errors that pass by themselves with
// [harvest.ErrUnavailable], and keeps secrets out of the text.
func (c *Catalogue) fault(doing string, err error) error {
	clean := &maskedError{text: c.mask(err.Error()), err: err}
	if away(err) {
		return fmt.Errorf("%s: %w: %w", doing, harvest.ErrUnavailable, clean)
	}
	return fmt.Errorf("%s: %w", doing, clean)
}

// away reports whether the same call may succeed later. The end of the
// caller's own context is not the server's doing.
func away(err error) bool {
	if errors.Is(err, context.Canceled) {
		return false
	}
	var selection topology.ServerSelectionError
	if errors.As(err, &selection) || mongo.IsNetworkError(err) || mongo.IsTimeout(err) {
		return true
	}
	var server mongo.ServerError
	if !errors.As(err, &server) {
		return false
	}
	return slices.ContainsFunc(awayCodes, server.HasErrorCode) || server.HasErrorLabel("RetryableWriteError")
}

// maskedError is an error whose text has no secrets, and whose kind can still
// be asked for.
type maskedError struct {
	text string
	err  error
}

func (e *maskedError) Error() string { return e.text }
func (e *maskedError) Unwrap() error { return e.err }

func (c *Catalogue) mask(text string) string {
	for _, s := range c.secrets {
		text = strings.ReplaceAll(text, s, "****")
	}
	return text
}

// secretsOf finds what must not be printed of a connection string: the whole,
// and the password in both its spellings.
func secretsOf(uri string) []string {
	_, rest, ok := strings.Cut(uri, "://")
	if !ok {
		rest = uri
	}
	secrets := []string{}
	if uri != "" {
		secrets = append(secrets, uri)
	}
	at := strings.LastIndex(rest, "@")
	if at < 0 {
		return secrets
	}
	_, password, ok := strings.Cut(rest[:at], ":")
	if !ok || password == "" {
		return secrets
	}
	secrets = append(secrets, password)
	if plain, err := url.PathUnescape(password); err == nil && plain != password {
		secrets = append(secrets, plain)
	}
	return secrets
}
