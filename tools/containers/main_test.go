package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFindings(t *testing.T) {
	const goodDockerfile = `FROM golang:1.26.8-bookworm AS build
RUN true
FROM scratch
COPY --from=build /bin/true /true
LABEL org.opencontainers.image.title="x"
USER 65532
HEALTHCHECK CMD ["/true"]
ENTRYPOINT ["/true"]
`
	const goodCompose = `services:
  app:
    build: .
    restart: always
    depends_on:
      db:
        condition: service_healthy
  db:
    image: mongo:8.0.13
    restart: always
    healthcheck:
      test: ["CMD", "true"]
    volumes:
      - data:/data/db
volumes:
  data:
`
	for _, tt := range []struct {
		name, file, text, old, new string
		want                       string // part of a finding, empty for none
	}{
		{name: "good", file: "Dockerfile", text: goodDockerfile},
		{name: "latest", file: "Dockerfile", text: goodDockerfile, old: "golang:1.26.8-bookworm", new: "golang:latest", want: "Dockerfile:1: image \"golang:latest\" is not pinned"},
		{name: "no tag", file: "Dockerfile", text: goodDockerfile, old: "golang:1.26.8-bookworm", new: "golang", want: "has no tag"},
		{name: "root", file: "Dockerfile", text: goodDockerfile, old: "USER 65532\n", want: "numeric user"},
		{name: "named user", file: "Dockerfile", text: goodDockerfile, old: "USER 65532", new: "USER harvest", want: "numeric user"},
		{name: "no health check", file: "Dockerfile", text: goodDockerfile, old: "HEALTHCHECK CMD [\"/true\"]\n", want: "no HEALTHCHECK"},
		{name: "no label", file: "Dockerfile", text: goodDockerfile, old: "LABEL org.opencontainers.image.title=\"x\"\n", want: "no LABEL"},
		{name: "unknown instruction", file: "Dockerfile", text: goodDockerfile, old: "USER", new: "USR", want: "unknown instruction"},
		{name: "rule of BuildKit", file: "Dockerfile", text: goodDockerfile, old: "AS build", new: "as build", want: "FromAsCasing"},
		{name: "shell form", file: "Dockerfile", text: goodDockerfile, old: `ENTRYPOINT ["/true"]`, new: "ENTRYPOINT /true", want: "JSONArgsRecommended"},

		{name: "good", file: "docker-compose.yml", text: goodCompose},
		{name: "unknown key", file: "docker-compose.yml", text: goodCompose, old: "restart: always", new: "restarts: always", want: "restarts"},
		{name: "unknown volume", file: "docker-compose.yml", text: goodCompose, old: "- data:", new: "- dat:", want: "dat"},
		{name: "latest", file: "docker-compose.yml", text: goodCompose, old: "mongo:8.0.13", new: "mongo:latest", want: "service db: image \"mongo:latest\" is not pinned"},
		{name: "behind a profile", file: "docker-compose.yml", text: goodCompose, old: "image: mongo:8.0.13", new: "profiles: [x]\n    image: mongo:latest", want: "service db: image \"mongo:latest\" is not pinned"},
		{name: "no health check", file: "docker-compose.yml", text: goodCompose, old: "    healthcheck:\n      test: [\"CMD\", \"true\"]\n", want: "service db: no healthcheck"},
		{name: "no restart policy", file: "docker-compose.yml", text: goodCompose, old: "    build: .\n    restart: always\n", new: "    build: .\n", want: "service app: no restart policy"},
		{name: "not waiting", file: "docker-compose.yml", text: goodCompose, old: "service_healthy", new: "service_started", want: "without waiting"},
	} {
		t.Run(tt.file+" "+tt.name, func(t *testing.T) {
			if !strings.Contains(tt.text, tt.old) {
				t.Fatalf("the good file has no %q", tt.old)
			}
			name := filepath.Join(t.TempDir(), tt.file)
			if err := os.WriteFile(name, []byte(strings.Replace(tt.text, tt.old, tt.new, 1)), 0o644); err != nil {
				t.Fatal(err)
			}
			findings, err := check(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			var lines []string
			for _, f := range findings {
				lines = append(lines, f.String())
			}
			got := strings.Join(lines, "\n")
			if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
				t.Errorf("findings:\n%s\nwant one with %q", got, tt.want)
			}
		})
	}
}
