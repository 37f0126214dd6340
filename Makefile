# Targets for people; `make` alone lists them. The work is done by scripts/.

PREFIX ?= /usr/local
# One binary without a Swift runtime beside it. Apple's systems bring theirs.
RELEASE_FLAGS = -c release $(if $(filter Linux,$(shell uname)),--static-swift-stdlib)

.PHONY: help setup build demo test bench format lint install clean

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F '|' '{ printf "%-16s %s\n", $$1, $$2 }'

setup: ## install what is missing (apt-get or brew)
	@scripts/setup.sh

build: setup ## build the release binary, .build/release/migrate
	swift build $(RELEASE_FLAGS) --product migrate

demo: build ## go through the whole checklist with a sample repository, without an account
	@scripts/demo.sh

test: ## set up, lint, build and run all tests
	@scripts/test.sh

bench: build ## compare with kingfisher on BENCH_REPO=/path and with the AWS command line, then run the micro-benchmarks
	@python3 Benchmarks/history.py $(if $(BENCH_REPO),"$(BENCH_REPO)")
	@python3 Benchmarks/incremental.py $(if $(BENCH_REPO),"$(BENCH_REPO)")
	@python3 Benchmarks/hook.py $(if $(BENCH_REPO),"$(BENCH_REPO)")
	@python3 Benchmarks/startup.py
	@python3 Benchmarks/stores.py
	@python3 Benchmarks/checklist.py $(if $(BENCH_REPO),"$(BENCH_REPO)")
	swift build $(RELEASE_FLAGS) --product migrate-bench
	.build/release/migrate-bench

format: ## format all Swift code
	swift format --in-place --parallel --recursive Package.swift Sources Tests Benchmarks Examples

lint: ## check formatting, imports between floors, and shell scripts
	@scripts/lint.sh

install: build ## install the binary into PREFIX/bin (PREFIX=/usr/local)
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -s -m 755 .build/release/migrate "$(DESTDIR)$(PREFIX)/bin/migrate"

clean: ## remove everything that was built
	rm -rf .build
