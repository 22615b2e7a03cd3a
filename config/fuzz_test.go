package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/harvest87/harvest/config"
)

// FuzzParseSource checks that no bytes make the loader panic, that every
// problem points into the file and is one line of text, that a text without a
// problem is a source and the other way round, and that the source means the
// same when it is written out and read again.
func FuzzParseSource(f *testing.F) {
	for _, pattern := range []string{"testdata/bad/*.txtar", "sources/*.yaml"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			if filepath.Ext(path) == ".yaml" {
				f.Add(text)
				continue
			}
			for _, file := range txtar.Parse(text).Files {
				f.Add(file.Data)
			}
		}
	}
	f.Add([]byte(full))
	f.Add([]byte("\xef\xbb\xbf---\r\n? [a]\r\n: *b\r\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, problems := loader("").ParseSource("x.yaml", text)
		if (s == nil) != (problems.Err() != nil) {
			t.Fatalf("source %v with problems %v", s, problems)
		}
		for _, p := range problems {
			plain := strings.TrimPrefix(string(text), "\ufeff")
			if msg := outside(plain, p); msg != "" {
				t.Errorf("%s: %s", msg, p)
			}
			if line := p.String(); strings.ContainsAny(line, "\r\n") || !utf8.ValidString(line) {
				t.Errorf("not a line of text: %q", line)
			}
		}
		if s == nil {
			return
		}
		out, err := s.Resolved()
		if err != nil {
			t.Fatal(err)
		}
		again, problems := loader("").ParseSource("x.yaml", out)
		if err := problems.Err(); err != nil {
			t.Fatalf("%v\nin\n%s\nfrom\n%s", err, out, text)
		}
		opts := cmp.Options{compare(), cmpopts.IgnoreFields(config.Source{}, "File", "Hash"), cmpopts.IgnoreFields(config.Door{}, "Line")}
		if diff := cmp.Diff(s, again, opts); diff != "" {
			t.Errorf("differs when read again:\n%s\n%s", diff, out)
		}
	})
}

// FuzzLoadHarvest does the same for harvest.yaml, with an environment that
// holds whatever comes along, and checks that no value of it is printed.
func FuzzLoadHarvest(f *testing.F) {
	shipped, err := os.ReadFile("harvest.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(shipped, "mongodb://u:p@h")
	f.Add([]byte("contact: ${X}\nqueue: {url: '${X}'}\nserve: {listen: '${X}'}\n"), "nats://:1")
	f.Fuzz(func(t *testing.T, text []byte, env string) {
		dir := t.TempDir()
		path := filepath.Join(dir, "harvest.yaml")
		write(t, path, string(text))
		const secret = "hunter2"
		l := loader("")
		l.LookupEnv = func(string) (string, bool) { return env + secret, true }
		c, problems := l.Load(path)
		if bad := problems.In(path).Err(); (c == nil) != (bad != nil) {
			t.Fatalf("configuration %v with harvest.yaml being %v", c, bad)
		}
		for _, p := range problems.In(path) {
			if msg := outside(strings.TrimPrefix(string(text), "\ufeff"), p); msg != "" {
				t.Errorf("%s: %s", msg, p)
			}
			if strings.Contains(p.String(), secret) && !strings.Contains(string(text), secret) {
				t.Errorf("told a secret: %s", p)
			}
		}
		if c == nil {
			return
		}
		if _, err := c.Resolved(); err != nil {
			t.Error(err)
		}
	})
}
