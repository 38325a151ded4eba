# Two commands set everything up on a machine with python3 (3.11 or newer) and python3-venv:
#   make cite    print the first document's citations
#   make test    format, lint, types, import floors, tests
#   make soak    the properties with other examples than before
# `make clients` installs the programs that read exports, and runs the tests with them.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
KEY = molotov-harriman-1945-11-19

.PHONY: cite test test-all soak clients exchange bench corpus styles clean

cite: $(VENV)/.runs
	@$(BIN)/citekit cite $(KEY) --style wilson-center
	@echo
	@$(BIN)/citekit cite $(KEY)
	@echo
	@$(BIN)/citekit cite $(KEY) --format bibtex
	@echo
	@$(BIN)/citekit cite $(KEY) --format csl-json

test: $(VENV)/.tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

# The tests on every Python from 3.11 that is installed, each with an environment of its own
test-all:
	@set -e; for minor in 11 12 13 14; do \
	  for python in python3.$$minor $$HOME/.pyenv/versions/3.$$minor.*/bin/python; do \
	    if "$$python" -c 'import venv' 2>/dev/null; then \
	      echo "== $$("$$python" --version)"; $(MAKE) test PYTHON="$$python" VENV=.venv-3.$$minor; break; fi; done; done

# The properties with examples that were not tried before, ROUNDS times
ROUNDS ?= 10
soak: $(VENV)/.tests
	@for round in $$(seq $(ROUNDS)); do echo "== $$round of $(ROUNDS)"; \
	  CITEKIT_EXAMPLES=others $(BIN)/python -m pytest -q -m hypothesis tests || exit 1; done

# Exports in the real programs that read them: installed if need be (Debian, PyPI, npm), then the tests with them
clients: $(VENV)/.tests
	@tests/clients/install.sh $(PYTHON)
	$(BIN)/python -m pytest -m clients -rs tests/clients

# The table of docs/exchange.md anew: sixteen facts in each of those programs
exchange: $(VENV)/.tests
	$(BIN)/python -m bench.exchange --write

bench: $(VENV)/.tests
	$(BIN)/python bench/start.py
	$(BIN)/python bench/check.py
	$(BIN)/python bench/batch.py
	$(BIN)/python bench/bibtex.py

# Every official style that stands by itself: ten mixed items cited and listed, without an exception
styles: $(VENV)/.runs
	@$(BIN)/python bench/styles.py

# How many real shelfmarks and citations are read as by hand, and each that is not
corpus: $(VENV)/.tests
	@$(BIN)/python bench/corpus.py
	@$(BIN)/python bench/corpus_citations.py

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "citekit needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runs: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.tests: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ $(VENV)/.runs

clean:
	rm -rf .venv .venv-3.* .clients .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage* build dist
