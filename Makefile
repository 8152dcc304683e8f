# Every target sets up what it needs: a .venv with the versions of requirements.lock.
# `make demo` and `make test` are the two to know.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
OTTER  ?= .venv-otter
READY  := $(VENV)/.ready

.PHONY: demo test test-long lab build publish notebooks bench otter browser postgresql nbgrader-suite lock clean

demo: $(READY)  ## build, release, grade a small class in the sandbox, show the results
	$(BIN)/python -m autograder build
	$(BIN)/python -m autograder demo

test: $(READY) browser postgresql  ## the tests
	$(BIN)/ruff check .
	$(BIN)/python -m autograder build --check
	$(BIN)/python -m pytest -n 2 --dist loadfile

test-long: $(READY) browser postgresql  ## the tests that take minutes: killed gradings, the attack corpus warm and cold, PostgreSQL
	$(BIN)/python -m pytest -m long

nbgrader-suite: $(READY)  ## nbgrader's own tests under this course's configuration: some ten minutes
	$(BIN)/python -m tests.nbgrader_suite -q

lab: $(READY)  ## JupyterLab on the students' notebooks, the start page first
	$(BIN)/jupyter lab --notebook-dir=release --LabApp.default_url=/lab/tree/00-start-here/start-here.ipynb

build: $(READY)  ## regenerate every notebook from its text
	$(BIN)/python -m autograder build

publish: $(READY)  ## the student's tree: make publish DIR=../course-for-students [UNITS="01-rnn 02-vanishing-gradients"]
	@test -n "$(DIR)" || { echo "Say where: make publish DIR=../course-for-students"; exit 2; }
	$(BIN)/python -m autograder publish "$(DIR)" $(if $(UNITS),--units $(UNITS))

notebooks: $(READY)  ## how long every notebook takes, and how much memory
	$(BIN)/python -m autograder report --notebooks

bench: $(READY) otter  ## grading against plain nbgrader and otter-grader, where the time goes, growth: make bench [ONLY="nbgrader warm"]
	$(BIN)/python -m autograder bench --otter "$(OTTER)" $(if $(STUDENTS),--students $(STUDENTS)) $(if $(ONLY),--only $(ONLY))

# otter-grader's requirements are its own, so it has an environment of its own. Without it the benchmark goes on, and says so.
otter:
	@[ -x "$(OTTER)/bin/otter" ] || { "$(PYTHON)" -m venv "$(OTTER)" && "$(OTTER)/bin/python" -m pip install --quiet --requirement otter.lock; } \
		|| echo "otter-grader could not be installed: the benchmark goes on without it."

$(READY): requirements.lock pyproject.toml
	@"$(PYTHON)" -c 'import re, sys; sys.exit(sys.version_info < tuple(map(int, re.search(r"requires-python = \">=([0-9.]+)", open("pyproject.toml").read())[1].split("."))))' 2>/dev/null \
		|| { echo "This needs the Python that pyproject.toml names under requires-python, or a newer one; \"$(PYTHON)\" is not. Install it, or name it with make PYTHON=..."; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	touch $(READY)

# The browser tests drive Debian's Chromium. Without it, and without the right to install it, they say that they are skipped.
browser:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
		&& apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } || true

# Likewise the tests of the gradebook on PostgreSQL, with Debian's package of it.
postgresql:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
		&& apt-get update -qq && apt-get install -y -qq postgresql >/dev/null; } || true

lock:  ## after a change of dependencies: resolve anew, names and versions only
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[instructor,dev]' 'soupsieve<3'  # newer ones need Python 3.11.5
	$(BIN)/python -m pip freeze --exclude-editable | sed 's/+cpu//' > requirements.lock
	touch $(READY)

clean:
	rm -rf $(VENV) .venv-otter demo
