"""Worker processes as tests want them: with a fault of the grader's own in them."""

FAULT = """
import resource, signal, time
from autograder.grading import evaluate
real = evaluate.rebuild
def rebuild(release, notebook):
    text = "".join(cell.source for cell in notebook.cells)
    if "FAIL" in text:
        raise RuntimeError("a bug of ours")
    if "MEMORY" in text:
        bytearray(8 * 2**30)
    if "COMPUTE" in text:
        while True:
            pass
    if "SLEEP" in text:
        time.sleep(600)
    return real(release, notebook)
evaluate.rebuild = rebuild
"""


def make_faulty(monkeypatch, tmp_path):
    """From now on, a submission that names a fault in a comment makes the grader's own code have it."""
    folder = tmp_path / "faulty"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(FAULT)
    monkeypatch.syspath_prepend(folder)
