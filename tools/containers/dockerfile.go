package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerui"
	"github.com/opencontainers/go-digest"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
)

// checkDockerfile applies BuildKit's own rules
// (https://docs.docker.com/reference/build-checks/), then ours.
func checkDockerfile(ctx context.Context, name string, text []byte) ([]finding, error) {
	var out []finding
	source := llb.NewSourceMap(nil, name, "Dockerfile", text)
	source.Definition = new(llb.Definition) // the result cannot be made without one, though it says nothing
	results, err := dockerfile2llb.DockerfileLint(ctx, text, dockerfile2llb.ConvertOpt{
		Config:       dockerui.Config{LinterConfig: &linter.Config{ExperimentalAll: true}},
		SourceMap:    source,
		MetaResolver: anyImage{},
	})
	if err != nil {
		return nil, fmt.Errorf("check %s: %w", name, err)
	}
	if results.Error != nil {
		return []finding{{name, 0, results.Error.Message}}, nil
	}
	for _, w := range results.Warnings {
		line := 0
		if ranges := w.Location.GetRanges(); len(ranges) > 0 {
			line = int(ranges[0].GetStart().GetLine())
		}
		out = append(out, finding{name, line, fmt.Sprintf("%s: %s", w.RuleName, w.Detail)})
	}
	ours, err := ownRules(name, text)
	return append(out, ours...), err
}

// anyImage stands in for a registry: every image exists and sets nothing.
type anyImage struct{}

// ResolveImageConfig answers for any reference.
func (anyImage) ResolveImageConfig(_ context.Context, ref string, opt sourceresolver.Opt) (string, digest.Digest, []byte, error) {
	platform := ocispecs.Platform{OS: "linux", Architecture: "amd64"}
	if opt.ImageOpt != nil && opt.ImageOpt.Platform != nil {
		platform = *opt.ImageOpt.Platform
	}
	config, err := json.Marshal(ocispecs.Image{Platform: platform})
	return ref, digest.FromBytes(config), config, err
}

// ownRules are what this repository asks of an image: pinned bases, a numeric
// user other than root, a health check, labels.
func ownRules(name string, text []byte) ([]finding, error) {
	parsed, err := parser.Parse(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("parse %s: %w", name, err)
	}
	stages, _, err := instructions.Parse(parsed.AST, nil)
	if err != nil {
		return nil, fmt.Errorf("parse %s: %w", name, err)
	}
	var out []finding
	stageNames := map[string]bool{"scratch": true}
	for _, s := range stages {
		if why := pinned(s.BaseName); why != "" && !stageNames[strings.ToLower(s.BaseName)] {
			out = append(out, finding{name, s.Location[0].Start.Line, why})
		}
		stageNames[strings.ToLower(s.Name)] = true
	}
	if len(stages) == 0 {
		return out, nil
	}
	var user string
	var healthy, labelled bool
	last := stages[len(stages)-1]
	for _, c := range last.Commands {
		switch c := c.(type) {
		case *instructions.UserCommand:
			user = c.User
		case *instructions.HealthCheckCommand:
			healthy = len(c.Health.Test) > 0 && c.Health.Test[0] != "NONE"
		case *instructions.LabelCommand:
			labelled = true
		}
	}
	line := last.Location[0].Start.Line
	uid, _, _ := strings.Cut(user, ":")
	if n, err := strconv.Atoi(uid); err != nil || n == 0 {
		out = append(out, finding{name, line, fmt.Sprintf("the last stage runs as %q; name a numeric user other than 0", user)})
	}
	if !healthy {
		out = append(out, finding{name, line, "the last stage has no HEALTHCHECK"})
	}
	if !labelled {
		out = append(out, finding{name, line, "the last stage has no LABEL"})
	}
	return out, nil
}
