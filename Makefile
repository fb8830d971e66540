# The whole project in one word each; `make help` lists them.
SHELL := /bin/sh
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO := demo

.PHONY: help install demo neo4j test check soak bench bench-peers constraints clean

help: ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

install: $(STAMP) ## the environment; the program is then .venv/bin/credit-graph

$(STAMP): pyproject.toml constraints.txt scripts/make-venv scripts/system-packages
	scripts/system-packages
	scripts/make-venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev]"
	@touch $@

demo: install ## a synthetic city from files to findings, anew in ./demo
	@rm -rf $(DEMO) && mkdir $(DEMO)
	@cd $(DEMO) && if [ -t 0 ] && [ -t 1 ]; then ../$(BIN)/credit-graph demo; else ../$(BIN)/credit-graph demo --no-serve --format table; fi

neo4j: install ## a real Neo4j server on loopback, its data kept in .neo4j; says what to export
	@scripts/neo4j-server --http-port 7474

test: check ## everything that must hold: lint, types, layers, tests
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadgroup

check: install ## lint, format, types, layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

soak: install ## long trials: kills of loader and server, full disks, a thousand damaged files
	$(BIN)/python -m pytest -m soak --numprocesses auto --maxprocesses 4 --dist loadgroup

bench: install ## the figures of docs/benchmarks.md
	$(BIN)/python -m benchmarks

bench-peers: install ## the same answers by NetworkX and by Cypher in Neo4j
	$(BIN)/python -m benchmarks.peers

constraints: ## constraints.txt from a clean environment
	scripts/pin-versions

clean: ## everything that can be made again
	rm -rf $(VENV) $(DEMO) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
