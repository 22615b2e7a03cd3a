package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/harvest87/harvest/config"
)

var checkDay = time.Date(2026, 5, 4, 23, 0, 0, 0, time.UTC)

const checkedSource = "# what was seen\nid: library\nname: 'A library'   # its own name\nhomepage: https://library.example\ndoors:\n  - wordpress: {types: [post]}  # recalled\n"

func TestDayOfCheckIsWrittenAndAllElseStays(t *testing.T) {
	for _, tt := range []struct{ name, was, want string }{
		{"never", checkedSource + "checked: never\n", checkedSource + "checked: 2026-05-04\n"},
		{"a comment", checkedSource + "checked: never  # by nobody\n", checkedSource + "checked: 2026-05-04  # by nobody\n"},
		{"an older day", checkedSource + "checked: \"2025-01-31\"\n", checkedSource + "checked: 2026-05-04\n"},
		{"in the middle", "checked: never\n" + checkedSource, "checked: 2026-05-04\n" + checkedSource},
		{"no value", checkedSource + "checked:\n", checkedSource + "checked: 2026-05-04\n"},
		{"no key", checkedSource, checkedSource + "checked: 2026-05-04\n"},
		{"no line end", strings.TrimSuffix(checkedSource, "\n"), checkedSource + "checked: 2026-05-04\n"},
		{"Windows", strings.ReplaceAll(checkedSource+"checked: never\n", "\n", "\r\n"), strings.ReplaceAll(checkedSource+"checked: 2026-05-04\n", "\n", "\r\n")},
		{"a byte order mark", "\xef\xbb\xbf" + checkedSource + "checked: never\n", "\xef\xbb\xbf" + checkedSource + "checked: 2026-05-04\n"},
		{"the same day", checkedSource + "checked: 2026-05-04\n", checkedSource + "checked: 2026-05-04\n"},
	} {
		got, err := config.WithChecked("library.yaml", []byte(tt.was), checkDay)
		if err != nil || string(got) != tt.want {
			t.Errorf("%s: %v\n%q\nwant\n%q", tt.name, err, got, tt.want)
		}
	}
}

func TestDayOfCheckIsNotWrittenByGuess(t *testing.T) {
	for name, text := range map[string]string{
		"one line":       "{id: library, name: A, homepage: https://library.example, doors: [{wordpress: {}}], checked: never}\n",
		"the next line":  checkedSource + "checked:\n  never\n",
		"broken":         checkedSource + "checked: never\nnot: [closed\n",
		"something else": "- a\n- b\n",
		"empty":          "",
	} {
		if got, err := config.WithChecked("library.yaml", []byte(text), checkDay); err == nil || !strings.Contains(err.Error(), "by hand") {
			t.Errorf("%s: %v\n%s", name, err, got)
		}
	}
}

func TestFileIsReplacedAsAWhole(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "library.yaml")
	if err := os.WriteFile(file, []byte(checkedSource), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := config.WriteChecked(file, checkDay); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil || !strings.HasSuffix(string(text), "checked: 2026-05-04\n") {
		t.Errorf("%s %v", text, err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 1 {
		t.Errorf("%d files are left, %v", len(entries), err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}
