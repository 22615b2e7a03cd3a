# What a developer and CI do with this repository. `make` lists it.
#
# Nothing here needs more than Go, git and make; what else a target needs, it
# installs through apt or says so.

SHELL := /bin/sh
.SHELLFLAGS := -euc
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
FUZZTIME ?= 10s

# The version is ours to stamp; Go's own stamping fails where git distrusts the
# owner of the checkout, as in containers.
export GOFLAGS += -buildvcs=false

tool := go tool -modfile=tools/go.mod
# Modules with tests of the product that would burden its go.mod. tools/ is
# for `make check`.
nested = $(patsubst ./%/go.mod,%,$(shell find . -mindepth 2 -name go.mod -not -path './tools/*' -not -path '*/testdata/*' | sort))

.PHONY: help
help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## Build ./bin/harvest, one static file
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/harvest ./cmd/harvest

.PHONY: demo
demo: build ## Harvest the bundled sample site, offline
	@./bin/harvest demo

.PHONY: test
test: compiler browser ## Run all tests with the race detector; installs a C compiler and Chromium if there are none
	go test -race -timeout 25m ./...
	@for module in $(nested); do echo "go test ./... in $$module"; (cd "$$module" && go test ./...); done

.PHONY: compiler
compiler:
	@./tools/install-compiler
	@./tools/install-xmllint
	@./tools/install-bibutils

.PHONY: browser
browser:
	@./tools/install-browser

.PHONY: check
check: lint vet tidy config-lint container-lint vulnerabilities test fuzz ## Everything that must hold before a commit

.PHONY: fmt
fmt: ## Format the code and order its imports
	$(tool) gofumpt -l -w .
	$(tool) golangci-lint fmt

.PHONY: docs
docs: ## Write the pages anew that are made from the program: docs/keys.md, docs/sources.md, docs/fields.md
	go run ./cmd/harvest sources keys --config config/harvest.yaml > docs/keys.md
	go run ./cmd/harvest sources list --markdown --config config/harvest.yaml > docs/sources.md
	go run ./cmd/harvest schema fields > docs/fields.md

.PHONY: lint
lint: ## Run the linters
	$(tool) golangci-lint run

.PHONY: vet
vet:
	go vet ./...
	@for module in $(nested) tools/containers; do (cd "$$module" && go vet ./...); done

.PHONY: tidy
tidy: # go.mod names what is used and nothing else
	go mod tidy -diff
	@for module in $(nested) tools tools/containers; do (cd "$$module" && go mod tidy -diff); done

.PHONY: config-lint
config-lint: # the shipped configuration and sources
	go run ./cmd/harvest sources lint
	go run ./cmd/harvest sources test

.PHONY: container-lint
container-lint: alerts-lint # without a container engine
	cd tools/containers && go test . && go run . ../../Dockerfile ../../docker-compose.yml

.PHONY: alerts-lint
alerts-lint: # what docker-compose.yml has watch a server
	@./tools/install-promtool
	promtool check config monitoring/prometheus.yml
	promtool check rules monitoring/alerts.yml
	promtool test rules monitoring/alerts_test.yml

.PHONY: vulnerabilities
vulnerabilities: # known ones in what the code calls
	@./tools/check-vulnerabilities

.PHONY: fuzz
fuzz: ## Run each fuzz target for FUZZTIME (10s)
	@./tools/fuzz $(FUZZTIME)

.PHONY: soak
soak: compiler ## Kill, cut off and starve runs, 200 times; HARVEST_SOAK_KILLS and HARVEST_SOAK_SEED choose
	HARVEST_SOAK_KILLS=$(or $(HARVEST_SOAK_KILLS),200) go test -race -count=1 -v -timeout 60m \
		-run 'Kill|Signal|NetworkCut|FullDisk|DiskFull|Locked|ClockSteps|Damaged|ServersShare' ./cmd/harvest ./crawler ./crawler/queue ./sinks/sqlite

.PHONY: bench
bench: ## Run the benchmarks, and the tables of docs/performance.md in short
	go test -run '^$$' -bench . -benchmem ./...
	go run ./bench -short

.PHONY: bench-crawl
bench-crawl: ## Print the tables of docs/performance.md; takes minutes on a quiet machine
	go run ./bench

.PHONY: cover
cover: ## Measure test coverage, write cover.html
	go test -coverpkg=./... -coverprofile=cover.out ./...
	go tool cover -html=cover.out -o cover.html
	go tool cover -func=cover.out | tail -n 1

.PHONY: test-wordpress
test-wordpress: build ## Harvest Debian's own WordPress on this machine and compare
	@./tools/test-wordpress

.PHONY: test-platforms
test-platforms: ## Make sources of Debian's Hugo, Jekyll, MediaWiki and Catmandu by 'sources add' and compare
	@./tools/test-platforms

.PHONY: test-eval
test-eval: ## Harvest twenty real pages from HARVEST_EVAL_DIR through a listing and compare
	go test -count=1 -v -run TestEvalPages ./cmd/harvest

.PHONY: eval
eval: build ## Score page extraction on the real pages of HARVEST_EVAL_DIR (../shared/eval), beside the best libraries
	@./tools/eval

.PHONY: eval-ablation
eval-ablation: build ## The same with one kind of evidence after the other taken out of the pages
	@./tools/eval eval-ablation.py

.PHONY: eval-weights
eval-weights: build ## Ask whether weights fitted to those pages would choose better summaries than those set by hand
	@./tools/eval eval-weights.py

.PHONY: eval-match
eval-match: build ## Measure matching on the sets of known duplicates in HARVEST_EVAL_DIR
	@./tools/eval-match bin/harvest

.PHONY: bench-match
bench-match: ## Show what matching costs a record among 10,000 to 1,000,000 (about 15 minutes)
	HARVEST_MATCH_RECORDS=1000000 go test -run '^$$' -bench Corpus -benchtime 1x -timeout 60m ./match

.PHONY: clean
clean: ## Remove what the other targets built
	rm -rf bin cover.out cover.html
