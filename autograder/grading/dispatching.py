"""Hands submissions out to be graded, a few at a time, and gives results back as they come: here, or on other machines."""

import atexit
import contextlib
import functools
import queue
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any

from autograder.errors import UserError
from autograder.grading.assignment import Submission
from autograder.grading.seeds import ATTEMPTS
from autograder.grading.workers import WorkerDied, Workers
from autograder.sandbox.host.bubblewrap import SandboxUnavailable

PATIENCE = 2  # seconds without a result, after which it is looked whether there are workers
TRIES = 3  # how often a submission is run when not it, but what it ran in, broke down
TOO_MUCH = (
    "looking at its answers took more memory or time than the grader has for one submission; "
    "make what the functions return as small as the exercise says"
)

Tag = tuple[str, str, str]  # see ``grade.with_keys``
Results = Callable[[Iterable[tuple[Tag, bytes]]], Iterator[tuple[Tag, bytes]]]


def bounded_map(
    submit: Callable[[bytes], Any],
    submissions: Iterable[tuple[Tag, bytes]],
    most: int,
    done: Callable[[Iterable[Any]], Iterable[Any]],
) -> Iterator[tuple[Tag, Any]]:
    """Pairs (tag, future) as they get done, with no more than ``most`` submissions in memory at a time.

    Args:
        submit: from a submission's bytes to a future. submissions: pairs (tag, bytes), read only as needed.
        done: from a collection of futures to those that are done, waiting for at least one.
    """
    submissions, waiting = iter(submissions), {}
    try:
        while True:
            while len(waiting) < most and (following := next(submissions, None)):
                waiting[submit(following[1])] = following[0]
            if not waiting:
                return
            for future in done(waiting):
                yield waiting.pop(future), future
    finally:
        for future in waiting:
            future.cancel()


@contextlib.contextmanager
def local_executor(workers: Workers, count: int) -> Iterator[Results]:
    """Grading on this machine: a function from pairs (tag, submission) to pairs (tag, result), ``count`` at a time."""
    workers.wait()
    with ThreadPoolExecutor(count) as pool:

        def results(submissions: Iterable[tuple[Tag, bytes]]) -> Iterator[tuple[Tag, bytes]]:
            def submit(submission: bytes) -> Future[bytes]:
                return pool.submit(grade_submission, workers, submission)

            for tag, future in bounded_map(submit, submissions, 2 * count, first_done):
                yield tag, future.result()

        yield results


def first_done(futures: Iterable[Any]) -> Iterable[Any]:
    return wait(futures, return_when=FIRST_COMPLETED).done


def grade_submission(workers: Workers, submission: bytes) -> bytes:
    """The result of one submission: bytes in, bytes out.

    It is run again, each time on other inputs, where the sandbox broke down, where its worker ended, and once where its
    own process was gone: by the student's code, or by something outside, as a machine that runs out of memory kills what
    it likes. The same code ends itself again.

    Raises:
        SandboxUnavailable: if it could not be run in so many tries.
    """
    broken, died, gone = 0, 0, False
    for attempt in range(ATTEMPTS):
        try:
            result, gone_now = workers.evaluate(submission, attempt)
        except SandboxUnavailable:
            broken += 1
            if broken == TRIES:
                raise
        except WorkerDied:
            died += 1
            if died == 2:
                return workers.evaluate(Submission(rejected=TOO_MUCH).to_bytes())[0]
        else:
            if gone or not gone_now:
                return result
            gone = True
    raise SandboxUnavailable("A submission could not be run: whatever it was run in broke down again and again.")


@contextlib.contextmanager
def on_dask(description: bytes, address: str, mode: str) -> Iterator[Results]:
    """Grading on the workers of a Dask cluster. Only bytes travel; a worker needs no disk of ours and no gradebook.

    Args:
        address: of the scheduler, as ``tcp://host:8786``, or ``tls://`` with the certificates that Dask's own
            configuration names.

    Raises:
        UserError: if there is no such scheduler, or a submission cannot be graded there.
    """
    try:
        from dask import config
        from distributed import Client
    except ImportError as error:
        raise UserError("Dask is not installed. Install it with: pip install -e '.[dask]'") from error
    try:
        client = Client(address)  # it waits as long as Dask's configuration says: distributed.comm.timeouts.connect
    except TypeError as error:  # no ssl_context
        raise UserError(
            f"For {address} Dask needs certificates: name them in its configuration, under distributed.comm.tls."
        ) from error
    except (OSError, ValueError, TimeoutError) as error:
        raise UserError(
            f"There is no Dask scheduler at {address} ({error}). Start one with `dask scheduler`, workers with `dask worker`."
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=config.get("distributed.comm.timeouts.connect"))
        except TimeoutError as error:
            raise UserError(
                f"The Dask scheduler at {address} has no workers. Start some: dask worker {address}"
            ) from error
        # a task, and not data handed out: what is lost with the worker that held it is then made again
        shared = client.submit(bytes, description)
        finished = queue.Queue()

        def submit(submission: bytes) -> Any:
            future = client.submit(on_worker, shared, submission, mode, retries=TRIES, pure=False)
            future.add_done_callback(finished.put)
            return future

        def done(waiting: Iterable[Any]) -> Iterable[Any]:
            told = False
            while True:
                try:
                    return [finished.get(timeout=PATIENCE)]
                except queue.Empty:
                    if not told and _deserted(client):
                        tell(f"All workers of {address} are gone. Waiting for others: dask worker {address}")
                        told = True

        def results(submissions: Iterable[tuple[Tag, bytes]]) -> Iterator[tuple[Tag, bytes]]:
            threads = sum(_threads(client).values())
            for tag, future in bounded_map(submit, submissions, max(4, 2 * threads), done):
                yield tag, _result(future, tag, client, address)

        yield results


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _threads(client: Any) -> dict[str, int]:
    """How many threads each worker has, by its address."""
    return client.nthreads()


def _deserted(client: Any) -> bool:
    """Whether there is a scheduler, but no worker."""
    with contextlib.suppress(OSError, TimeoutError):  # the scheduler goes just now: then its futures end by themselves
        return client.status == "running" and not _threads(client)
    return False


def _result(future: Any, tag: Tag, client: Any, address: str) -> bytes:
    try:
        return future.result()
    except UserError:
        raise
    except Exception as error:
        if client.status != "running":
            raise UserError(
                f"The Dask scheduler at {address} is gone. Start it and its workers again; "
                "the same command goes on from here."
            ) from error
        raise UserError(
            f"{tag[0]} could not be graded on the Dask workers ({type(error).__name__}: {error}). "
            "Look at their logs; the same command goes on from here."
        ) from error


_lock = threading.Lock()


@functools.lru_cache(maxsize=2)
def _workers(description: bytes, mode: str) -> Workers:
    """On a machine of the cluster: its own worker processes, started once and until it ends."""
    stack = contextlib.ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(Workers(description, mode))


def on_worker(description: bytes, submission: bytes, mode: str) -> bytes:
    """What a Dask worker does with one submission."""
    with _lock:
        workers = _workers(description, mode)
    return grade_submission(workers, submission)
