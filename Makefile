# Two commands are the whole set-up: `make run` and `make test`.
# The first use of either makes .venv and installs requirements.lock into it.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

# The Python that makes .venv; empty: the first of 3.11 to 3.13 that is found.
PYTHON ?=
# How many processes run the tests; empty: one.
PARALLEL ?= -n auto --maxprocesses 4 --dist worksteal
export PYTHON

.PHONY: help run test lint format bench soak lock clean

help:
	@echo "make run      the bot, its worker and a LINE simulator, on this machine"
	@echo "make test     everything CI runs; ends with the count"
	@echo
	@echo "make lint     the checks of make test without the tests"
	@echo "make format   let ruff put the code in order"
	@echo "make bench    speed beside its peers (tests/load/)"
	@echo "make soak     the long random walks and full products; minutes to hours"
	@echo "make lock     write requirements.lock from pyproject.toml (UPGRADE=1: newest versions)"
	@echo "make clean    remove .venv and caches; conversations and keys stay"

$(INSTALLED): requirements.lock
	@.ci/venv
	@touch $@

# What free text means is learned from the phrases: once, and again when they change.
LEARNED := locales/understanding.bin
LEARNED_FROM := $(wildcard locales/*/phrases.yaml locales/*/lexicon.yaml bot/nlu/*.py)

$(LEARNED): $(INSTALLED) $(LEARNED_FROM)
	@echo "Learning from the phrases of all languages; this takes about a minute, once."
	@$(BIN)/python -m bot understand --build
	@touch $@

# ARGS are handed on, e.g. make run ARGS="--folder elsewhere"
run: $(INSTALLED) $(LEARNED)
	@exec $(BIN)/python -m bot serve $(ARGS)

# $(call stage,name,command): one check; the first that fails stops all and is named.
define stage
@printf '%s\n' '== $(1)'
@$(2) || { printf '%s\n' 'Stopped at: $(1)' >&2; exit 1; }
endef

define checks
$(call stage,ruff check,$(BIN)/ruff check)
$(call stage,ruff format,$(BIN)/ruff format --check)
$(call stage,mypy,$(BIN)/mypy)
$(call stage,import contracts,$(BIN)/lint-imports --no-logo)
$(call stage,python -m bot check,$(BIN)/python -m bot check)
endef

lint: $(INSTALLED)
	$(checks)

test: $(INSTALLED) $(LEARNED)
	$(checks)
	$(call stage,pytest,$(BIN)/python -m pytest -q $(PARALLEL) $(ARGS))

format: $(INSTALLED)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(INSTALLED)
	$(BIN)/python -m tests.load $(ARGS)

soak: $(INSTALLED)
	HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest -q -m slow $(ARGS)

# One lock for Python 3.11 to 3.13 on every platform, with hashes and without a word
# on where the packages come from.
lock: $(INSTALLED)
	UV_PYTHON_DOWNLOADS=never $(BIN)/uv pip compile --quiet pyproject.toml --all-extras \
		--universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-annotate --no-header \
		$(if $(UPGRADE),--upgrade) -o requirements.lock

clean:
	rm -rf $(VENV) $(LEARNED) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find bot tests -name __pycache__ -type d -prune -exec rm -rf {} +
