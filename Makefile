# `make run` sets everything up and serves; `make test` proves it. Both need git, make and Python 3.11 or newer.
# Settings: PORT= HOST= SITE_URL= NEWSROOM_VAR= (see README.md), PYTHON= to name another Python, ONLY= for one chapter of
# `make bench` (see benchmarks/README.md).

PYTHON ?= python3
BOOTSTRAP = exec $(PYTHON) -m newsroom.bootstrap

.PHONY: run test soak lint format bench screenshots
.NOTPARALLEL:

run:
	@$(BOOTSTRAP) run

test:
	@$(BOOTSTRAP) python -m tests.run

soak:
	@$(BOOTSTRAP) python -m tests.run soak

lint:
	@$(BOOTSTRAP) python -m tests.run lint types imports migrations

format:
	@$(BOOTSTRAP) python -m tests.run format

bench:
	@$(BOOTSTRAP) python -m tests.run bench

screenshots:
	@$(BOOTSTRAP) python -m tests.run screenshots
