package oai

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/harvest87/harvest"
)

// Catalogue is what the provider needs of the store; sinks.Catalogue describes
// each method.
type Catalogue interface {
	Changed(ctx context.Context, q harvest.Changes) ([]harvest.Record, error)
	Record(ctx context.Context, id harvest.RecordID) (harvest.Record, error)
}

// Set is a part of the catalogue that can be harvested by itself.
type Set struct {
	Spec, Name string
}

// The sets: each is a word before the name of a source, document type or topic.
const (
	SourceSet   = "source."
	CategorySet = "category."
	TopicSet    = "topic."
)

// Options say what the provider tells of itself.
type Options struct {
	BaseURL    string // where harvesters find it
	Name       string // of the repository, for people
	AdminEmail string
	// Domain is the part of identifiers that tells this repository from all
	// others, a domain name.
	Domain string
	// Key signs resumption tokens; all who answer on one base URL have the same.
	Key []byte
	// Sets are asked for whenever they are needed, in order.
	Sets func(ctx context.Context) ([]Set, error)

	PageSize  int           // records in an answer, default [DefaultPage]
	TokenLife time.Duration // default a day
	// Settle is how long a write may take from the moment by which its records
	// are dated, default two minutes; below 0 for none.
	Settle time.Duration
	Now    func() time.Time
	Logger *slog.Logger // default: discard
}

// DefaultPage and MaxPage are records in one answer.
const (
	DefaultPage = 100
	MaxPage     = 500
)

// The bounds of a request.
const (
	maxBody    = 64 << 10
	maxAtOnce  = 8 // requests that are answered at the same time
	retryAfter = 30
	answerIn   = 30 * time.Second
)

// Provider answers harvesters. It is safe for concurrent use.
type Provider struct {
	store Catalogue
	o     Options
	busy  chan struct{}
}

// New makes a provider for a catalogue.
func New(store Catalogue, o Options) *Provider {
	o.PageSize = min(cmp.Or(o.PageSize, DefaultPage), MaxPage)
	o.TokenLife = cmp.Or(o.TokenLife, 24*time.Hour)
	o.Settle = max(0, cmp.Or(o.Settle, 2*time.Minute))
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Provider{store: store, o: o, busy: make(chan struct{}, maxAtOnce)}
}

// ServeHTTP implements [http.Handler]. Errors of the protocol are answers with
// status 200; a store that is away, or too many requests at once, is 503 with
// Retry-After (section 3.1.2.2).
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	args, ok := arguments(w, r)
	if !ok {
		return
	}
	select {
	case p.busy <- struct{}{}:
		defer func() { <-p.busy }()
	default:
		later(w, "too many requests at once")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), answerIn)
	defer cancel()
	a := &answer{at: p.now(), base: p.o.BaseURL}
	err := p.answer(ctx, a, args)
	if f, is := errors.AsType[*fault](err); is {
		a.fail(f)
	} else if err != nil {
		if r.Context().Err() == nil {
			p.o.Logger.Error("OAI-PMH request is not answered", "err", err)
		}
		later(w, "the catalogue does not answer")
		return
	}
	send(w, r, a.document())
}

// now is the moment up to which the catalogue is listed.
func (p *Provider) now() time.Time {
	return p.o.Now().UTC().Add(-p.o.Settle).Truncate(time.Second)
}

// arguments reads those of a request, of GET and POST alike (section 3.1.1).
func arguments(w http.ResponseWriter, r *http.Request) (url.Values, bool) {
	query := r.URL.RawQuery
	switch r.Method {
	case http.MethodGet, http.MethodHead:
	case http.MethodPost:
		kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
		if !strings.EqualFold(strings.TrimSpace(kind), "application/x-www-form-urlencoded") {
			http.Error(w, "POST takes application/x-www-form-urlencoded", http.StatusUnsupportedMediaType)
			return nil, false
		}
		var body bytes.Buffer
		if _, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, maxBody)); err != nil {
			http.Error(w, "the body cannot be read, or is too long", http.StatusRequestEntityTooLarge)
			return nil, false
		}
		query = strings.Trim(query+"&"+body.String(), "&")
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return nil, false
	}
	args, err := url.ParseQuery(query)
	if err != nil {
		// What is not an argument at all is an illegal one, see known.
		args.Set("", query)
	}
	return args, true
}

func later(w http.ResponseWriter, why string) {
	w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
	http.Error(w, why, http.StatusServiceUnavailable)
}

// send writes a document, compressed for those who take that.
func send(w http.ResponseWriter, r *http.Request, document []byte) {
	w.Header().Set("Content-Type", "text/xml; charset=UTF-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Vary", "Accept-Encoding")
	if !takesGzip(r.Header.Get("Accept-Encoding")) {
		w.Header().Set("Content-Length", strconv.Itoa(len(document)))
		_, _ = w.Write(document) // the client has gone; there is nobody to tell
		return
	}
	w.Header().Set("Content-Encoding", "gzip")
	if r.Method == http.MethodHead {
		return
	}
	z := gzip.NewWriter(w)
	_, _ = z.Write(document)
	_ = z.Close()
}

// takesGzip reads Accept-Encoding (RFC 9110 section 12.5.3).
func takesGzip(accept string) bool {
	for part := range strings.SplitSeq(accept, ",") {
		coding, weight, _ := strings.Cut(part, ";")
		if coding = strings.TrimSpace(coding); !strings.EqualFold(coding, "gzip") {
			continue
		}
		_, q, found := strings.Cut(weight, "=")
		value, err := strconv.ParseFloat(strings.TrimSpace(q), 64)
		return !found || err == nil && value > 0
	}
	return false
}
