# `make run` and `make test` set up .venv themselves, from setup.py; `make test` also the servers it needs, in .servers.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FEEDS ?=
OUTPUT ?= out
ARGS ?=
MINUTES ?= 10

LOCK_FLAGS := --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url

.PHONY: run test flink-test servers lint bench bench-check bench-engines bench-rivals fuzz lock audit clean

run: $(VENV)/.ready
	$(BIN)/python -m pipeline run $(if $(FEEDS),--feeds $(FEEDS)) --output $(OUTPUT) $(ARGS)

test: $(VENV)/.ready-dev lint servers
	$(BIN)/python -m pytest tests
	$(if $(RASID_CI),$(BIN)/python tests/benchmarks/check.py --busy)

# On a Flink cluster of its own; fails where it cannot be set up.
flink-test: $(VENV)/.ready-dev
	RASID_CI=1 $(BIN)/python -m tests.servers.build flink
	RASID_CI=1 $(BIN)/python -m pytest tests -m flink

servers: $(VENV)/.ready-dev
	$(BIN)/python -m tests.servers.build

lint: $(VENV)/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Tables to the terminal, JSON to .bench/. Minutes on two idle cores; the first four need the shared material.
bench: $(VENV)/.ready-dev
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	mkdir -p .bench
	$(BIN)/python tests/benchmarks/throughput.py --json .bench/throughput.json
	$(BIN)/python tests/benchmarks/throughput.py --rounds 1 --delay 0.3 --json .bench/throughput-far.json
	$(BIN)/python tests/benchmarks/stages.py --json .bench/stages.json
	$(BIN)/python tests/benchmarks/polling.py --plot deploy/polling.svg --json .bench/polling.json
	$(BIN)/python tests/benchmarks/growth.py --plot deploy/growth.svg --json .bench/growth.json

# Ratios of CPU seconds against those of tests/benchmarks/floors.json; needs nothing beside the project.
bench-check: $(VENV)/.ready-dev
	$(BIN)/python tests/benchmarks/check.py

# The default engine, Prism and Flink, in batch and in streaming: a quarter of an hour.
bench-engines: $(VENV)/.ready-dev servers
	mkdir -p .bench
	$(BIN)/python tests/benchmarks/engines.py --json .bench/engines.json

# newspaper4k, news-please and Scrapy on the same world, each in an environment of its own.
bench-rivals: $(VENV)/.ready-dev
	mkdir -p .bench
	$(BIN)/python tests/benchmarks/rivals.py --venvs .bench/rivals --json .bench/rivals.json

fuzz: $(VENV)/.ready-dev
	$(BIN)/python -m pip install --quiet --editable '.[fuzz]'
	for target in feeds pages; do \
		$(BIN)/python tests/fuzz/fuzz.py $$target build/fuzz -max_total_time=$$(($(MINUTES) * 60)) || exit 1; \
	done

# The newest versions that setup.py allows, with the hashes of all their files: deploy/Dockerfile installs nothing else.
lock: $(VENV)/.ready-dev
	$(BIN)/uv pip compile --quiet --upgrade $(LOCK_FLAGS) --extra gcp --extra postgresql setup.py --output-file deploy/requirements.lock
	$(BIN)/uv pip compile --quiet --upgrade $(LOCK_FLAGS) deploy/build.in --output-file deploy/build.lock
	$(BIN)/python deploy/licences.py

# Known vulnerabilities of what is locked. A package that could not be looked up fails it, too.
audit: $(VENV)/.ready-dev
	$(BIN)/uv tool run pip-audit --strict --require-hashes --disable-pip -r deploy/requirements.lock

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name it with make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: setup.py | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[query]'
	touch $@

$(VENV)/.ready-dev: setup.py | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@ $(VENV)/.ready

clean:
	rm -rf $(VENV) .servers .bench build dist *.egg-info
