# make help lists the targets. Nothing here is needed to build or test: `go test ./...` is enough.
GO      ?= go
PKGS    ?= ./...
SECONDS_EACH ?= 20
SEEDS   ?= 1000
ROUNDS  ?= 20
TOOLS   := $(CURDIR)/.tools
.DEFAULT_GOAL := help

.PHONY: help build demo fmt lint vuln test race invariants fuzz sqllogic sqllogic-rewrite crash kill bench cover docs clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## bin/vecdb
	$(GO) build -o bin/vecdb ./cmd/vecdb

demo: ## load real data, search it, keep serving
	$(GO) run ./cmd/vecdb demo

# The tools are built from versions pinned in a module of their own, so that users do not inherit them.
$(TOOLS)/stamp: internal/devtools/go.mod
	cd internal/devtools && GOBIN=$(TOOLS) $(GO) install tool
	@touch $@

fmt: $(TOOLS)/stamp ## format with gofumpt
	$(TOOLS)/gofumpt -w $$(git ls-files '*.go')

lint: $(TOOLS)/stamp ## gofumpt, go vet, golangci-lint with staticcheck, and the rules of internal/lint
	@out=$$($(TOOLS)/gofumpt -l $$(git ls-files '*.go')); [ -z "$$out" ] || { echo "not formatted:"; echo "$$out"; exit 1; }
	$(GO) vet $(PKGS)
	$(TOOLS)/golangci-lint run $(PKGS)
	$(GO) test ./internal/lint

vuln: $(TOOLS)/stamp ## known vulnerabilities in what the binary calls
	$(TOOLS)/govulncheck $(PKGS)

test: ## all tests
	$(GO) test $(PKGS)

race: ## all tests with the race detector and checked invariants, as before each merge
	$(GO) test -race -tags invariants -timeout 30m $(PKGS)

invariants: ## all tests with checked invariants
	$(GO) test -tags invariants $(PKGS)

fuzz: ## each fuzz target for SECONDS_EACH=20 seconds
	@for p in $$($(GO) list $(PKGS)); do \
	  for f in $$($(GO) test -list '^Fuzz' $$p | grep '^Fuzz'); do \
	    echo "== $$p $$f"; $(GO) test -run '^$$' -fuzz "^$$f\$$" -fuzztime $(SECONDS_EACH)s $$p || exit 1; \
	  done; done

sqllogic: ## SQL files over the wire; VECDB_DSN=... runs them on another server
	$(GO) test -count=1 ./tests/sqllogic

sqllogic-rewrite: ## write expected results anew from VECDB_DSN (a PostgreSQL with pgvector)
	@[ -n "$$VECDB_DSN" ] || { echo "set VECDB_DSN to a PostgreSQL with pgvector: it is the reference"; exit 1; }
	$(GO) test -count=1 ./tests/sqllogic -rewrite

crash: ## crash tests with SEEDS=1000 seeds
	$(GO) test -count=1 -timeout 60m ./tests/crash -seeds $(SEEDS)

kill: ## kill -9 a loaded server ROUNDS=20 times
	$(GO) test -count=1 -timeout 60m -v ./tests/kill -rounds $(ROUNDS)

bench: ## Go benchmarks; bench/README.md tells how to measure a running server
	$(GO) test -run '^$$' -bench . -benchtime 1s $(PKGS)

cover: ## coverage by package and cover.html
	$(GO) test -coverpkg=$(PKGS) -coverprofile=cover.prof $(PKGS)
	$(GO) tool cover -html=cover.prof -o cover.html

docs: ## serve the packages' documentation
	$(GO) doc -http

clean: ## remove built files
	rm -rf bin cover.prof cover.html .tools
