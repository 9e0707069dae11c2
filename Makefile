# What there is: make run, test, slow, faults, bench, lint, screenshots. Each makes .venv first when it is missing or older than pyproject.toml.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

.PHONY: run test slow faults bench lint screenshots

run: $(READY)
	@$(BIN)/python -m compileall -q main.py app ml
	@$(BIN)/python main.py

test: lint
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest --numprocesses logical --maxprocesses 4 --dist loadfile

slow: $(READY)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m 'slow and not faults'

# The full size of every promise in docs/RELIABILITY.md, which it writes; FAULTS_SCALE=0.1 makes a tenth of every count.
faults: $(READY)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m faults tests/faults -s

bench: $(READY)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest tests/benchmarks -o python_files='bench_*.py' -m '' -s

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/pyright

screenshots: $(READY)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.screenshots

# Byte code is compiled here once: without it TensorFlow takes four times as long to import.
$(READY): pyproject.toml .ci/libraries
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev,onnx]'
	bash .ci/libraries
	$(BIN)/python -m compileall -qq -j 0 .venv/lib main.py app ml || true # a few packages ship templates that are no Python
	@touch $@
