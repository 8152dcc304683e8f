"""``visible_check``: makes of a short function what a check cell calls, as in ``checks.rnn_step(rnn_step)``."""

import contextlib
import functools
import html
from collections.abc import Callable, Iterator
from typing import Any, ParamSpec

from IPython.display import display

from course.checks.failures import CheckFailed, sentence_for

P = ParamSpec("P")
HIDDEN = "Hidden checks, with fresh numbers, run at grading."


def visible_check(*checked: str) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Turn a function that checks an exercise into what a notebook calls.

    The function has the exercise's name; its first argument is what the reader wrote, further ones are other exercises
    that the check needs. It fails through ``expect_...``. Every other error becomes one sentence, without traceback.

    Args:
        checked: what is checked, in a few words each, as in "the shape"; the ✓ lists them.

    Returns:
        a decorator.
    """

    def decorate(check: Callable[P, None]) -> Callable[P, None]:
        name = check.__name__

        @functools.wraps(check)
        def run(*arguments: P.args, **options: P.kwargs) -> None:
            with _told(name, arguments[0] if arguments else None):
                check(*arguments, **options)
            display(Passed(name, f": {', '.join(checked)}."))

        return run

    return decorate


@contextlib.contextmanager
def _told(name: str, function: Any) -> Iterator[None]:
    """Within the block, an error becomes a ``CheckFailed`` that says what to do."""
    try:
        yield
    except CheckFailed as failed:
        failed.args = (_begun_with(name, str(failed)),)
        raise
    except Exception as error:
        raise CheckFailed(sentence_for(error, name, function)) from error


def _begun_with(name: str, sentence: str) -> str:
    return sentence if sentence.startswith(name) else f"{name}: {sentence}"


class Passed:
    """The line that says what passed. HTML, because a page breaks printed lines in the middle of a word."""

    def __init__(self, name: str, rest: str) -> None:
        self.name, self.rest = name, rest

    def __repr__(self) -> str:
        return f"✓ {self.name}{self.rest} {HIDDEN}"

    def _repr_html_(self) -> str:
        sign = '<b style="color: var(--jp-success-color0, #1a7f37)">✓</b>'
        return f"<p>{sign} <b>{html.escape(self.name)}</b>{html.escape(self.rest)} {HIDDEN}</p>"
