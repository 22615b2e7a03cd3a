// Command containers checks Dockerfiles and Compose files without a container
// engine: Dockerfiles by the rules of `docker build --check`, Compose files by
// their schema, and both by the rules of this repository.
//
// What enters: file names. What leaves: one line for each finding,
// file:line: what is wrong, and the exit code 1 when there is any. It asks no
// registry, so that it cannot say whether an image exists.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: containers FILE...")
		os.Exit(2)
	}
	bad := false
	for _, name := range os.Args[1:] {
		findings, err := check(context.Background(), name)
		if err != nil {
			fmt.Fprintf(os.Stderr, "containers: %v\n", err)
			os.Exit(2)
		}
		for _, f := range findings {
			fmt.Println(f)
			bad = true
		}
	}
	if bad {
		os.Exit(1)
	}
}

// finding is one thing to mend.
type finding struct {
	file string
	line int // 0 when it is about the whole file
	what string
}

func (f finding) String() string {
	if f.line == 0 {
		return fmt.Sprintf("%s: %s", f.file, f.what)
	}
	return fmt.Sprintf("%s:%d: %s", f.file, f.line, f.what)
}

func check(ctx context.Context, name string) ([]finding, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(filepath.Base(name), "Dockerfile") {
		return checkDockerfile(ctx, name, text)
	}
	return checkCompose(ctx, name, text)
}

// pinned says what is wrong with the tag of an image, empty when it is fixed.
// "latest" and a missing tag mean another image every month.
func pinned(image string) string {
	if strings.Contains(image, "@sha256:") {
		return ""
	}
	_, tag, ok := strings.Cut(image[strings.LastIndex(image, "/")+1:], ":")
	switch {
	case !ok:
		return fmt.Sprintf("image %q has no tag; name a version", image)
	case tag == "latest" || !strings.ContainsAny(tag, "0123456789"):
		return fmt.Sprintf("image %q is not pinned by its tag %q; name a version", image, tag)
	}
	return ""
}
