# Everything a person types. `make` alone lists it. Needs Python 3.11, 3.12 or 3.13 and make, nothing else.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHONS := 3.11 3.12 3.13
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
# The first that runs: a name on the PATH may belong to a version manager in which that Python is switched off.
PYTHON ?= $(shell for each in $(PYTHONS:%=python%) python3; do $$each -c '$(SUPPORTED)' 2>/dev/null && command -v $$each && break; done)
# cpu, cuda, or auto: PyTorch with CUDA, several gigabytes, only where the machine has an NVIDIA driver.
TORCH ?= auto
PORT ?= 8000
VENV ?= .venv
BIN := $(VENV)/bin
# A changed requirements file is newer than its stamp, and make then updates the environment.
STAMP := $(VENV)/.ready
DEV_STAMP := $(VENV)/.ready-dev
# Where the environment sets it, each process of the tests would compile every module again.
unexport PYTHONDONTWRITEBYTECODE
# A first try on one's own machine has no TLS; production sets its environment itself (docs/operations.md).
LOCAL := HTTPS=off

.PHONY: help setup run test test-all test-shops test-clients clients-document test-pythons check image format bench fuzz screenshots lighthouse messages clean

help:  ## List what can be done
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): requirements.txt constraints.txt
	@"$(PYTHON)" -c '$(SUPPORTED)' 2>/dev/null || { echo "Tandem needs Python 3.11, 3.12 or 3.13; name one with: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	deploy/install.sh $(VENV) $(TORCH) requirements.txt
	@touch $@

$(DEV_STAMP): $(STAMP) requirements-dev.txt
	deploy/install.sh $(VENV) $(TORCH) requirements-dev.txt
	@touch $@

setup: $(STAMP)  ## Make the virtual environment, a secret key and the database
	@$(LOCAL) $(BIN)/python -m config.first_start

run: $(STAMP)  ## Serve the shop with its demo catalogue on http://127.0.0.1:8000 (PORT=… for another)
	@$(LOCAL) PORT=$(PORT) $(BIN)/python -m config.first_start --demo
	@$(LOCAL) PORT=$(PORT) $(BIN)/gunicorn --config config/gunicorn.py --bind 127.0.0.1:$(PORT) config.wsgi

test: $(DEV_STAMP)  ## Run the quick tests (about two minutes on two cores)
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

test-all: $(DEV_STAMP)  ## Run every test: slow, browser, services and fuzz tests too, but not test-shops and test-clients
	$(BIN)/python -m pytest -m 'not shops and not clients'

test-shops: $(DEV_STAMP)  ## Run the tests against real Vendure and Medusa shops (needs npm and PostgreSQL)
	$(BIN)/python -m pytest -m shops -rs

test-clients: $(DEV_STAMP)  ## Build clients/ and four generators' clients and run them against a served shop (needs npm)
	$(BIN)/python -m pytest -m clients -rs

clients-document: $(STAMP)  ## Write clients/openapi.json, which the clients are generated from, after a change of the API
	$(BIN)/python -m config.check_deployment --write-document

test-pythons:  ## Run the quick tests on each of Python 3.11, 3.12 and 3.13 that this machine has
	@deploy/test_pythons.sh $(PYTHONS)

image:  ## Build the container image by docker or buildah, start it and ask it (deploy/image.sh)
	deploy/image.sh

check: $(DEV_STAMP)  ## Lint, format, types, imports, templates, migrations, deployment, OpenAPI
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@# Its Django plugin imports the settings, which need a key.
	DEBUG=on $(BIN)/mypy accounts analytics bench catalog config demo rest search training
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml accounts analytics catalog config demo rest search training
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/python -m config.check_deployment
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.compose-spec compose.yaml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml

format: $(DEV_STAMP)  ## Format the code
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .

bench: $(DEV_STAMP)  ## Measure search, encoder, dashboard and a load of shoppers (about ten minutes)
	$(BIN)/python -m bench

fuzz: $(DEV_STAMP)  ## Ask the API of a demo shop whatever its document allows, and more (schemathesis)
	$(BIN)/python -m bench.fuzzing

screenshots: $(DEV_STAMP)  ## Take a screenshot of every page of the shop that `make run` serves, into var/screenshots
	$(BIN)/python -m tests.browser.screenshots http://127.0.0.1:$(PORT) var/screenshots

lighthouse: $(DEV_STAMP)  ## Measure four of its pages with Lighthouse, as phone and desktop (needs Node)
	$(BIN)/python -m tests.browser.lighthouse http://127.0.0.1:$(PORT) var/lighthouse

messages:  ## Collect the texts to translate into locale/, and compile them (needs gettext)
	@$(LOCAL) $(BIN)/python manage.py makemessages -l de --no-location --no-wrap --no-obsolete --ignore=.venv --ignore=.venvs --ignore=var --ignore=tests
	@$(LOCAL) $(BIN)/python manage.py compilemessages --ignore=.venv

clean:  ## Remove the virtual environment and what was built; keeps var/
	rm -rf .venv .venvs .pytest_cache .mypy_cache .ruff_cache .hypothesis
