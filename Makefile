# `make demo` and `make test` do all of their own set-up; the second time there is none left to do.
PYTHON ?= python3
BIN := .venv/bin
# Of two cores a third worker uses what the others leave while they wait.
WORKERS ?= 3

.PHONY: demo test test-on-postgresql bench torture lives thorough clean

demo: .venv/ready
	@$(BIN)/cityhall-fm demo $(ARGS)

test: .venv/ready-to-test
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest --numprocesses $(WORKERS) --dist loadfile $(ARGS)

# Every test that opens a show's database, once more with each of them in PostgreSQL.
test-on-postgresql: .venv/ready-to-test
	MEMORY=postgresql $(BIN)/pytest --numprocesses $(WORKERS) --dist loadfile tests/faces \
		tests/production/test_keep_voices.py tests/production/test_purge.py \
		tests/production/test_question_lives.py tests/sandbox/test_app_in_both_modes.py \
		--ignore tests/faces/test_pages_in_chromium.py $(ARGS)

bench: .venv/ready-to-test
	$(BIN)/python tests/benchmarks/mastering.py $(ARGS)
	$(BIN)/python tests/benchmarks/pages.py
	$(BIN)/python tests/benchmarks/feed.py
	$(BIN)/python tests/benchmarks/publish.py
	$(BIN)/python tests/benchmarks/build.py
	$(BIN)/python tests/benchmarks/inbox.py

torture: .venv/ready-to-test
	$(BIN)/python tests/torture $(ARGS)

lives: .venv/ready-to-test
	LIVES=10000 $(BIN)/pytest --timeout 7200 tests/production/test_question_lives.py $(ARGS)

thorough: .venv/ready-to-test
	THOROUGH=25 $(BIN)/pytest --numprocesses $(WORKERS) --dist loadfile --timeout 7200 -m hypothesis $(ARGS)

clean:
	rm -rf .venv demo feeds/public feeds/site

.venv/ready: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/ready-to-test: .venv/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@
