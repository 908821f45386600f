# Two commands: `make run` serves the system with sample data, `make test` tries all of it.
# The rest is for those who change it. Settings come from the environment, see the README.
PYTHON ?= python3
BROWSER ?= yes
INSTALL = $(PYTHON) scripts/install.py
VENV = .venv/bin

.PHONY: run test test-slow bench fmt lock

run:
	@$(INSTALL)
	@exec $(VENV)/python manage.py serve --sample

test:
	@$(INSTALL) --development $(if $(filter yes,$(BROWSER)),--browser)
	@BROWSER=$(BROWSER) sh scripts/test.sh

test-slow:
	@$(INSTALL) --development $(if $(filter yes,$(BROWSER)),--browser)
	@BROWSER=$(BROWSER) sh scripts/test.sh slow

bench:
	@$(INSTALL) --development
	@BROWSER=no sh scripts/test.sh bench

fmt:
	@$(INSTALL) --development
	@$(VENV)/ruff format .
	@$(VENV)/ruff check --fix .

# Names, versions and hashes only: where packages come from is each machine's own affair.
LOCK = $(VENV)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

lock:
	@$(INSTALL) --development
	@$(LOCK) --output-file requirements.txt requirements.in
	@$(LOCK) --output-file requirements-dev.txt requirements-dev.in
