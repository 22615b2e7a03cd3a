package notify

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/template"
	"time"
	"unicode"
)

//go:embed templates/*.tmpl
var shipped embed.FS

// templateNames are the files that a folder of templates may hold: subject and
// text of a message about a source, given an [Event], and of the digest, given
// a [Summary].
var templateNames = []string{"subject.tmpl", "text.tmpl", "digest-subject.tmpl", "digest.tmpl"}

// Words are the templates of messages.
type Words struct{ of *template.Template }

// mostText bounds what a template makes, in octets.
const mostText = 64 << 10

var errLong = errors.New("the text is too long")

// NewWords reads the templates: those of the folder, and those shipped for files
// that it does not have, or when folder is empty. A template is tried at once,
// so that a mistake is found now and not when something breaks.
func NewWords(folder string) (*Words, error) {
	t := template.New("").Funcs(template.FuncMap{"moment": moment})
	for _, name := range templateNames {
		text, err := fs.ReadFile(shipped, "templates/"+name)
		if err != nil {
			return nil, err
		}
		if folder != "" {
			own, err := os.ReadFile(filepath.Join(folder, name))
			if err == nil {
				text = own
			} else if !errors.Is(err, fs.ErrNotExist) {
				return nil, fmt.Errorf("read a template: %w", err)
			}
		}
		if _, err := t.New(name).Parse(string(text)); err != nil {
			return nil, fmt.Errorf("read a template: %w", err)
		}
	}
	w := &Words{of: t}
	s := Standing{Source: "example", State: "broken", BrokenLinks: 1}
	all := Summary{Sources: []Standing{s}, Look: []Standing{s}, Links: []Standing{s}}
	for name, data := range map[string]any{
		"subject.tmpl": &Event{Kind: Broken, Standing: s}, "text.tmpl": &Event{Kind: Broken, Standing: s},
		"digest-subject.tmpl": &all, "digest.tmpl": &all,
	} {
		if _, err := w.run(name, data); err != nil {
			return nil, fmt.Errorf("try a template: %w", err)
		}
	}
	return w, nil
}

// moment is a time for people, "never" for none.
func moment(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format("2006-01-02 15:04 MST")
}

func (w *Words) event(e *Event) (subject, text string) {
	return w.line("subject.tmpl", e, string(e.Kind)+": "+string(e.Source)), w.text("text.tmpl", e, e.Why)
}

func (w *Words) digest(s *Summary) (subject, text string) {
	return w.line("digest-subject.tmpl", s, "digest"), w.text("digest.tmpl", s, "")
}

// text is what a template says, without what could steer a terminal; fallback
// and the reason when it fails.
func (w *Words) text(name string, data any, fallback string) string {
	text, err := w.run(name, data)
	if err != nil {
		text = strings.TrimSpace(fallback + "\n\n(" + err.Error() + ")")
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, strings.TrimSpace(text)) + "\n"
}

// line is text on one line.
func (w *Words) line(name string, data any, fallback string) string {
	return strings.Join(strings.Fields(w.text(name, data, fallback)), " ")
}

func (w *Words) run(name string, data any) (string, error) {
	var b bounded
	err := w.of.ExecuteTemplate(&b, name, data)
	return b.String(), err
}

// bounded is a builder that refuses to grow without end.
type bounded struct{ strings.Builder }

// Write implements io.Writer.
func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > mostText {
		return 0, errLong
	}
	return b.Builder.Write(p)
}
