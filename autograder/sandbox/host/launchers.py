"""The ways to run submissions: warm (forks of one confined interpreter), cold (one interpreter each), or unconfined."""

import contextlib
import functools
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from autograder.sandbox.host import bubblewrap
from autograder.sandbox.host.forkserver import ForkServer
from autograder.sandbox.host.starting import Unconfined, cold

WAYS = ("warm", "cold", "none")


@contextlib.contextmanager
def opened(way, hidden=()):
    """What ``Sandbox`` needs to start interpreters, all of them in this way.

    Args:
        way: one of ``WAYS``. hidden: folders that nobody inside may see, as in ``bubblewrap.command``.

    Raises:
        bubblewrap.SandboxUnavailable: if this machine cannot confine in this way; nothing has been run then.
    """
    if way not in WAYS:
        raise ValueError(f"unknown sandbox {way!r}: use one of {', '.join(WAYS)}")
    if way == "none":
        yield Unconfined
        return
    bubblewrap.check()
    if way == "cold":
        yield functools.partial(cold, font_cache(), hidden)
        return
    with ForkServer(font_cache(), hidden) as server:
        yield server.fork


@contextlib.contextmanager
def ahead(way, hidden=()):
    """The same as ``opened``, begun in the background, while its user has other things to prepare.

    Gives a function that waits for it, and returns what ``opened`` gives, or raises what that raises.
    """
    font_cache()  # here, because it imports: two threads that import at a time can see half a module
    with contextlib.ExitStack() as stack, ThreadPoolExecutor(1) as pool:
        yield pool.submit(stack.enter_context, opened(way, hidden)).result


@functools.cache
def font_cache():
    """matplotlib's list of fonts, as a file: making it takes a second, which no submission should pay."""
    import matplotlib
    from matplotlib import font_manager

    font_manager._load_fontmanager()  # writes the cache if there is none yet
    found = sorted(Path(matplotlib.get_cachedir()).glob("fontlist-*.json"))
    return found[-1] if found else None
