package main

import (
	"io"
	"os"
	"strings"
	"sync"

	"github.com/jedib0t/go-pretty/v6/text"
	"golang.org/x/term"
)

// screen is a terminal at whose lower end some lines are kept up to date. What
// is written to it, such as log lines, goes above them. It is safe for
// concurrent use.
type screen struct {
	out  io.Writer
	size func() (columns, rows int)

	mu    sync.Mutex
	frame func(columns, rows int) []string
	shown []string // the lines that stand there
}

// onScreen is m with a screen in the place of standard error, when that is a
// terminal which can move its cursor.
func (m Main) onScreen() Main {
	if f, ok := m.Stderr.(*os.File); ok && isTerminal(f) && os.Getenv("TERM") != "dumb" {
		m.Stderr = &screen{out: f, size: func() (int, int) {
			columns, rows, err := term.GetSize(int(f.Fd()))
			if err != nil || columns <= 0 || rows <= 0 {
				return 80, 24
			}
			return columns, rows
		}}
	}
	return m
}

// show draws lines anew.
func (s *screen) show(frame func(columns, rows int) []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.frame = frame
	var b strings.Builder
	s.draw(&b)
	_, _ = io.WriteString(s.out, b.String()) // a terminal that is gone needs no lines
}

// leave draws the last lines, and lets them stand.
func (s *screen) leave(frame func(columns, rows int) []string) {
	s.show(frame)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.frame, s.shown = nil, nil
}

// Write writes above the lines.
func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	columns, _ := s.size()
	s.erase(&b, columns)
	b.Write(p)
	if s.frame != nil && strings.HasSuffix(string(p), "\n") {
		s.draw(&b)
	}
	if _, err := io.WriteString(s.out, b.String()); err != nil {
		return 0, err
	}
	return len(p), nil
}

// draw replaces the lines. The caller holds mu.
func (s *screen) draw(b *strings.Builder) {
	columns, rows := s.size()
	s.erase(b, columns)
	for _, line := range s.frame(columns, rows) {
		s.shown = append(s.shown, line)
		b.WriteString(line)
		b.WriteByte('\n')
	}
}

// erase takes the lines away. A terminal that has become narrower has broken
// those that were longer, so each may take several rows by now.
func (s *screen) erase(b *strings.Builder, columns int) {
	up := 0
	for _, line := range s.shown {
		up += max(1, (text.StringWidthWithoutEscSequences(line)+columns-1)/columns)
	}
	for range up {
		b.WriteString("\x1b[A") // up; stops at the upper end, whatever the count
	}
	if up > 0 {
		b.WriteString("\r\x1b[J") // clear what is below
	}
	s.shown = nil
}
