# One command each: `make run` starts the product, `make test` tests it. `make help` lists all.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
export DJANGO_SETTINGS_MODULE ?= reenter.settings.local

.DEFAULT_GOAL := help

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-16s %s\n", $$1, $$2}'

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

$(VENV)/.installed: requirements-dev.txt | $(BIN)/python
	$(BIN)/uv pip sync --quiet --require-hashes --python $(BIN)/python requirements-dev.txt
	@touch $@

.PHONY: install
install: $(VENV)/.installed locale/.compiled ## Make .venv and install what is locked

locale/.compiled: $(wildcard locale/*/LC_MESSAGES/*.po) | $(VENV)/.installed
	@$(BIN)/pybabel --quiet compile --directory locale --domain django \
		|| echo "A message file has a mistake; some texts may stay English. \"make lint\" says where." >&2
	@touch $@

.PHONY: run
run: install ## Start web, worker and scheduler with the demo programme (PORT=8000)
	@PORT=$(PORT) $(BIN)/python -m reenter.run

.PHONY: test
test: install ## Run everything that can run on this machine
	@$(BIN)/python -m tests.run all

.PHONY: test-fast
test-fast: install ## Unit and service tests (3 minutes at most)
	@$(BIN)/python -m tests.run fast

.PHONY: lint
lint: install ## Style, import contracts, types, templates, migrations, translations
	@$(BIN)/python -m tests.lint

.PHONY: bench
bench: install ## Measure speed and memory
	@$(BIN)/python -m tests.benchmarks

.PHONY: messages
messages: install ## Collect new texts into the message files (needs GNU gettext)
	$(BIN)/python manage.py makemessages --locale nl --no-location --no-wrap \
		--ignore '.venv/*' --ignore 'var/*' --ignore 'tests/*'
	@$(BIN)/pybabel --quiet compile --directory locale --domain django

.PHONY: format
format: install ## Put code and templates in their usual form
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .
	git ls-files 'templates/*.html' | xargs -r $(BIN)/djade --target-version 5.2

.PHONY: lock
lock: $(BIN)/python ## Resolve the dependencies again
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header requirements-dev.in -o requirements-dev.txt

.PHONY: bench-cohort
bench-cohort: install ## Time a whole round on the real cohort
	@$(BIN)/python -m tests.benchmarks.bench_cohort
