package config

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"go.yaml.in/yaml/v3"
)

// checkedLine is the line of the key "checked" with its value and comment.
var checkedLine = regexp.MustCompile(`^(["']?checked["']?[ \t]*:)[ \t]*(?:[^ \t#\r][^#\r]*?)?([ \t]+#[^\r]*)?(\r?)$`)

// WithChecked is the text of a source file in which the day of the last check
// is another. All else stays as it is, comments and form included. The error
// says that the key stands in a form that is not changed by programs.
func WithChecked(file string, text []byte, day time.Time) ([]byte, error) {
	date := day.Format(time.DateOnly)
	changed, err := setChecked(text, date)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; write checked: %s by hand", file, err, date)
	}
	src, problems := Loader{Now: func() time.Time { return day }}.ParseSource(file, changed)
	if src == nil || src.Checked != date {
		return nil, fmt.Errorf("%s: the day of the check cannot be written (%w); write checked: %s by hand", file, problems.Err(), date)
	}
	return changed, nil
}

// setChecked finds the key and replaces its value, or adds a line.
func setChecked(text []byte, date string) ([]byte, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(withoutMark(text), &doc); err != nil {
		return nil, fmt.Errorf("read as YAML: %w", err)
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode || doc.Content[0].Style&yaml.FlowStyle != 0 {
		return nil, fmt.Errorf("it is not written with one key a line")
	}
	lines := bytes.SplitAfter(text, []byte("\n"))
	root := doc.Content[0]
	for i := 0; i+1 < len(root.Content); i += 2 {
		if key := root.Content[i]; key.Value == "checked" && key.Line <= len(lines) {
			line := bytes.TrimSuffix(lines[key.Line-1], []byte("\n"))
			m := checkedLine.FindSubmatch(bytes.TrimPrefix(line, byteOrderMark))
			if m == nil {
				return nil, fmt.Errorf("line %d is not one that a program changes", key.Line)
			}
			end := lines[key.Line-1][len(line):]
			lines[key.Line-1] = bytes.Join([][]byte{m[1], []byte(" " + date), m[2], m[3], end}, nil)
			return bytes.Join(lines, nil), nil
		}
	}
	end := []byte("\n")
	if bytes.Contains(text, []byte("\r\n")) {
		end = []byte("\r\n")
	}
	out := bytes.TrimRight(text, "\r\n")
	return bytes.Join([][]byte{out, end, []byte("checked: " + date), end}, nil), nil
}

// WriteChecked writes the day of the last check into a source file, which is
// replaced as a whole or not at all.
func WriteChecked(file string, day time.Time) error {
	real, err := filepath.EvalSymlinks(file)
	if err != nil {
		return fmt.Errorf("write the day of the check: %w", err)
	}
	text, err := os.ReadFile(real)
	if err != nil {
		return fmt.Errorf("write the day of the check: %w", err)
	}
	changed, err := WithChecked(file, text, day)
	if err != nil || bytes.Equal(changed, text) {
		return err
	}
	info, err := os.Stat(real)
	if err != nil {
		return fmt.Errorf("write the day of the check: %w", err)
	}
	temp, err := os.CreateTemp(filepath.Dir(real), "."+filepath.Base(real)+".*")
	if err != nil {
		return fmt.Errorf("write the day of the check: %w", err)
	}
	_, err = temp.Write(changed)
	if e := temp.Chmod(info.Mode().Perm()); err == nil {
		err = e
	}
	if e := temp.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(temp.Name(), real)
	}
	if err != nil {
		_ = os.Remove(temp.Name()) // it was not put in place
		return fmt.Errorf("write the day of the check: %w", err)
	}
	return nil
}
