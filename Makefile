# `make run` shows the engine at work, `make test` proves it. Both first make the environment in .venv/ from the lock
# files and nothing else; a Python of 3.11 or later with pip, make and git are all that the machine has to have.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DOSSIER := $(BIN)/dossier
READY := $(VENV)/.ready
ASSETS := dossier_engine/web/static/manifest.json
SOAK := $(CURDIR)/docs/soak/$(shell date +%Y-%m-%d).jsonl
UV := $(BIN)/uv
UV_ENVIRONMENT := --quiet --python $(BIN)/python

# Use the Python that is here, and trust the certificates that the machine trusts.
export UV_PYTHON_DOWNLOADS := never
export UV_SYSTEM_CERTS := 1

step = @printf '\n==> %s\n' '$(1)';

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test quick attack soak mutants asvs-mutants pictures bench lock clean checks assets

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile
	@echo 'make PYTHON=python3.12 ...  makes the environment with another interpreter (after make clean)'

run: $(READY) $(ASSETS)  ## a province's 2024 plan at work, a day in 48 seconds, until Ctrl-C: reminders, escalations, mails
	$(DOSSIER) demo load
	$(DOSSIER) list --limit 12
	$(DOSSIER) demo next
	DOSSIER_CLOCK=speed=1800 $(DOSSIER) up

test: checks $(ASSETS)  ## everything, on SQLite and PostgreSQL, with the coverage gate
	$(call step,quick tests of what decides on SQLite with every branch counted) $(BIN)/pytest -n 2 --dist worksteal -m measured --cov --cov-report=
	$(call step,every branch of the rules and commands is tested) $(BIN)/coverage report --show-missing --skip-covered --fail-under=100
	$(call step,all other tests on both databases) $(BIN)/pytest -n 2 --dist worksteal -m 'not measured'

quick: checks $(ASSETS)  ## two minutes: no slow test, no rig, no HTTP, SQLite only
	$(call step,quick tests on SQLite) $(BIN)/pytest -n 2 --dist worksteal -m 'not slow and not postgres' --ignore=tests/rigs --ignore=tests/attacks --ignore=tests/api --ignore=tests/web

attack: $(READY)  ## what whoever owns the database can do to history, and what an auditor sees of it
	$(call step,attacks on both databases) $(BIN)/python -m tests.attacks

soak: $(READY) $(ASSETS)  ## the slow tests with their large counts; what they did is kept in docs/soak/
	@mkdir -p $(dir $(SOAK))
	$(call step,slow tests with large counts) DOSSIER_SOAK=1 DOSSIER_SOAK_RESULT=$(SOAK) $(BIN)/pytest -n 2 --dist worksteal -m slow tests/rigs tests/stateful tests/attacks
	$(call step,every page by every role on both databases) DOSSIER_SOAK=1 DOSSIER_SOAK_RESULT=$(SOAK) $(BIN)/pytest -n 2 tests/web

mutants: $(UV) requirements-mutants.lock  ## hours: what the tests of the evidence do not notice; docs/mutants.md explains what is left
	$(call step,an environment of its own) $(UV) venv --quiet --clear --python $(BIN)/python .venv-mutants && \
	  $(UV) pip sync --quiet --python .venv-mutants/bin/python --require-hashes requirements-mutants.lock
	@$(UV) pip install --quiet --python .venv-mutants/bin/python --no-deps --no-build-isolation --editable .
	$(call step,mutants of what an auditor relies on) ulimit -v 2000000; .venv-mutants/bin/mutmut run # some fill a list for ever
	$(call step,by module) .venv-mutants/bin/mutmut results --all true | awk '$$NF ~ /^[a-z]/ && split($$1, part, ".") > 3 { \
	  of = part[2] "/" part[3]; made[of]++; if ($$NF ~ /killed|timeout/) killed[of]++; else print $$1, $$NF } \
	  END { for (of in made) printf "%-24s %4d of %4d killed\n", of, killed[of], made[of] }'

asvs-mutants: $(READY) $(ASSETS)  ## a control of security at a time is taken away: its test must fail
	$(call step,mutants of security controls) $(BIN)/python -m tests.asvs.mutants

pictures: $(READY) $(ASSETS)  ## the pictures of the readme, taken of the demonstration
	$(BIN)/python -m docs.pictures.make

bench: $(READY)  ## the promises about speed, measured here
	$(call step,benchmarks) $(BIN)/python -m benchmarks.run

assets: $(ASSETS)  ## style sheet and scripts of the browser pages, made from package-lock.json

checks: $(READY)
	$(call step,format) $(BIN)/ruff format --check .
	$(call step,lint) $(BIN)/ruff check .
	$(call step,types) $(BIN)/mypy
	$(call step,import contracts) $(BIN)/lint-imports

# What was locked stays at its version where pyproject.toml still allows it; delete a lock to get the newest.
# No setting of this machine may leave an address in a lock: uv would write down where it looked.
COMPILE := env -u UV_CONFIG_FILE -u UV_DEFAULT_INDEX -u UV_INDEX -u UV_INDEX_URL -u UV_EXTRA_INDEX_URL -u UV_FIND_LINKS \
  -u PIP_INDEX_URL -u PIP_EXTRA_INDEX_URL -u PIP_FIND_LINKS \
  $(UV) pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes --no-header

lock: $(UV)  ## the lock files again, after a change in pyproject.toml
	$(call step,requirements-bootstrap.lock) $(COMPILE) requirements-bootstrap.in -o requirements-bootstrap.lock
	$(call step,requirements.lock) $(COMPILE) --group dev pyproject.toml -o requirements.lock
	$(call step,requirements-mutants.lock) $(COMPILE) --group dev --group mutants -c requirements.lock pyproject.toml -o requirements-mutants.lock
	@$(MAKE) --no-print-directory $(READY)
	$(call step,package-lock.json) $(BIN)/python hatch_build.py lock
	@! grep -n '://' requirements*.lock package-lock.json

clean:  ## forget the environment and every cache; the data in .dossier/ stays
	rm -rf $(VENV) .venv-mutants node_modules $(dir $(ASSETS)) mutants .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage* build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Debian has python3 without ensurepip; there the machine's own pip fills the environment.
$(UV): requirements-bootstrap.lock
	$(call step,environment in $(VENV)) $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'Python 3.11 or later is needed. Name one: make PYTHON=python3.12 ...' >&2; exit 1; }
	@if $(PYTHON) -c 'import ensurepip' 2>/dev/null; \
	  then $(PYTHON) -m venv --clear $(VENV) && pip='$(BIN)/python -m pip'; \
	  else $(PYTHON) -m venv --clear --without-pip $(VENV) && pip='$(PYTHON) -m pip --python $(BIN)/python'; fi && \
	  $$pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements-bootstrap.lock
	@touch $@

$(READY): $(UV) requirements.lock pyproject.toml
	$(call step,packages from requirements.lock) $(UV) pip sync $(UV_ENVIRONMENT) --require-hashes requirements.lock
	@$(UV) pip install $(UV_ENVIRONMENT) --no-deps --no-build-isolation --editable .
	@touch $@

$(ASSETS): $(wildcard dossier_engine/web/styles/*.scss dossier_engine/web/scripts/*.js) package-lock.json .npmrc hatch_build.py | $(READY)
	$(call step,assets of the browser pages) $(BIN)/python hatch_build.py build
