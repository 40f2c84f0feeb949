# Each target says what it does after ##; `make help` lists them.
PY := .venv/bin/python
.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

.PHONY: setup
setup: .venv/.installed ## virtual environment with the pinned packages

.venv/.installed: requirements-dev.lock pyproject.toml
	@python3 scripts/setup.py requirements-dev.lock
	@touch $@

.PHONY: check
check: setup ## ruff, mypy --strict, import contracts
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-cache

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
