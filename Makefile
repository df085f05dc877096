# SPDX-License-Identifier: MIT
# The commands, for any make; the work is in tools/.  ARGS: more arguments, as in `make demo ARGS=--json`.

PYTHON ?= python3

.PHONY: demo test test-full mutants lint build clean

demo: build
	@.venv/bin/python -m sctpx demo $(ARGS)

test:
	@PYTHON="$(PYTHON)" sh tools/setup.sh test
	@.venv/bin/python -m tools.run_tests $(ARGS)

test-full:
	@PYTHON="$(PYTHON)" sh tools/setup.sh test
	@.venv/bin/python -m tools.run_tests --full $(ARGS)

mutants:
	@PYTHON="$(PYTHON)" sh tools/setup.sh test
	@.venv/bin/python tools/mutants.py $(ARGS)

lint:
	@PYTHON="$(PYTHON)" sh tools/setup.sh lint
	@sh tools/lint.sh

build:
	@PYTHON="$(PYTHON)" sh tools/setup.sh

clean:
	rm -rf build dist sctpx.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	rm -f sctpx/_native/_*.so
