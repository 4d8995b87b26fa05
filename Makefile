# make demo: everything on one machine. make test: the whole suite. PORT= and HOST= choose where the demo listens,
# TESTS= and WORKERS= what is tested and in how many processes, ONLY= what is measured.
SHELL := /bin/sh
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14; do command -v $$p >/dev/null 2>&1 && \
  $$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
PORT ?= 8000
HOST ?= 127.0.0.1
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
BASE := .venv/.base-done
DEV := .venv/.dev-done
TESTS ?=
# Tests run in so many processes, each with a server of its own; a foreign database serves one. The order is pyproject's, the
# longest files first: sorted by the number of their tests, those with one long test would come last and run alone.
WORKERS ?= $(if $(QIFU_DATABASE_URL),0,2)

.DEFAULT_GOAL := help
.PHONY: help setup demo demo-reset test lint format bench clean

help: ## say what can be made
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*##/\t/'

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11 或更高（含 venv）。 Python 3.11 or later with venv is needed." >&2; exit 1; }
	$(PYTHON) -m venv .venv

$(BASE): requirements/base.txt pyproject.toml | .venv/bin/python
	@$(BIN)/python -m compileall -q src & $(PIP) install --quiet --require-hashes -r requirements/base.txt && wait
	$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(DEV): requirements/dev.txt $(BASE)
	$(PIP) install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

setup: $(DEV) ## virtual environment with all that development needs

demo: $(BASE) ## everything with a sample district; Ctrl-C stops all of it
	@exec $(BIN)/qifu demo --host $(HOST) --port $(PORT)

demo-reset: $(BASE) ## throw the demo's data away; the next `make demo` starts over
	@$(BIN)/qifu database erase --yes
	@rm -rf "$${QIFU_VAR:-var}"

test: $(DEV) ## the whole suite, with a real database and a real browser
	@. ./scripts/browser.sh && exec $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(TESTS)

lint: $(DEV) ## style, formatting, import contracts, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy src/qifu/kernel $$(find src -name rules.py -not -path '*/kernel/*')

format: $(DEV) ## put the code into the house's form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(DEV) ## measure, and write docs/benchmarks.md; ONLY=paint measures one section
	@. ./scripts/browser.sh && exec $(BIN)/python -m benchmarks $(ONLY)

clean: ## remove what can be made again (not the data in var)
	rm -rf .venv build dist src/*.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
