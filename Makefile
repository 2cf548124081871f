# `make run` sets everything up and serves; `make test` proves it. Both need git, make and Python 3.11 or newer.
# Settings: PORT= HOST= SITE_URL= NEWSROOM_VAR= (see README.md), PYTHON= to name another Python.

PYTHON ?= python3
BOOTSTRAP = exec $(PYTHON) -m newsroom.bootstrap

.PHONY: run test soak lint format bench screenshots
.NOTPARALLEL:

run:
	@$(BOOTSTRAP) run

test:
	@$(BOOTSTRAP) python tests/run.py

soak:
	@$(BOOTSTRAP) python tests/run.py soak

lint:
	@$(BOOTSTRAP) python tests/run.py lint types imports migrations

format:
	@$(BOOTSTRAP) python tests/run.py format

bench:
	@$(BOOTSTRAP) python tests/run.py bench

screenshots:
	@$(BOOTSTRAP) python tests/run.py screenshots
