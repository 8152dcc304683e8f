"""The modes in which to run submissions: warm (forks of one confined interpreter), cold (one interpreter each), or unconfined."""

import contextlib
import functools
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from autograder.sandbox.host import bubblewrap
from autograder.sandbox.host.forkserver import ForkServer
from autograder.sandbox.host.interpreters import Unconfined, cold
from autograder.sandbox.host.process import Launch

MODES = ("warm", "cold", "none")


@contextlib.contextmanager
def open_launcher(mode: str, hidden: Iterable[Path] = ()) -> Iterator[Launch]:
    """A function that starts interpreters in this mode, for ``Sandbox``.

    Args:
        mode: one of ``MODES``. hidden: folders that no submission may see, as in ``bubblewrap.command``.

    Raises:
        bubblewrap.SandboxUnavailable: if this machine cannot confine in this mode; nothing has been run then.
    """
    if mode not in MODES:
        raise ValueError(f"unknown sandbox {mode!r}: use one of {', '.join(MODES)}")
    if mode == "none":
        yield Unconfined
        return
    bubblewrap.check()
    if mode == "cold":
        yield functools.partial(cold, font_cache(), hidden)
        return
    with ForkServer(font_cache(), hidden) as server:
        yield server.fork


@contextlib.contextmanager
def prestart(mode: str, hidden: Iterable[Path] = ()) -> Iterator[Callable[[], Launch]]:
    """The same as ``open_launcher``, started in the background.

    Gives a function that waits for it, and returns what ``open_launcher`` gives, or raises what that raises.
    """
    font_cache()  # here, because it imports: two threads that import at a time can see half a module
    with contextlib.ExitStack() as stack, ThreadPoolExecutor(1) as pool:
        yield pool.submit(stack.enter_context, open_launcher(mode, hidden)).result


@functools.cache
def font_cache() -> Path | None:
    """matplotlib's list of fonts, as a file: making it takes a second, which no submission should pay."""
    import matplotlib
    from matplotlib import font_manager

    font_manager._load_fontmanager()  # pyright: ignore - writes the cache if there is none yet
    found = sorted(Path(matplotlib.get_cachedir()).glob("fontlist-*.json"))
    return found[-1] if found else None
