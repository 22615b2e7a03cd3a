package config

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// MaxFileBytes is the largest configuration file that is read: far more than
// any real one, and little enough that a wrong file does no harm.
const MaxFileBytes = 256 << 10

// Loader reads configuration files. The zero value is ready to use; its fields
// exist for tests. A Loader has no state and may be used concurrently.
type Loader struct {
	// LookupEnv finds an environment variable; nil means [os.LookupEnv].
	LookupEnv func(name string) (string, bool)
	// Now is the time by which dates are judged; nil means [time.Now].
	Now func() time.Time
	// Vocabulary holds the known categories; nil means that every call reads
	// it with [LoadVocabulary].
	Vocabulary *Vocabulary
}

// Load reads harvest.yaml at path and every source file in the folder
// "sources" beside it, with the environment of the process. See [Loader.Load].
func Load(path string) (*Config, Problems) { return Loader{}.Load(path) }

// LoadSource reads one source file. The source is nil when the file has a
// problem that is more than a warning.
func LoadSource(path string) (*Source, Problems) { return Loader{}.LoadSource(path) }

// ParseSource reads a source file from memory; file is the name that the
// problems give and, without its folder and ".yaml", the id that must stand in
// the text.
func ParseSource(file string, text []byte) (*Source, Problems) {
	return Loader{}.ParseSource(file, text)
}

// Load reads harvest.yaml at path and every file sources/*.yaml beside it. It
// reports every problem of every file, sorted.
//
// The configuration is nil when harvest.yaml itself is missing or has a problem
// that is more than a warning: a store or a limit that nobody chose must not
// take the place of the one that was meant. A source whose file has such a
// problem is left out; the others are there.
//
// Nothing but the files and the named environment variables is read; there is
// no network access.
func (l Loader) Load(path string) (*Config, Problems) {
	w, err := l.walker(path)
	if err != nil {
		return nil, Problems{{File: path, What: err.Error()}}
	}
	text, missing := readFile(path)
	if missing != nil {
		missing.Hint = cmp.Or(missing.Hint, "give its place with --config FILE")
		return nil, Problems{*missing}
	}
	l.Vocabulary = w.vocabulary
	c := w.harvestFile(text)
	usable := w.problems.Err() == nil
	c.File, c.Dir, c.Vocabulary = path, filepath.Dir(path), w.vocabulary
	sources, more := l.sources(filepath.Join(c.Dir, "sources"))
	c.Sources = sources
	problems := append(w.problems, more...).sorted()
	if !usable {
		return nil, problems
	}
	return c, problems
}

// LoadSource is [LoadSource] with the fields of l.
func (l Loader) LoadSource(path string) (*Source, Problems) {
	text, problem := readFile(path)
	if problem != nil {
		return nil, Problems{*problem}
	}
	return l.ParseSource(path, text)
}

// ParseSource is [ParseSource] with the fields of l.
func (l Loader) ParseSource(file string, text []byte) (*Source, Problems) {
	w, err := l.walker(file)
	if err != nil {
		return nil, Problems{{File: file, What: err.Error()}}
	}
	spec := sourceKind()
	w.spec = spec.keys
	w.otherFile = make(map[string]string)
	for _, k := range HarvestKeys() {
		w.otherFile[k.Name] = "it belongs into harvest.yaml"
	}
	root, ok := w.root(text)
	if !ok {
		return nil, w.problems.sorted()
	}
	if root == nil {
		w.problems = Problems{{File: file, Line: 1, Col: 1, What: "the file is empty", Hint: "a source needs at least id, name, homepage and doors"}}
		return nil, w.problems
	}
	s, ok := spec.read(w, value{node: root})
	sum := sha256.Sum256(text)
	s.File, s.Hash = file, hex.EncodeToString(sum[:])
	if !ok || len(w.problems.Errors()) > 0 {
		return nil, w.problems.sorted()
	}
	return &s, w.problems.sorted()
}

// walker makes a walker for one file.
func (l Loader) walker(file string) (*walker, error) {
	w := &walker{file: file, lookupEnv: os.LookupEnv, now: time.Now(), vocabulary: l.Vocabulary}
	if w.vocabulary == nil {
		v, err := LoadVocabulary()
		if err != nil {
			return nil, err
		}
		w.vocabulary = v
	}
	if l.LookupEnv != nil {
		w.lookupEnv = l.LookupEnv
	}
	if l.Now != nil {
		w.now = l.Now()
	}
	return w, nil
}

// harvestFile reads harvest.yaml. Without any key all defaults hold.
func (w *walker) harvestFile(text []byte) *Config {
	spec := harvestKind()
	w.spec = spec.keys
	w.otherFile = map[string]string{"sources": `sources are files of their own in the folder "sources" beside this file`}
	for _, k := range SourceKeys() {
		w.otherFile[k.Name] = `it belongs into the file of a source, in the folder "sources"`
	}
	if root, ok := w.root(text); ok && root != nil {
		if c, ok := spec.read(w, value{node: root}); ok {
			return &c
		}
	}
	defaults, _ := fromText(w, spec, "{}")
	return &defaults
}

// sources reads every source file of a folder. Sub-folders, such as testdata,
// and hidden files are left alone.
func (l Loader) sources(dir string) ([]Source, Problems) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, Problems{{File: dir, What: "there is no such folder", Hint: "source files are looked for in it", Warning: true}}
	}
	if err != nil {
		return nil, Problems{{File: dir, What: "the folder cannot be read: " + reason(err)}}
	}
	var sources []Source
	var problems Problems
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		ext := strings.ToLower(filepath.Ext(e.Name()))
		switch {
		case strings.HasPrefix(e.Name(), ".") || e.IsDir():
		case filepath.Ext(e.Name()) == ".yaml":
			s, more := l.LoadSource(path)
			problems = append(problems, more...)
			if s != nil {
				sources = append(sources, *s)
			}
		case ext == ".yml" || ext == ".yaml":
			right := strings.TrimSuffix(e.Name(), filepath.Ext(e.Name())) + ".yaml"
			problems = append(problems, Problem{File: path, What: "the file is not read, because its name does not end in .yaml", Hint: "rename it to " + right})
		}
	}
	slices.SortFunc(sources, func(a, b Source) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return sources, problems
}

// readFile reads a whole file, or says in words why it cannot.
func readFile(path string) ([]byte, *Problem) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &Problem{File: path, What: "there is no such file"}
	case err != nil:
		return nil, &Problem{File: path, What: "the file cannot be read: " + reason(err)}
	case info.IsDir():
		return nil, &Problem{File: path, What: "is a folder, not a file", Hint: "name the file in it, such as " + filepath.Join(path, "harvest.yaml")}
	case !info.Mode().IsRegular():
		return nil, &Problem{File: path, What: "is not an ordinary file"}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, &Problem{File: path, What: "the file cannot be read: " + reason(err)}
	}
	defer func() { _ = f.Close() }() // it was only read
	text, err := io.ReadAll(io.LimitReader(f, MaxFileBytes+1))
	if err != nil {
		return nil, &Problem{File: path, What: "the file cannot be read: " + reason(err)}
	}
	return text, nil
}

// reason is what the system says of an error, without the path that the
// problem names already.
func reason(err error) string {
	if pathError, ok := errors.AsType[*fs.PathError](err); ok {
		return pathError.Err.Error()
	}
	return err.Error()
}

// tooLarge reports a text beyond [MaxFileBytes].
func tooLarge(text []byte) fault {
	if len(text) <= MaxFileBytes {
		return fault{}
	}
	return fault{fmt.Sprintf("the file is larger than %s", printSize(MaxFileBytes)), "a configuration file is a few pages at most; is it the right file?"}
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// withoutMark drops the byte order mark that some editors put at the start.
func withoutMark(text []byte) []byte { return bytes.TrimPrefix(text, byteOrderMark) }
