package archive

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/nlnwa/gowarc/v3"

	"github.com/harvest87/harvest/crawler/fetch"
)

// Values of Content-Type (WARC 1.1 sections 6.3 to 6.5).
const (
	httpRequest  = "application/http;msgtype=request"
	httpResponse = "application/http;msgtype=response"
)

// origPrefix stands before the fields of an answer that spoke of how it
// travelled, which its kept body did not.
const origPrefix = "X-Archive-Orig-"

var transferFields = []string{"Content-Encoding", "Transfer-Encoding", "Content-Length"}

// digestOf is the digest of a body in the form that WARC files have it in.
func digestOf(body []byte) string {
	sum := sha256.Sum256(body)
	return "sha256:" + base32.StdEncoding.EncodeToString(sum[:])
}

// press writes records, each a gzip member of its own. It is for one goroutine.
type press struct {
	out     bytes.Buffer
	gz      *gzip.Writer
	options []gowarc.WarcRecordOption
}

func newPress(newID func() (string, error)) *press {
	if newID == nil {
		newID = randomID
	}
	return &press{gz: gzip.NewWriter(nil), options: []gowarc.WarcRecordOption{
		gowarc.WithStrictValidation(), gowarc.WithDefaultDigestAlgorithm("sha256"), gowarc.WithBufferMaxMemBytes(maxMember),
		gowarc.WithRecordIdFunc(newID),
	}}
}

// randomID is a URN of a random UUID (RFC 9562 section 5.4). The library's own
// function for it reads what making its options writes, without a lock.
func randomID() (string, error) {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "", err
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]), nil
}

// making is held while options of the library are made, which sets a variable of
// a package for all of the program.
var making sync.Mutex

func newBuilder(kind gowarc.RecordType, options []gowarc.WarcRecordOption) gowarc.WarcRecordBuilder {
	making.Lock()
	defer making.Unlock()
	return gowarc.NewRecordBuilder(kind, options...)
}

func newUnmarshaler(options ...gowarc.WarcRecordOption) gowarc.Unmarshaler {
	making.Lock()
	defer making.Unlock()
	return gowarc.NewUnmarshaler(options...)
}

// add writes one record and returns its ID and where it stands in out.
func (p *press) add(kind gowarc.RecordType, at time.Time, fields [][2]string, blocks ...[]byte) (id string, offset, length int64, err error) {
	b := newBuilder(kind, p.options)
	b.AddWarcHeaderTime(gowarc.WarcDate, at.UTC())
	for _, f := range fields {
		b.AddWarcHeader(f[0], f[1])
	}
	for _, block := range blocks {
		if _, err := b.Write(block); err != nil {
			return "", 0, 0, errors.Join(err, b.Close())
		}
	}
	record, _, err := b.Build()
	if err != nil {
		return "", 0, 0, errors.Join(fmt.Errorf("make %s record: %w", kind, err), b.Close())
	}
	offset = int64(p.out.Len())
	p.gz.Reset(&p.out)
	_, _, err = gowarc.NewMarshaler().Marshal(p.gz, record, 0)
	if err = errors.Join(err, p.gz.Close(), record.Close()); err != nil {
		return "", 0, 0, fmt.Errorf("write %s record: %w", kind, err)
	}
	return "<" + record.RecordId() + ">", offset, int64(p.out.Len()) - offset, nil
}

// warcinfo writes what a file is about (WARC 1.1 section 6.2).
func (p *press) warcinfo(name string, at time.Time, fields [][2]string) error {
	_, _, _, err := p.add(gowarc.Warcinfo, at, [][2]string{
		{gowarc.WarcFilename, name}, {gowarc.ContentType, gowarc.ApplicationWarcFields},
	}, warcFields(fields))
	return err
}

// answer writes an answer with its body, the request that led to it, and what
// else is known, and says where the answer is.
func (p *press) answer(k *fetch.Kept, about [][2]string) (Entry, error) {
	digest := digestOf(k.Body)
	fields := append(common(k), [2]string{gowarc.ContentType, httpResponse}, [2]string{gowarc.WarcPayloadDigest, digest})
	if k.Cut {
		fields = append(fields, [2]string{gowarc.WarcTruncated, "length"})
	}
	id, offset, length, err := p.add(gowarc.Response, k.StartedAt, fields, responseHead(k, len(k.Body)), k.Body)
	if err != nil {
		return Entry{}, err
	}
	e := entryOf(k, digest, offset, length)
	e.Size = int64(len(k.Body))
	beside := [][2]string{{gowarc.WarcTargetURI, k.URL}, {gowarc.WarcConcurrentTo, id}}
	if k.Sent != nil {
		if _, _, _, err := p.add(gowarc.Request, k.StartedAt, append(beside, [2]string{gowarc.ContentType, httpRequest}), requestHead(k)); err != nil {
			return Entry{}, err
		}
	}
	_, _, _, err = p.add(gowarc.Metadata, k.StartedAt, append(beside, [2]string{gowarc.ContentType, gowarc.ApplicationWarcFields}), warcFields(about))
	return e, err
}

// revisit writes that an answer was as one before: not modified by its server's
// word, or with an equal body (WARC 1.1 section 6.7).
func (p *press) revisit(k *fetch.Kept, base *Entry) (Entry, error) {
	profile := gowarc.ProfileIdenticalPayloadDigestV1_1
	if k.Status == http.StatusNotModified {
		profile = gowarc.ProfileServerNotModifiedV1_1
	}
	fields := append(common(k),
		[2]string{gowarc.ContentType, httpResponse}, [2]string{gowarc.WarcProfile, profile},
		[2]string{gowarc.WarcRefersToTargetURI, base.URL},
		[2]string{gowarc.WarcRefersToDate, base.Time.UTC().Format(time.RFC3339Nano)},
		[2]string{gowarc.WarcPayloadDigest, base.Digest})
	_, offset, length, err := p.add(gowarc.Revisit, k.StartedAt, fields, responseHead(k, -1))
	if err != nil {
		return Entry{}, err
	}
	e := entryOf(k, base.Digest, offset, length)
	e.Revisit, e.Refers = true, base.Time
	return e, nil
}

func common(k *fetch.Kept) [][2]string {
	fields := [][2]string{{gowarc.WarcTargetURI, k.URL}}
	if k.Remote != "" {
		fields = append(fields, [2]string{gowarc.WarcIPAddress, k.Remote})
	}
	return fields
}

func entryOf(k *fetch.Kept, digest string, offset, length int64) Entry {
	return Entry{
		URL: k.URL, Time: k.StartedAt.UTC().Round(0), Offset: offset, Length: length,
		Status: k.Status, MIME: mediaType(k.Header), Digest: digest,
	}
}

func mediaType(h http.Header) string {
	t, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return t
}

// responseHead is what stands before the body. size is that of the body, -1
// when it stands elsewhere. HTTP/2 and 3 have no text form; archives write them
// as HTTP/1.1.
func responseHead(k *fetch.Kept, size int) []byte {
	var b bytes.Buffer
	proto := k.Proto
	if proto != "HTTP/1.0" {
		proto = "HTTP/1.1"
	}
	fmt.Fprintf(&b, "%s %03d %s\r\n", proto, k.Status, http.StatusText(k.Status))
	h := k.Header.Clone()
	for _, name := range transferFields {
		if values := h.Values(name); len(values) > 0 {
			h[origPrefix+name] = values
			h.Del(name)
		}
	}
	if h == nil {
		h = make(http.Header)
	}
	if size >= 0 {
		h.Set("Content-Length", strconv.Itoa(size))
	}
	_ = h.Write(&b) // a buffer takes everything
	b.WriteString("\r\n")
	return b.Bytes()
}

func requestHead(k *fetch.Kept) []byte {
	var b bytes.Buffer
	target, host := "/", ""
	if u, err := url.Parse(k.URL); err == nil {
		target, host = u.RequestURI(), u.Host
	}
	method := http.MethodGet
	if k.Form != "" {
		method, target = http.MethodPost, fetch.FormTarget(target)
	}
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n", method, plainKey(target), plainKey(host))
	_ = k.Sent.WriteSubset(&b, map[string]bool{"Host": true})
	b.WriteString("\r\n" + k.Form)
	return b.Bytes()
}

// warcFields writes a block of named values, each on one line.
func warcFields(fields [][2]string) []byte {
	var b bytes.Buffer
	for _, f := range fields {
		value := strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7f {
				return ' '
			}
			return r
		}, strings.ToValidUTF8(f[1], "\uFFFD"))
		fmt.Fprintf(&b, "%s: %s\r\n", f[0], value)
	}
	return b.Bytes()
}

// keptOf makes an answer of a response or revisit record. The body of a revisit
// is not in it.
func keptOf(m *member) (*fetch.Kept, error) {
	at, err := m.Date()
	if err != nil {
		return nil, fmt.Errorf("record at %d: %w", m.offset, err)
	}
	k := &fetch.Kept{
		URL: m.get(gowarc.WarcTargetURI), StartedAt: at.UTC(), Remote: m.get(gowarc.WarcIPAddress),
		Cut: m.get(gowarc.WarcTruncated) != "" && m.Type() == gowarc.Response,
	}
	k.Proto, k.Status, k.Header, k.Body, err = splitHTTP(m.block)
	if err != nil {
		return nil, fmt.Errorf("record at %d: %w", m.offset, err)
	}
	for _, name := range slices.Sorted(maps.Keys(k.Header)) {
		orig, ok := strings.CutPrefix(name, origPrefix)
		if !ok {
			continue
		}
		if orig == "Content-Length" {
			k.WireBytes, _ = strconv.ParseInt(k.Header.Get(name), 10, 64) // a server may say anything; 0 is "not known"
		}
		delete(k.Header, name)
	}
	k.Header.Del("Content-Length")
	return k, nil
}

// splitHTTP parts an answer into its head and its body.
func splitHTTP(block []byte) (proto string, status int, header http.Header, body []byte, err error) {
	source := bytes.NewReader(block)
	in := bufio.NewReaderSize(source, 16<<10)
	head := textproto.NewReader(in)
	first, err := head.ReadLine()
	if err != nil {
		return "", 0, nil, nil, fmt.Errorf("answer without a status line: %w", err)
	}
	proto, rest, _ := strings.Cut(first, " ")
	code, _, _ := strings.Cut(rest, " ")
	status, err = strconv.Atoi(code)
	if err != nil || !strings.HasPrefix(proto, "HTTP/") || status < 100 || status > 999 {
		return "", 0, nil, nil, errors.New("answer without a status")
	}
	fields, err := head.ReadMIMEHeader()
	if err != nil && !errors.Is(err, io.EOF) {
		return "", 0, nil, nil, fmt.Errorf("header of an answer: %w", err)
	}
	left := source.Len() + in.Buffered()
	return proto, status, http.Header(fields), block[len(block)-left:], nil
}
