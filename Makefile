# The one entry point a person needs. `make` alone prints the list below.

.DEFAULT_GOAL := help
.PHONY: help run demo test check bench gen clients release clean

BINARY := target/debug/takedown

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Build and start the server with demo parties; its data stays in ./data (Ctrl-C ends it)
	@scripts/setup build
	@scripts/build
	@exec $(BINARY) serve --demo-parties

demo: ## Tell the whole story step by step on a scratch database, then end
	@scripts/setup build
	@scripts/build
	@exec $(BINARY) demo

test: ## Everything: check, then every test on SQLite and on PostgreSQL (ONLY=name runs the tests of that name)
	@scripts/setup test
	@scripts/test $(ONLY)

check: ## Format, clippy, licences, generated files fresh
	@scripts/setup build
	@scripts/check

bench: ## Speed against anchors measured beside it, into docs/benchmarks.md (about 17 minutes; QUICK=1 a small one)
	@scripts/setup bench
	@QUICK=$(QUICK) scripts/bench

gen: ## Write again what is generated: openapi/ and the tables in docs/
	@scripts/setup build
	@scripts/build
	@scripts/gen

clients: ## The Python and the TypeScript package, into target/clients/*/dist
	@scripts/setup clients
	@scripts/clients

release: ## The optimised binary, target/release/takedown
	@scripts/setup build
	cargo build --release --locked --workspace --bin takedown
	@ls -l target/release/takedown

clean: ## Remove what was built and installed under target/ (your ./data stays)
	rm -rf target
