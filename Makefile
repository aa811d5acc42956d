# The verbs of this project. `make run` and `make test` need only Python 3.11 with venv, git and make.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
NODE := $(VENV)/node
export PATH := $(CURDIR)/$(NODE):$(PATH)
export STUDIO_PORT := $(PORT)

.DEFAULT_GOAL := help
.PHONY: help run dev build test test-python test-frontend check schema docs lock bench soak clean

help: ## Show these verbs.
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

run: build ## Install, build, migrate, seed and serve the studio (PORT=8000).
	@exec $(BIN)/python manage.py up

dev: .make/venv .make/node_modules ## Serve with hot reload: Vite on 5173, the studio on PORT.
	@$(BIN)/python manage.py up --reload & up=$$!; trap "kill -INT $$up; wait $$up" EXIT; \
	cd frontend && npx vite --strictPort --port 5173

build: .make/venv .make/frontend ## Install what running needs and build the front end.

test: test-python test-frontend ## Install what tests need and run every test.

test-python: .make/dev .make/frontend .make/chromium
	$(BIN)/python -m pytest

test-frontend: .make/node_modules
	cd frontend && npm test --silent

check: .make/dev .make/frontend ## Lint, types, import contracts, docstrings, drift.
	$(BIN)/python tools/check.py

schema: .make/dev .make/node_modules ## Write the OpenAPI file and the TypeScript made from it.
	$(BIN)/python tools/schema.py

docs: .make/dev ## Write the generated pages below docs/.
	$(BIN)/python tools/docs.py

bench: .make/dev .make/frontend .make/chromium ## Measure against the named peers; writes benchmarks/latest.json.
	$(BIN)/python -m benchmarks

soak: .make/dev ## Kill processes at random while pipelines run, then audit.
	$(BIN)/python -m benchmarks.soak

lock: .make/venv ## Pin requirements*.in into requirements*.txt.
	for part in requirements requirements-dev; do $(BIN)/uv pip compile -q $$part.in -o $$part.txt \
	  --python-version 3.11 --no-header --no-annotate --no-emit-index-url --no-emit-find-links; done

clean: ## Remove what was made, but not the data folder.
	rm -rf $(VENV) .make frontend/node_modules frontend/dist

# -- what the verbs stand on: each is made anew when what it is made from changes --

.make/venv: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  (echo "Python 3.11 or newer is needed: make PYTHON=python3.11"; exit 1)
	@test -x $(BIN)/uv || $(BIN)/pip install -q --disable-pip-version-check "$$(grep '^uv==' requirements.txt)"
	@$(BIN)/uv pip install -q --compile-bytecode -r requirements.txt
	@$(BIN)/python tools/node.py $(NODE)
	@mkdir -p .make; touch $@

.make/dev: .make/venv requirements-dev.txt
	@$(BIN)/uv pip install -q -r requirements-dev.txt
	@touch $@

.make/node_modules: .make/venv frontend/package.json frontend/package-lock.json frontend/tools/openapi/package-lock.json
	@cd frontend && npm ci --silent --no-audit --no-fund
	@cd frontend/tools/openapi && npm ci --silent --no-audit --no-fund
	@touch $@

.make/frontend: .make/node_modules $(shell find frontend/src frontend/public frontend/*.html frontend/*.ts frontend/*.json -type f 2>/dev/null)
	@cd frontend && npm run build --silent
	@touch $@

.make/chromium: .make/venv
	@$(BIN)/python tools/chromium.py
	@touch $@
