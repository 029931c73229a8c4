# `make` lists what there is to do. Every target sets up what it needs first.

.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON_HERE := .venv/bin/python
# Three processes would each compile all tests at first
COMPILE_TESTS := $(PYTHON_HERE) -m pytest --collect-only -qq >/dev/null 2>&1

# Whether a migration is missing does not hang on what this checkout's database has seen
NO_DATABASE := postgres://127.0.0.1:9/none

# What a shell may carry along from other projects
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME PYTHONSAFEPATH PYTHONSTARTUP PYTHONDONTWRITEBYTECODE PYTEST_ADDOPTS DJANGO_SETTINGS_MODULE

.PHONY: help setup run demo test check format bench bench-peers pictures soak languages lock clean forget

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

setup: ## Make .venv as requirements.lock says
	@python=$$(sh oms/machine/python.sh) && "$$python" oms/machine/environment.py

run: setup ## Serve on http://localhost:8000 (PORT, DATABASE_URL); Ctrl-C stops everything
	@exec $(PYTHON_HERE) -m oms.machine run

demo: setup ## Load the demo company (ARGS=--reset, ARGS=--remove)
	@exec $(PYTHON_HERE) manage.py demo $(ARGS)

test: setup ## Check everything, then run all tests (ARGS="-k price")
	@{ $(PYTHON_HERE) -m oms.machine template && { $(COMPILE_TESTS) || true; }; } & made=$$!; \
		$(MAKE) --no-print-directory check; said=$$?; wait $$made && exit $$said
	@$(PYTHON_HERE) -m oms.machine browser
	@$(PYTHON_HERE) -m pytest -n 3 $(ARGS)

check: setup ## Lint, types, import directions, migrations, production settings
	@$(PYTHON_HERE) -m ruff check .
	@$(PYTHON_HERE) -m ruff format --check --quiet .
	@$(PYTHON_HERE) -m mypy
	@.venv/bin/lint-imports
	@DATABASE_URL=$(NO_DATABASE) $(PYTHON_HERE) -W ignore::RuntimeWarning -m django makemigrations \
		--check --dry-run --settings oms.settings
	@OMS_PRODUCTION=1 ALLOWED_HOSTS=oms.example $(PYTHON_HERE) manage.py check --deploy --fail-level WARNING

format: setup ## Format the code and mend what ruff can mend
	@$(PYTHON_HERE) -m ruff check --fix .
	@$(PYTHON_HERE) -m ruff format .

bench: setup ## Measure the services against plain SQL (ARGS="--only ship_order"); writes var/bench.json
	@exec $(PYTHON_HERE) -m benchmarks $(ARGS)

bench-peers: setup ## Measure Tryton and django-oscar beside them; writes var/bench-peers.json
	@exec $(PYTHON_HERE) -m benchmarks.peers $(ARGS)

pictures: setup ## Take the README's pictures from the demo that `make run` serves (PORT)
	@exec $(PYTHON_HERE) -m docs.take_pictures

soak: setup ## Run the long tests that `make test` leaves out
	@exec $(PYTHON_HERE) -m pytest -m soak $(ARGS)

languages: setup ## Compile what customers read in other languages, after a catalogue in oms/locale changed
	@.venv/bin/pybabel -q compile -D django -d oms/locale

lock: ## Write requirements.lock from pyproject.toml (ARGS=--upgrade takes the newest)
	@command -v uv >/dev/null || { echo "uv is needed to write the lock file: python3 -m pip install uv" >&2; exit 1; }
	@uv pip compile --no-config --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
		--python-version 3.11 --group dev --extra redis --custom-compile-command "make lock" \
		$(ARGS) --output-file requirements.lock pyproject.toml

clean: ## Remove what tools made, .venv included; data stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

forget: setup ## Remove all data of this checkout: the embedded database and all of var/
	@exec $(PYTHON_HERE) -m oms.machine forget
