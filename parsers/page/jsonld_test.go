package page

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseJSON(t *testing.T) {
	want := map[string]any{"@type": "Report", "name": "a // b <!-- c --> /* d */", "n": json.Number("1")}
	plain := `{"@type":"Report","name":"a // b <!-- c --> /* d */","n":1}`
	for name, in := range map[string]string{
		"plain":                  plain,
		"byte order mark":        "\ufeff" + plain,
		"JavaScript comments":    "// one\n/* two */{ // three\n\"@type\":\"Report\", // four\n//\"x\": 1,\n\"name\":\"a // b <!-- c --> /* d */\",\"n\":1}",
		"HTML comment before":    "<!-- A report. -->\n" + plain,
		"HTML comment around":    "<!--\n" + plain + "\n-->",
		"CDATA":                  "//<![CDATA[\n" + plain + "\n//]]>",
		"trailing commas":        `{"@type":"Report","name":"a // b <!-- c --> /* d */","n":1 , } `,
		"encoded as HTML":        strings.ReplaceAll(plain, `"`, "&quot;"),
		"escapes of nothing":     `{"@type":"Re\port","name":"a \/\/ b <!-- c --> \/* d *\/","n":1}`,
		"text behind the object": plain + ";",
	} {
		got, ok := parseJSON(in)
		if diff := cmp.Diff(any(want), got); !ok || diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	got, ok := parseJSON("{\"a\":\"line 1\n\tline\x01 2\",\"b\":[1,2,],}")
	if diff := cmp.Diff(any(map[string]any{"a": "line 1\n line  2", "b": []any{json.Number("1"), json.Number("2")}}), got); !ok || diff != "" {
		t.Errorf("control characters (-want +got):\n%s", diff)
	}
	for _, in := range []string{"", "null", "{", `{"a":`, "var a = {}"} {
		if got, ok := parseJSON(in); ok && got != nil {
			t.Errorf("parseJSON(%q) = %v", in, got)
		}
	}
}

// Comments that never end are looked for once, not again and again.
func TestRepairJSONIsLinear(t *testing.T) {
	for _, unit := range []string{"<!--", "/*", "//", `"\`, ",", "{<!--{-->"} {
		if got := repairJSON(strings.Repeat(unit, maxLD/len(unit))); len(got) > maxLD {
			t.Errorf("%q: grew to %d octets", unit, len(got))
		}
	}
}
