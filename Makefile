# One way to do each thing. `make demo` and `make test` set everything up by themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
WORKERS ?= auto
TESTS ?= tests

.PHONY: demo test faults mutations soak check lint contracts types audit fix bench setup clean

setup: $(READY)

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.12 …" if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || echo "Setting up in $(VENV): about a minute, once."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e '.[dev,postgres]'
	@touch $(READY)

demo: $(READY)
	$(BIN)/frontdesk demo $(DEMO)

test: $(READY)
	$(BIN)/python -m pytest -n $(WORKERS) $(TESTS)

# The long run: every fault on both databases, then hundreds of words and a whole year of check-ins. What the crowd met
# is written into docs/reliability.md; it works alone, for what is measured must not wait for its neighbours.
FIGURES := $(shell mktemp -u)
CROWDS := tests/faults/test_crowd.py tests/faults/test_server.py
YEARS := tests/features/standup/test_year.py tests/features/rotation/test_year.py tests/e2e/test_rotation_year.py
faults: $(READY)
	FRONTDESK_LONG=1 FRONTDESK_FIGURES=$(FIGURES) $(BIN)/python -m pytest -n 0 $(CROWDS); \
	status=$$?; $(BIN)/python -m tests.faults.figures $(FIGURES); exit $$status
	FRONTDESK_LONG=1 $(BIN)/python -m pytest -n $(WORKERS) tests/faults tests/replicas $(YEARS) $(CROWDS:%=--ignore=%) --ignore=tests/faults/test_mutations.py

# Each protection is taken out of a copy of the tree, and a test has to notice.
mutations: $(READY)
	$(BIN)/python -m tests.faults.mutations $(ONLY)

soak: $(READY)
	FRONTDESK_SOAK_MINUTES=$${FRONTDESK_SOAK_MINUTES:-30} $(BIN)/python -m pytest -n 0 -s tests/faults/test_soak.py

check: lint contracts types

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

contracts: $(READY)
	$(BIN)/lint-imports

types: $(READY)
	$(BIN)/pyright

# Known holes in the exact versions; fails too when it could not ask about every one.
audit: $(READY)
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python .ci/audit

fix: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY)
	$(BIN)/python -m tests.bench.ack
	$(BIN)/python -m tests.bench.morning
	$(BIN)/python -m tests.bench.idle
	$(BIN)/python -m tests.bench.replicas
	$(BIN)/python -m tests.bench.screen

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .import_linter_cache .hypothesis dist
