package queue

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/klauspost/compress/s2"

	"github.com/harvest87/harvest"
)

// A message is one kind octet, the number of the claim that wrote it, the
// stream sequence of the run's message before it (both unsigned varints), and
// a body. The sequence links the messages of a run into a chain, in which a
// gap cannot hide.
type message struct {
	kind  kind
	claim uint64 // from 1
	prev  uint64 // 0 for the first
	body  []byte

	// Known of a message that was read back:
	seq uint64    // its stream sequence, from 1
	at  time.Time // when it was stored
}

type kind byte

const (
	// kindClaim: a worker takes over the run. No body, unless the chain
	// before it is broken; see goesOnAfter.
	kindClaim kind = 'c'
	// kindPart: the first or a middle piece of a batch too large for one
	// message. It counts only once the batch that ends it is there.
	kindPart kind = 'p'
	// kindBatch: a batch, or its last piece.
	kindBatch kind = 'b'
	// kindRelease: the worker has given the run up in good order. No body.
	kindRelease kind = 'r'
	// kindEnd: the run has ended. No body.
	kindEnd kind = 'e'
)

// messageOverhead bounds what a message needs besides its body: the fields
// above, its subject, and the headers of the protocol.
const messageOverhead = 1024

func (m message) encode() []byte {
	b := make([]byte, 1, 1+2*binary.MaxVarintLen64+len(m.body))
	b[0] = byte(m.kind)
	b = binary.AppendUvarint(b, m.claim)
	b = binary.AppendUvarint(b, m.prev)
	return append(b, m.body...)
}

var errNotOurs = errors.New("not a journal message")

// decodeMessage reads a message; its body shares memory with b.
func decodeMessage(b []byte) (message, error) {
	if len(b) == 0 || !strings.ContainsRune("cpbre", rune(b[0])) {
		return message{}, errNotOurs
	}
	m := message{kind: kind(b[0])}
	b = b[1:]
	for _, field := range []*uint64{&m.claim, &m.prev} {
		v, n := binary.Uvarint(b)
		if n <= 0 {
			return message{}, errNotOurs
		}
		*field, b = v, b[n:]
	}
	m.body = b
	return m, nil
}

// goesOnAfter is the body of a claim that passes over all messages between the
// one with that sequence and itself.
func goesOnAfter(seq uint64) []byte { return binary.AppendUvarint(nil, seq) }

func (m message) goesOnAfter() (uint64, bool) {
	seq, n := binary.Uvarint(m.body)
	return seq, n > 0
}

// How the entries of a batch are packed: each with its length before it, and
// the whole compressed when that saves space. The first octet says which.
const (
	packedPlain = 0
	packedS2    = 1
)

// minCompress is the size below which compressing is not worth its while.
const minCompress = 256

// maxBatchBytes bounds a batch before compression, so that one that cannot be
// read back is refused when it is written.
const maxBatchBytes = 1 << 30

// pack joins entries into one body.
func pack(entries [][]byte) ([]byte, error) {
	size := 1
	for _, e := range entries {
		size += len(e) + binary.MaxVarintLen64
	}
	if size > maxBatchBytes {
		return nil, fmt.Errorf("batch of %d octets is larger than %d", size, maxBatchBytes)
	}
	plain := make([]byte, 1, size)
	plain[0] = packedPlain
	for _, e := range entries {
		plain = binary.AppendUvarint(plain, uint64(len(e)))
		plain = append(plain, e...)
	}
	if len(plain) < minCompress {
		return plain, nil
	}
	packed := make([]byte, 1+s2.MaxEncodedLen(len(plain)-1))
	packed[0] = packedS2
	n := len(s2.Encode(packed[1:], plain[1:]))
	if n >= len(plain)-1 {
		return plain, nil
	}
	return packed[:1+n], nil
}

// unpack is the reverse of pack. The entries may share memory with body and
// with each other, but do not overlap.
func unpack(body []byte) ([][]byte, error) {
	if len(body) == 0 {
		return nil, errors.New("empty batch")
	}
	rest := body[1:]
	switch body[0] {
	case packedPlain:
	case packedS2:
		if n, err := s2.DecodedLen(rest); err != nil || n > maxBatchBytes {
			return nil, errors.New("batch with an impossible length")
		}
		plain, err := s2.Decode(nil, rest)
		if err != nil {
			return nil, fmt.Errorf("decompress batch: %w", err)
		}
		rest = plain
	default:
		return nil, fmt.Errorf("batch of unknown packing %d", body[0])
	}
	var entries [][]byte
	for len(rest) > 0 {
		size, n := binary.Uvarint(rest)
		if n <= 0 || size > uint64(len(rest)-n) {
			return nil, errors.New("batch is cut short")
		}
		end := n + int(size)
		entries = append(entries, rest[n:end:end])
		rest = rest[end:]
	}
	return entries, nil
}

// subjectPrefix begins the subject of every journal.
const subjectPrefix = "journal."

// maxRunID bounds a run ID, so that its subject fits the protocol's control line.
const maxRunID = 256

// subjectOf is the subject of a run's journal. Octets that a subject may not
// hold are written as %XX, so that any run ID has one subject of its own.
func subjectOf(run harvest.RunID) (string, error) {
	source, rest, ok := strings.Cut(string(run), "@")
	if !ok || source == "" || rest == "" || len(run) > maxRunID {
		return "", fmt.Errorf("run ID %q is not of the form source@time", run)
	}
	return subjectPrefix + token(source) + "." + token(rest), nil
}

// runOf is the reverse of subjectOf.
func runOf(subject string) (harvest.RunID, bool) {
	tokens, ok := strings.CutPrefix(subject, subjectPrefix)
	if !ok {
		return "", false
	}
	source, rest, ok := strings.Cut(tokens, ".")
	if !ok {
		return "", false
	}
	a, okA := untoken(source)
	b, okB := untoken(rest)
	return harvest.RunID(a + "@" + b), okA && okB
}

const hexDigits = "0123456789ABCDEF"

func token(s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_':
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hexDigits[c>>4])
			b.WriteByte(hexDigits[c&15])
		}
	}
	return b.String()
}

func untoken(s string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b.WriteByte(s[i])
			continue
		}
		if i+2 >= len(s) {
			return "", false
		}
		hi, lo := strings.IndexByte(hexDigits, s[i+1]), strings.IndexByte(hexDigits, s[i+2])
		if hi < 0 || lo < 0 {
			return "", false
		}
		b.WriteByte(byte(hi<<4 | lo))
		i += 2
	}
	return b.String(), b.Len() > 0
}
