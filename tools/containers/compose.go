package main

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
)

// checkCompose loads the file as `docker compose config` does: schema
// (https://github.com/compose-spec/compose-spec), interpolation, and references
// between services, volumes and networks. Then it applies our own rules.
func checkCompose(ctx context.Context, name string, text []byte) ([]finding, error) {
	folder, err := filepath.Abs(filepath.Dir(name))
	if err != nil {
		return nil, err
	}
	project, err := loader.LoadWithContext(ctx, types.ConfigDetails{
		WorkingDir:  folder,
		ConfigFiles: []types.ConfigFile{{Filename: name, Content: text}},
		Environment: types.Mapping{}, // the file must be good without any
	}, func(o *loader.Options) { o.SetProjectName("check", true) }, loader.WithProfiles([]string{"*"}))
	if err != nil {
		return []finding{{name, 0, err.Error()}}, nil
	}
	var out []finding
	for _, service := range slices.Sorted(maps.Keys(project.Services)) {
		for _, why := range serviceRules(project.Services[service], project) {
			out = append(out, finding{name, 0, fmt.Sprintf("service %s: %s", service, why)})
		}
	}
	return out, nil
}

// serviceRules are what this repository asks of a service: a pinned or own
// image, a health check of its own or of its image, a restart policy, and
// dependencies that wait for health.
func serviceRules(s types.ServiceConfig, p *types.Project) []string {
	var out []string
	if s.Build == nil {
		if why := pinned(s.Image); why != "" {
			out = append(out, why)
		}
		if s.HealthCheck == nil || s.HealthCheck.Disable || len(s.HealthCheck.Test) == 0 {
			out = append(out, "no healthcheck")
		}
	} else if s.HealthCheck != nil && s.HealthCheck.Disable {
		out = append(out, "its image's health check is switched off")
	}
	if s.Restart == "" {
		out = append(out, "no restart policy")
	}
	for other, d := range s.DependsOn {
		if _, ok := p.Services[other]; ok && d.Condition != types.ServiceConditionHealthy && d.Condition != types.ServiceConditionCompletedSuccessfully {
			out = append(out, fmt.Sprintf("depends on %s without waiting until it is healthy", other))
		}
	}
	return out
}
