"""A Dask cluster on this machine, a scheduler and its workers, as a context manager: what it starts it ends."""

import contextlib
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import psutil

from autograder.errors import UserError

START = 60  # seconds


@contextlib.contextmanager
def cluster(folder: Path, environment: Mapping[str, str], workers: int) -> Iterator[str]:
    """The address of a scheduler with so many workers of one thread each, which are up.

    Raises:
        UserError: if Dask is not installed, or the workers do not come.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise UserError("Dask is not installed. Install it with: pip install -e '.[dask]'") from error
    folder.mkdir(parents=True)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    address, processes = f"tcp://127.0.0.1:{port}", []

    def start(*words: str) -> None:
        with open(folder / f"{words[0]}-{len(processes)}.log", "wb") as log:
            command = [sys.executable, "-m", "dask", *words, "--no-dashboard"]
            processes.append(subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log))

    try:
        start("scheduler", "--host", "127.0.0.1", "--port", port)
        for _ in range(workers):
            start("worker", address, "--nthreads", "1", "--local-directory", str(folder))
        try:
            with Client(address, timeout=START) as client:
                client.wait_for_workers(workers, timeout=START)
        except (OSError, TimeoutError) as error:
            raise UserError(f"The Dask workers did not start ({error}). Their logs are in {folder}.") from error
        yield address
    finally:
        end(processes)


def end(processes: Sequence[subprocess.Popen]) -> None:
    """End processes that we started, and all that they started."""
    family = []
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            family += psutil.Process(process.pid).children(recursive=True)
    for process in [*processes, *family]:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(family, START)
    for process in processes:
        process.wait()
