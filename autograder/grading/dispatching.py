"""Hands submissions out to be graded, a few at a time, and gives results back as they come: here, or on other machines."""

import atexit
import contextlib
import functools
import queue
import sys
import threading
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

from autograder.errors import UserError
from autograder.grading import jobs
from autograder.sandbox.host import launchers
from autograder.sandbox.host.bubblewrap import SandboxUnavailable

PATIENCE = 2  # seconds without a result, after which it is looked whether there are workers
TRIES = 3  # how often a submission is started again when not it, but what it ran in, broke down


def bounded(submit, submissions, most, done):
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
def here(description, count, opened):
    """Grading on this machine: a function from pairs (tag, submission) to pairs (tag, result), ``count`` at a time.

    Args:
        description: of the assignment. opened: gives what starts interpreters, as ``launchers.prestart`` does.
    """
    jobs.assignment(description)
    launch = opened()
    with ThreadPoolExecutor(count) as pool:

        def results(submissions):
            submit = functools.partial(pool.submit, again, description, launch=launch)
            for tag, future in bounded(submit, submissions, 2 * count, first_done):
                yield tag, future.result()

        yield results


def first_done(futures):
    return wait(futures, return_when=FIRST_COMPLETED).done


def again(description, submission, launch):
    """``jobs.perform``, tried again where the sandbox itself broke down."""
    for left in reversed(range(TRIES)):
        try:
            return jobs.perform(description, submission, launch)
        except SandboxUnavailable:
            if not left:
                raise


@contextlib.contextmanager
def on_dask(description, address, way):
    """Grading on the workers of a Dask cluster. Only bytes travel; a worker needs no disk of ours and no gradebook.

    Args:
        address: of the scheduler, as ``tcp://host:8786``, or ``tls://`` with the certificates that Dask's own
            configuration names.

    Raises:
        UserError: if there is no such scheduler, or a submission cannot be graded there.
    """
    try:
        import dask
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
            client.wait_for_workers(1, timeout=dask.config.get("distributed.comm.timeouts.connect"))
        except TimeoutError as error:
            raise UserError(
                f"The Dask scheduler at {address} has no workers. Start some: dask worker {address}"
            ) from error
        # a task, and not data handed out: what is lost with the worker that held it is then made again
        shared = client.submit(bytes, description)
        finished = queue.Queue()

        def submit(submission):
            future = client.submit(on_worker, shared, submission, way, retries=TRIES, pure=False)
            future.add_done_callback(finished.put)
            return future

        def done(waiting):
            told = False
            while True:
                try:
                    return [finished.get(timeout=PATIENCE)]
                except queue.Empty:
                    if not told and _deserted(client):
                        tell(f"All workers of {address} are gone. Waiting for others: dask worker {address}")
                        told = True

        def results(submissions):
            threads = sum(client.nthreads().values())
            for tag, future in bounded(submit, submissions, max(4, 2 * threads), done):
                yield tag, _result(future, tag, client, address)

        yield results


def tell(text):
    print(text, file=sys.stderr, flush=True)


def _deserted(client):
    """Whether there is a scheduler, but no worker."""
    with contextlib.suppress(OSError, TimeoutError):  # the scheduler goes just now: then its futures end by themselves
        return client.status == "running" and not client.nthreads()
    return False


def _result(future, tag, client, address):
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


@functools.cache
def _opened(way):
    """In a worker's process: what starts interpreters, opened once and until the process ends."""
    stack = contextlib.ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(launchers.open_launcher(way))


def on_worker(description, submission, way):
    """What a Dask worker does with one submission."""
    with _lock:
        launch = _opened(way)
    return again(description, submission, launch)
