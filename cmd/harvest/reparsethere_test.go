package main_test

import (
	"strings"
	"testing"
)

// What was read again is published through a running server: by its gates, without a
// request, and not while a run of the source goes on.
func TestReparseBesideAServer(t *testing.T) {
	t.Parallel()
	h, site := slow(t)
	site.gate.Open()
	h.does(0, "run", "innocent")
	good := h.read("config/sources/innocent.yaml")
	mended := good + "publisher: The Institute\n"
	h.write("config/sources/innocent.yaml", mended)
	asked := site.Count("/item/1") + site.Count("/item/2")
	serve := h.serve()
	said := h.does(0, "reparse", "innocent", "--publish")
	for _, want := range []string{"harvest serve (pid", "3 records changed", "0 new, 3 changed", "requests  0, "} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is missing in\n%s", want, said)
		}
	}
	if n := site.Count("/item/1") + site.Count("/item/2") - asked; n != 0 {
		t.Errorf("the site was asked %d times", n)
	}
	if said := h.does(0, "export", "--format", "jsonl"); strings.Count(said, "The Institute") < 3 {
		t.Errorf("exported is\n%s", said)
	}
	h.stop(serve)
}
