# `make run` and `make test` set up .venv themselves, from setup.py.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FEEDS ?=
OUTPUT ?= out
ARGS ?=

.PHONY: run test lint bench clean

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
	rm -rf $(VENV) build dist *.egg-info
