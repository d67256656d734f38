# ULN Interchange. `make help` lists what there is.
# Each target sets itself up: a virtual environment in .venv, made once and again when pyproject.toml changes.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Another one: make PYTHON=/path/to/python3.13
PYTHON ?= $(shell for each in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	"$$each" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null && echo "$$each" && break; done)

# A file's tests stay together: they share services and registers.
TOGETHER := -n auto --dist loadfile

.DEFAULT_GOAL := help
.PHONY: help serve reset test browser wheel check style coverage bench bench-large reliability clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

serve: $(READY) ## serve the sandbox on http://127.0.0.1:8000 and https://127.0.0.1:8443
	@exec $(BIN)/uln-server serve --sandbox

reset: $(READY) ## put the sandbox back as it was on its first day
	@$(BIN)/uln-server reset

test: $(READY) ## run every test but those of browser, wheel and reliability
	$(BIN)/python -m pytest $(TOGETHER)

browser: $(READY) ## look at the pages in a browser; it needs Chromium and its driver
	$(BIN)/python -m pytest tests/browser

wheel: $(READY) ## build the package and install it as a stranger does; it needs a package index
	$(BIN)/python -m pytest tests/wheel

check: style ## style, types, imports, documentation
	$(BIN)/python -m pytest -q $(TOGETHER) tests/docs

style: $(READY) ## what of check looks at the code alone: style, types, imports
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

# Every branch of what every message passes, and of the rules. Run in one process, so that the service's threads count;
# on SQLite, because none of these knows its database. What works jobs off is nothing without one: tests/store has it.
coverage: $(READY) ## measure that the tests reach every branch of contract, gate, operations and the domain
	$(BIN)/python -m pytest -q $(TOGETHER) --cov --cov-report= -k 'not postgresql and not what_is_interrupted' tests/unit tests/contract tests/soap tests/interop
	$(BIN)/python -m coverage report --skip-covered --show-missing --fail-under=100 \
		--include='contract/uln_contract/*,server/uln_server/gate/*,server/uln_server/soap/*,server/uln_server/operations/*,server/uln_server/register/*,server/uln_server/record/*,server/uln_server/batch/*,server/uln_server/access/*' \
		--omit='server/uln_server/batch/worker.py'

bench: $(READY) ## measure throughput, growth, the quality of name matching and of the check of files
	$(BIN)/python benchmarks/run.py

bench-large: $(READY) ## measure how finds grow up to ten million learners; makes 10 GB of registers in var/bench
	$(BIN)/python benchmarks/run.py --large

reliability: $(READY) ## kill the service under load, again and again; ULN_TEST_KILLS says how often
	$(BIN)/python -m pytest -v tests/reliability

clean: ## remove the virtual environment and what the tools left; var/ with the sandbox stays
	rm -rf $(VENV) .venv-3.* build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# pip reads dependency groups from 25.1 on, and the one that comes with a Python is usually older.
$(READY): pyproject.toml
	@test -n "$(PYTHON)" || { \
		echo "No Python from 3.11 to 3.14 was found. Install one (Debian, Ubuntu: apt-get install python3 python3-venv)," >&2; \
		echo "or name one: make PYTHON=/path/to/python3.13" >&2; exit 1; }
	@echo "Setting up $(VENV) with $$($(PYTHON) --version); this is done once."
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make virtual environments: install the package that lets it" >&2; \
		$(PYTHON) -c 'import sys; print("(Debian, Ubuntu: apt-get install python%d.%d-venv)." % sys.version_info[:2])' >&2; exit 1; }
	@test -x $(BIN)/python && $(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install --quiet --editable '.[server]' --group dev
	@touch $@
