# `make help` lists what there is. Everything runs from a clean clone. Nothing is installed outside .venv, .spark (for
# `make test-spark` alone) and .ci/js/node_modules (what checks our JavaScript), except that `make test` asks the
# system's package manager for the tools it finds missing.
VENV := .venv
BIN := $(VENV)/bin
SPARK := .spark
PYTHON ?= python3
TRANSLATIONS := survey/foundation/translations
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard $(TRANSLATIONS)/*/LC_MESSAGES/*.po))
PYTEST_ARGS ?=

# A version must be a week old before we lock it: most poisoned releases are found and withdrawn sooner.
LOCK := $(BIN)/uv pip compile --quiet --no-config --no-header --no-emit-index-url --universal \
    --python-version 3.11 --fork-strategy fewest --generate-hashes --no-strip-extras --upgrade --exclude-newer '7 days'

# Every command starts a fifth sooner when Python may keep what it has compiled.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install install-test port run test test-spark check lint format types lock mutate schemas translate

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

install: $(VENV)/.installed $(CATALOGUES) ## Make the environment in .venv, nothing else

install-test: install $(VENV)/.installed-test ## Add what tests, lint and types need to .venv

run: port install ## Fill the demo if absent and serve it on http://127.0.0.1:8000 (HOST, PORT, DATABASE_URL, PUBLIC_URL)
	@deploy/run-demo

port: # first of all: nobody waits for an installation that cannot serve
	@PYTHON=$(PYTHON) deploy/run-demo port

# Which branches all tests together take is told at the end (tests/support/branches.py); of some it says nothing.
test: install-test ## Run all tests, tell their branches (PYTEST_ARGS="tests/kiosk -k offline" for some)
	@deploy/install-test-tools
	@TELL_BRANCHES=$(if $(findstring tests/,$(PYTEST_ARGS)),,1) $(BIN)/pytest -n auto --dist worksteal $(PYTEST_ARGS)

test-spark: install-test $(SPARK)/.installed ## Try a country's figures by Spark, local and on two workers (Java 17; 450 MB)
	@PYTHONPATH=$(CURDIR)/$(SPARK) $(BIN)/pytest -n 0 tests/country/test_spark.py $(PYTEST_ARGS) </dev/null

check: lint types test ## Everything a change must pass

lint: install-test ## Say what breaks our style, in JavaScript also what breaks its types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/python .ci/wrap_docs.py --check
	@.ci/js/check

format: install-test ## Mend the style
	@$(BIN)/python .ci/wrap_docs.py
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: install-test ## Check every type (mypy --strict)
	@$(BIN)/mypy

lock: install-test ## Renew requirements*.txt from requirements*.in, and the lock of what checks JavaScript
	@$(LOCK) requirements.in --output-file requirements.txt
	@$(LOCK) requirements-test.in --output-file requirements-test.txt
	@$(LOCK) requirements-spark.in $(addprefix --no-emit-package ,numpy python-dateutil six tzdata) --output-file requirements-spark.txt
	@cd .ci/js && ./node npm install --package-lock-only --min-release-age=7 --loglevel=error

mutate: install-test ## Change single lines of verdicts, permissions and the door and see whether a test notices (hours)
	@.ci/mutate $(MUTANTS)

schemas: install ## Write docs/*.schema.json and docs/openapi.json from the models that check what programs send and read
	@$(BIN)/flask --app wsgi survey schemas docs

translate: install ## Collect new texts into the catalogues, ready for a translator
	@mkdir -p var $(TRANSLATIONS)
	@$(BIN)/pybabel -q extract --mapping-file=babel.cfg --keyword=lazy_gettext --keyword=_l --keyword=translatable --keyword=with_count:1,1 --sort-by-file --no-location \
		--project='Hài lòng' --output-file=var/messages.pot .
	@test -d $(TRANSLATIONS)/en || $(BIN)/pybabel -q init --locale=en -i var/messages.pot -d $(TRANSLATIONS)
	@$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete -i var/messages.pot -d $(TRANSLATIONS)

$(VENV)/.installed: requirements.txt
	@test -x $(BIN)/python || echo 'Đang tạo môi trường $(VENV)… / Making the environment $(VENV)…'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	@echo 'Đang tải và cài các thư viện vào $(VENV), chừng một đến ba phút… / Installing libraries into $(VENV), one to three minutes…'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.installed-test: requirements-test.txt $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.txt
	@touch $@

# Beside .venv: half a gigabyte that only the clusters of a country need. It comes as source, built by what is locked.
$(SPARK)/.installed: requirements-spark.txt | install-test
	@$(BIN)/uv pip install --quiet --no-config --python $(BIN)/python --target $(SPARK) --no-deps --require-hashes \
		--build-constraints requirements-spark.txt -r requirements-spark.txt
	@touch $@

%.mo: %.po $(VENV)/.installed
	@$(BIN)/pybabel -q compile --input-file=$< --output-file=$@
