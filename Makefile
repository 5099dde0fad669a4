# `make run` and `make test` set up .venv themselves, from setup.py.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FEEDS ?=
OUTPUT ?= out
ARGS ?=
MINUTES ?= 10

.PHONY: run test lint bench fuzz clean

run: $(VENV)/.ready
	$(BIN)/python -m pipeline run $(if $(FEEDS),--feeds $(FEEDS)) --output $(OUTPUT) $(ARGS)

test: $(VENV)/.ready-dev lint
	$(BIN)/python -m pytest tests

lint: $(VENV)/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.ready-dev
	$(BIN)/python tests/benchmarks/throughput.py

fuzz: $(VENV)/.ready-dev
	$(BIN)/python -m pip install --quiet --editable '.[fuzz]'
	for target in feeds pages; do \
		$(BIN)/python tests/fuzz/fuzz.py $$target build/fuzz -max_total_time=$$(($(MINUTES) * 60)) || exit 1; \
	done

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name it with make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: setup.py | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.ready-dev: setup.py | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@ $(VENV)/.ready

clean:
	rm -rf $(VENV) build dist *.egg-info
