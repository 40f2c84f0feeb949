# Each target says what it does after ##; `make help` lists them.
PY := .venv/bin/python
.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

# A newcomer's server listens on this machine only, so it may reach what runs here; `alterlab serve` alone may not.
ALTERLAB_ALLOW_NETWORKS ?= 127.0.0.1/32

.PHONY: serve
serve: .venv/.installed-server .venv/.compiled ## run the whole service on http://127.0.0.1:8000
	@ALTERLAB_ALLOW_NETWORKS=$(ALTERLAB_ALLOW_NETWORKS) ALTERLAB_DATA=$${ALTERLAB_DATA:-data} .venv/bin/alterlab serve

.PHONY: setup
setup: .venv/.installed .venv/.compiled ## virtual environment with the pinned packages, and what tests need of the system's

.venv/.installed-server: requirements.lock pyproject.toml
	@sh scripts/system_packages.sh
	@[ -e .venv/.installed ] || python3 scripts/setup.py requirements.lock
	@touch $@

.venv/.installed: requirements-dev.lock pyproject.toml
	@sh scripts/system_packages.sh
	@python3 scripts/setup.py requirements-dev.lock
	@touch $@

# Installing compiles what has C types beside it; this, what has changed since.
.NOTPARALLEL:
COMPILED := $(shell find src -name '*.pxd')
.venv/.compiled: $(COMPILED) $(COMPILED:.pxd=.py) scripts/compile.py
	@$(PY) scripts/compile.py
	@touch $@

.PHONY: check
check: setup ## ruff, mypy --strict, import contracts
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-cache

.bench/commonmark.json: .venv/.installed
	@$(PY) scripts/commonmark_examples.py || true

.PHONY: test
test: setup .bench/commonmark.json ## all tests: real PostgreSQL, real sockets, our own hostile web server
	@.venv/bin/pytest -n 2 --dist loadgroup

.PHONY: bench
bench: setup ## speed of POST /scrape against bare fetching, and of each tier against its library
	@$(PY) -m bench.scrape
	@$(PY) -m bench.tiers

.PHONY: bench-soak
bench-soak: setup ## 2,000 pages in the browser pool while its processes are killed at random
	@$(PY) -m bench.soak

.PHONY: format
format: setup ## format the code and mend what ruff can
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

.PHONY: site
site: setup ## serve the hostile test site on http://127.0.0.1:8099, something to scrape
	@$(PY) -m tests.site

UV_COMPILE := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate --generate-hashes
.PHONY: lock
lock: setup ## pin the newest allowed versions in requirements*.lock
	$(UV_COMPILE) pyproject.toml --group build -o requirements.lock
	$(UV_COMPILE) pyproject.toml --group dev -o requirements-dev.lock
	$(UV_COMPILE) --group contract -o requirements-contract.lock

.PHONY: bench-crawl
bench-crawl: setup ## pages a second of a crawl, against Scrapy and Crawlee in the same run; a frontier of a million URLs; a drill
	@$(PY) -m bench.crawl
	@$(PY) -m bench.crawl --frontier 1000000
	@$(PY) -m bench.drill

.PHONY: bench-extract
bench-extract: setup ## quality and speed of extraction against its peers: make bench-extract CORPORA=FOLDER
	@.venv/bin/uv pip install --quiet --python $(PY) --no-deps readability-lxml cssselect chardet  # no lock of pip's takes it
	@$(PY) -W ignore -m bench.extract $(CORPORA)
