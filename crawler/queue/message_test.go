package queue

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/harvest87/harvest"
)

// These tests look inside, because messages and subjects are not exported.

func FuzzMessageReadsBackAsWritten(f *testing.F) {
	f.Add(byte('b'), uint64(1), uint64(0), []byte("body"))
	f.Add(byte('c'), uint64(1)<<63, ^uint64(0), []byte{})
	f.Fuzz(func(t *testing.T, k byte, claim, prev uint64, body []byte) {
		m, err := decodeMessage(message{kind: kind(k), claim: claim, prev: prev, body: body}.encode())
		if known := strings.Contains("cpbe", string(rune(k))); known != (err == nil) {
			t.Fatalf("kind %q: %v", k, err)
		}
		if err == nil && (m.kind != kind(k) || m.claim != claim || m.prev != prev || !bytes.Equal(m.body, body)) {
			t.Errorf("read back as %+v", m)
		}
	})
}

// FuzzReader feeds a journal's reader with noise: it never panics, and what it
// takes no sense in breaks the chain.
func FuzzReader(f *testing.F) {
	packed, err := pack([][]byte{[]byte("a"), bytes.Repeat([]byte("long "), 200)})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(message{kind: kindBatch, claim: 1, body: packed}.encode())
	f.Add(message{kind: kindPart, claim: 1, body: packed}.encode())
	f.Add(message{kind: kindClaim, claim: 2, body: goesOnAfter(0)}.encode())
	f.Add([]byte("b\x01\x00\x01\xff\xff\xff\xff\x7f")) // a length of gigabytes
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		var r reader
		r.read(7, data)
		if r.broken == nil && r.last != 7 {
			t.Error("neither taken nor refused")
		}
		if r.broken != nil && r.last != 0 {
			t.Error("refused, and still counted")
		}
	})
}

func FuzzPackKeepsEntries(f *testing.F) {
	f.Add([]byte("one two three"), 3, 2)
	f.Add(bytes.Repeat([]byte("x"), 5000), 1, 1)
	f.Fuzz(func(t *testing.T, b []byte, cut, repeat int) {
		if repeat < 0 || repeat > 100 {
			return
		}
		cut = min(max(cut, 0), len(b))
		var entries [][]byte
		for range repeat {
			entries = append(entries, b[:cut], b[cut:])
		}
		body, err := pack(entries)
		if err != nil {
			t.Fatal(err)
		}
		got, err := unpack(body)
		if err != nil || !slices.EqualFunc(entries, got, bytes.Equal) {
			t.Errorf("%d entries came back as %d, %v", len(entries), len(got), err)
		}
	})
}

func FuzzSubjectNamesOneRun(f *testing.F) {
	for _, id := range []string{"respect@20260301T030000Z", "a.b*c>@ d\n", "é@%41", "@", "x@", "a@b@c"} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		subject, err := subjectOf(harvest.RunID(id))
		if err != nil {
			return
		}
		tokens := strings.Split(subject, ".")
		if len(tokens) != 3 || slices.Contains(tokens, "") || strings.ContainsAny(subject, "*> \t\r\n\x00") {
			t.Errorf("subject %q of %q", subject, id)
		}
		if back, ok := runOf(subject); !ok || back != harvest.RunID(id) {
			t.Errorf("%q came back as %q, %v", id, back, ok)
		}
	})
}

func TestMessagesOfOthersAreNotRead(t *testing.T) {
	for _, b := range []string{"", "x", "b", "b\x80", "c\x01", "hello"} {
		if _, err := decodeMessage([]byte(b)); err == nil {
			t.Errorf("%q is taken for a message", b)
		}
	}
	for _, b := range [][]byte{nil, {9}, {packedPlain, 5, 'a'}, {packedPlain, 0x80}, {packedS2, 0xff}, {packedS2, 3, 9, 9}} {
		if entries, err := unpack(b); err == nil {
			t.Errorf("%v is taken for a batch of %d", b, len(entries))
		}
	}
	for _, s := range []string{"", "journal.", "journal.a", "other.a.b", "journal.a.%4", "journal.%zz.b", "journal..b"} {
		if run, ok := runOf(s); ok {
			t.Errorf("%q is taken for run %q", s, run)
		}
	}
}

func TestReaderFollowsTheChain(t *testing.T) {
	batch := func(entry string) []byte {
		b, err := pack([][]byte{[]byte(entry)})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	claim := func(prev uint64) message { return message{kind: kindClaim, prev: prev} }
	whole := func(prev uint64, entry string) message {
		return message{kind: kindBatch, prev: prev, body: batch(entry)}
	}
	mended := func(prev, after uint64) message {
		return message{kind: kindClaim, prev: prev, body: goesOnAfter(after)}
	}
	half := batch("two halves")
	tests := []struct {
		name     string
		messages []message // numbered from 1
		want     []string
		broken   bool
	}{
		{"parts and their end", []message{
			claim(0), {kind: kindPart, prev: 1, body: half[:4]}, {kind: kindBatch, prev: 2, body: half[4:]},
		}, []string{"two halves"}, false},
		{"parts that nobody finished", []message{
			claim(0), {kind: kindPart, prev: 1, body: half[:4]}, claim(2), whole(3, "b"),
		}, []string{"b"}, false},
		{"a gap", []message{claim(0), whole(1, "a"), whole(5, "b"), whole(3, "c")}, []string{"a"}, true},
		{"a gap that was mended", []message{claim(0), whole(1, "a"), whole(5, "b"), mended(3, 2), whole(4, "c")}, []string{"a", "c"}, false},
		{"mended after another message", []message{claim(0), whole(1, "a"), whole(5, "b"), mended(3, 1), whole(4, "c")}, []string{"a"}, true},
		{"noise", []message{claim(0), {kind: kindBatch, prev: 1, body: []byte("noise")}, whole(2, "b")}, nil, true},
	}
	for _, tt := range tests {
		var r reader
		var got []string
		for i, m := range tt.messages {
			for _, e := range r.read(uint64(i+1), m.encode()) {
				got = append(got, string(e))
			}
		}
		if !slices.Equal(got, tt.want) || (r.broken != nil) != tt.broken {
			t.Errorf("%s: %q, broken %v; want %q", tt.name, got, r.broken, tt.want)
		}
	}
}
