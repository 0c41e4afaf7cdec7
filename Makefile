# The commands of the README. Each does its own set-up in .venv; nothing outside this folder is touched.
PYTHON ?= python3
BIN = .venv/bin

.PHONY: report open test bench clean

report: .venv/installed
	$(BIN)/bestand run ukraine/2025-04

open: .venv/installed
	$(BIN)/bestand open ukraine/2025-04

test: .venv/installed-dev
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest

bench: .venv/installed
	$(BIN)/python benchmarks/stability.py

SOURCES = pyproject.toml CMakeLists.txt $(shell find src cases -type f ! -name '*.pyc' ! -name '*.so' ! -path '*/web/page/*') $(wildcard workbench/*.* workbench/src/*)

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python $(SOURCES)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check .
	touch $@

.venv/installed-dev: .venv/bin/python $(SOURCES)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check ".[dev]"
	touch $@ .venv/installed

clean:
	rm -rf .venv build reports
