# Every target sets up what it needs: a .venv with the versions of requirements.lock.
# `make demo`, `make check` and `make test` are the three to know.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
OTTER  ?= .venv-otter
READY  := $(VENV)/.ready

.PHONY: demo check test test-long coverage lab build publish notebooks figures names bench otter nbgrader-suite lock clean

demo: $(READY)  ## build, release, grade a small class in the sandbox, show the results
	$(BIN)/python -m autograder build
	$(BIN)/python -m autograder demo

check: $(READY)  ## what to run while you work: ruff, pyright, and the tests without sandboxes, browsers and databases
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup -m "not sandbox and not slow and not long"

test: $(READY)  ## all tests but the long ones; those of pages need Chromium, those of PostgreSQL its server: without, they are skipped
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/python -m pytest -n 2 --dist loadgroup

test-long: $(READY)  ## the tests that take minutes: killed gradings, the attack corpus warm and cold, PostgreSQL
	$(BIN)/python -m pytest -m long

coverage: $(READY)  ## the tests of `make test`, with the branches of autograder and course that they run
	$(BIN)/python -m pytest -n 2 --dist loadgroup --cov --cov-report=term-missing:skip-covered

nbgrader-suite: $(READY)  ## nbgrader's own tests under this course's configuration: some ten minutes
	$(BIN)/python -m tests.nbgrader_suite -q

lab: $(READY)  ## JupyterLab on the students' notebooks, the start page first
	$(BIN)/jupyter lab --notebook-dir=release --LabApp.default_url=/lab/tree/00-start-here/start-here.ipynb

build: $(READY)  ## regenerate every notebook from its text
	$(BIN)/python -m autograder build

publish: $(READY)  ## the student's tree: make publish DIR=../course-for-students [UNITS="01-rnn 02-backpropagation-through-time"]
	@test -n "$(DIR)" || { echo "Say where: make publish DIR=../course-for-students"; exit 2; }
	$(BIN)/python -m autograder publish "$(DIR)" $(if $(UNITS),--units $(UNITS))

notebooks: $(READY)  ## each notebook against its budget: share of prose, lines, seconds, memory
	$(BIN)/python -m tools.notebooks

figures: $(READY)  ## record what cells show with the course's own solutions, for readers who have not written an exercise
	$(BIN)/python -m tools.record_figures $(UNITS)

names: $(READY)  ## train the network that makes up names for unit 01 again: a minute or two
	$(BIN)/python -m tools.train_names

bench: $(READY) otter  ## grading against plain nbgrader and otter-grader, where the time goes, growth: make bench [ONLY="nbgrader warm"]
	$(BIN)/python -m tools.benchmark --otter "$(OTTER)" $(if $(STUDENTS),--students $(STUDENTS)) $(if $(ONLY),--only $(ONLY))

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

lock:  ## after a change of dependencies: resolve anew, names and versions only
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[instructor,dev]' 'soupsieve<3'  # newer ones need Python 3.11.5
	$(BIN)/python -m pip freeze --exclude-editable | sed 's/+cpu//' > requirements.lock
	touch $(READY)

clean:
	rm -rf $(VENV) .venv-otter demo
