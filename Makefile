# Thin verbs over `cargo xtask`; they need make and Rust, and xtask says what else is missing.

.PHONY: run test check gen bench fmt

# Start the product beside its sandbox. ARGS="--fans 50000" are handed on.
run:
	cargo xtask run $(ARGS)

# Every check there is, on SQLite, PostgreSQL and in Chromium.
test:
	cargo xtask test $(ARGS)

# The fast checks, before a commit.
check:
	cargo xtask check

# Rewrite the generated files.
gen:
	cargo xtask gen

# Measurements; ARGS names one.
bench:
	cargo xtask bench $(ARGS)

fmt:
	cargo fmt --all
	npx biome check --write web
