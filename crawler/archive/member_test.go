package archive

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
)

// squeeze makes one gzip member of a text.
func squeeze(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const small = "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n" +
	"WARC-Date: 2026-03-01T12:00:00Z\r\nWARC-Target-URI: https://a.example/\r\nContent-Type: application/http;msgtype=response\r\n" +
	"Content-Length: 21\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhi\r\n\r\n"

func TestHostileMembers(t *testing.T) {
	good := squeeze(t, small)
	for name, c := range map[string]struct {
		file    []byte
		records int
		torn    bool
	}{
		"good":               {good, 1, false},
		"empty":              {nil, 0, false},
		"text":               {[]byte("<html>"), 0, true},
		"one octet":          {[]byte{0x1f}, 0, true},
		"nothing in it":      {squeeze(t, ""), 0, true},
		"no record":          {squeeze(t, "hello"), 0, false},
		"version alone":      {squeeze(t, "WARC/\n"), 0, false},
		"more behind":        {squeeze(t, small+"x"), 0, false},
		"two in one":         {squeeze(t, small+small), 0, false},
		"short block":        {squeeze(t, small[:len(small)-8]), 0, false},
		"cut":                {good[:len(good)-3], 0, true},
		"good, junk, good":   {bytes.Join([][]byte{good, good}, []byte("junk\x1f\x8b\x08")), 2, false},
		"negative length":    {squeeze(t, strings.Replace(small, "21", "-1", 1)), 0, false},
		"endless line":       {squeeze(t, "WARC/1.1\r\nX: "+strings.Repeat("a", maxMember+1)), 0, false},
		"length of all":      {squeeze(t, strings.Replace(small, "Content-Length: 21", "Content-Length: 9223372036854775807", 1)), 0, false},
		"a body that is all": {squeeze(t, strings.Replace(small, "Content-Length: 21", "Content-Length: 999999999", 1)+strings.Repeat("a", maxMember)), 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := newMemberReader()
			r.open(bytes.NewReader(c.file), int64(len(c.file)))
			n := 0
			bad, err := r.scan(func(m *member) error {
				n++
				_, err := keptOf(m)
				return err
			})
			if err != nil || n != c.records {
				t.Errorf("%d records, want %d; %v", n, c.records, err)
			}
			if (len(bad) == 0) != (len(c.file) == 0 || name == "good") {
				t.Errorf("damage: %+v", bad)
			}
			for _, d := range bad {
				if strings.Contains(d.err.Error(), "broke") {
					t.Errorf("the library panicked: %v", d.err)
				}
			}
			if len(bad) == 1 && errors.Is(bad[0].err, errTorn) != c.torn {
				t.Errorf("torn is not %v: %v", c.torn, bad[0].err)
			}
		})
	}
}

// FuzzMembers reads any octets as a file.
func FuzzMembers(f *testing.F) {
	good := squeeze(f, small)
	f.Add(good, true)
	f.Add(append(slices.Clip(good), good[:40]...), true)
	f.Add([]byte(small), false)
	f.Add([]byte(strings.Replace(small, "response", "revisit", 1)), false)
	f.Fuzz(func(t *testing.T, content []byte, whole bool) {
		if !whole {
			content = squeeze(t, string(content))
		}
		r := newMemberReader()
		r.open(bytes.NewReader(content), int64(len(content)))
		end := int64(0)
		bad, err := r.scan(func(m *member) error {
			if m.offset < end || m.next <= m.offset || m.next > int64(len(content)) {
				t.Errorf("a record from %d to %d behind %d", m.offset, m.next, end)
			}
			end = m.next
			if e, err := entryAt(m); err == nil {
				again, err := parseLine(e.appendLine(nil))
				if err != nil && e.Time.Year() < 10_000 || err == nil && again.URL != strings.ToValidUTF8(e.URL, "\uFFFD") && !strings.Contains(again.URL, "\uFFFD") {
					t.Errorf("%+v in an index is %+v, %v", e, again, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range bad {
			if d.length <= 0 || d.offset < 0 || d.offset+d.length > int64(len(content)) {
				t.Errorf("damage from %d, %d octets, in %d", d.offset, d.length, len(content))
			}
		}
	})
}

// FuzzIndex looks for an address in any octets.
func FuzzIndex(f *testing.F) {
	e := Entry{URL: "https://a.example/x", File: "a.warc.gz", Status: 200}
	f.Add(e.appendLine([]byte("!meta {\"files\":{}}\n")), "https://a.example/x")
	f.Add([]byte("!meta {}\nexample,a)/ 2026 {}\nexample,a)/x 2026 {\"url\":\"https://a.example/x\",\"status\":\"7\",\"length\":\"-1\"}"), "https://a.example/x")
	f.Fuzz(func(t *testing.T, content []byte, url string) {
		name := t.TempDir() + "/index"
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
		ix, err := openIndex(name)
		if err != nil {
			return
		}
		defer ix.close()
		found, err := ix.of(url)
		for _, e := range found {
			if e.URL != url {
				t.Errorf("looked for %q, found %q", url, e.URL)
			}
		}
		if err != nil && errors.Is(err, io.EOF) {
			t.Errorf("an end is an error: %v", err)
		}
	})
}
