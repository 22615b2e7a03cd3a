package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/sinks"
	"github.com/harvest87/harvest/sinks/oai"
)

// librarySite is what libraries harvest of a server, see [oai.Provider].
type librarySite struct {
	path    string
	options oai.Options
}

// libraryOf checks what the configuration says of OAI-PMH. It is nil when the
// catalogue is not shown.
func libraryOf(cfg *config.Config, logger *slog.Logger) (*librarySite, error) {
	o := cfg.Serve.OAI
	if o.BaseURL == "" {
		return nil, nil
	}
	u, err := url.Parse(o.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("serve.oai.base_url: %w", err)
	}
	email, domain := o.Email, o.Domain
	if email == "" {
		email = cfg.Contact
	}
	if !config.IsMailAddress(email) {
		return nil, errors.New("serve.oai needs an e-mail address that libraries can write to; set serve.oai.admin_email")
	}
	if domain == "" {
		domain = u.Hostname()
	}
	if !config.IsRepositoryDomain(domain) {
		return nil, fmt.Errorf("serve.oai needs a domain name for identifiers, and %q is none; set serve.oai.domain", domain)
	}
	settle := o.Settle
	if settle == 0 {
		settle = -1 // none, not the default
	}
	return &librarySite{u.Path, oai.Options{
		BaseURL: o.BaseURL, Name: o.Name, AdminEmail: email, Domain: domain, PageSize: o.PageSize, Settle: settle, Logger: logger,
	}}, nil
}

// libraryHandler answers libraries as soon as the store is there.
func (s *server) libraryHandler(site *librarySite) http.Handler {
	var mu sync.Mutex
	var provider *oai.Provider
	ready := func(ctx context.Context) (*oai.Provider, error) {
		select {
		case <-s.opened:
		default:
			return nil, errStarting
		}
		mu.Lock()
		defer mu.Unlock()
		if provider == nil {
			key, err := tokenKey(ctx, s.store)
			if err != nil {
				return nil, err
			}
			o := site.options
			o.Key, o.Sets = key, s.librarySets
			provider = oai.New(s.store, o)
		}
		return provider, nil
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p, err := ready(r.Context())
		if err != nil {
			w.Header().Set("Retry-After", "30")
			http.Error(w, "the catalogue does not answer", http.StatusServiceUnavailable)
			return
		}
		p.ServeHTTP(w, r)
	})
}

// librarySets are the sources that there are or were, the document types and
// the topics.
func (s *server) librarySets(ctx context.Context) ([]oai.Set, error) {
	stats, err := s.store.Stats(ctx)
	if err != nil {
		return nil, err
	}
	names := map[harvest.SourceID]string{}
	for id := range stats.BySource {
		names[id] = string(id)
	}
	for _, src := range s.files.all() {
		names[src.ID] = src.Name
	}
	var sets []oai.Set
	for _, id := range slices.Sorted(maps.Keys(names)) {
		sets = append(sets, oai.Set{Spec: oai.SourceSet + string(id), Name: names[id]})
	}
	for i := range s.cfg.Vocabulary.DocTypes {
		t := &s.cfg.Vocabulary.DocTypes[i]
		sets = append(sets, oai.Set{Spec: oai.CategorySet + t.ID, Name: t.Labels["en"]})
	}
	for i := range s.cfg.Vocabulary.Topics {
		t := &s.cfg.Vocabulary.Topics[i]
		sets = append(sets, oai.Set{Spec: oai.TopicSet + t.ID, Name: t.Labels["en"]})
	}
	return sets, nil
}

// The key that signs resumption tokens is kept in the catalogue, so that every
// server on it, now and after a restart, takes the tokens of the others.
const (
	tokenKeyMemo = "oai"
	tokenKeyName = "token-key"
)

func tokenKey(ctx context.Context, store sinks.Catalogue) ([]byte, error) {
	for range 3 {
		memos, err := store.Memos(ctx, tokenKeyMemo)
		if err != nil {
			return nil, err
		}
		for _, m := range memos {
			var kept tokenKeyValue
			if m.Key == tokenKeyName && json.Unmarshal(m.Value, &kept) == nil && len(kept.Key) >= 32 {
				return kept.Key, nil
			}
		}
		made := tokenKeyValue{Key: make([]byte, 32), Made: time.Now().UTC()}
		_, _ = rand.Read(made.Key) // it never fails
		value, err := json.Marshal(made)
		if err != nil {
			return nil, err
		}
		// Another server may be faster; then its key is read.
		err = store.PutMemo(ctx, harvest.Memo{Kind: tokenKeyMemo, Key: tokenKeyName, Value: value})
		if err != nil && !errors.Is(err, harvest.ErrConflict) {
			return nil, err
		}
	}
	return nil, fmt.Errorf("the memo %s/%s cannot be read; remove it from the catalogue", tokenKeyMemo, tokenKeyName)
}

type tokenKeyValue struct {
	Key  []byte    `json:"key"`
	Made time.Time `json:"made"`
}
