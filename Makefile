# The contributor's interface. Everything the platform writes goes under VAR.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
VAR ?= $(CURDIR)/var
SCALE ?= 1
BENCH ?=
FAULT ?=

# Not $(abspath): it would cut a path at its spaces.
override export VAR := $(if $(filter /%,$(firstword $(VAR))),$(VAR),$(CURDIR)/$(VAR))
export PYTHONPYCACHEPREFIX := $(VAR)/pycache
export PYTHONUTF8 := 1

VENV = "$(VAR)/venv/bin/python"

.PHONY: run test check demo bench faults python venv venv-dev

run: venv
	@exec $(VENV) -m deploy.local.run

test: venv-dev
	@exec $(VENV) -m deploy.local.test

check: venv-dev
	@exec $(VENV) -m deploy.local.check

demo: venv
	@exec $(VENV) manage.py demo --scale $(SCALE)

bench: venv
	@exec $(VENV) -m bench $(BENCH)

faults: venv-dev
	@exec $(VENV) -m tests.faults $(FAULT)

python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer was not found: install it, or name it with PYTHON=." >&2; exit 1; }

venv: python
	@"$(PYTHON)" -m deploy.local.venv

venv-dev: python
	@"$(PYTHON)" -m deploy.local.venv --dev
