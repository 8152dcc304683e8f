"""The worker program: for each submission a fork that evaluates it, with limits of its own, and ends.

What a submission makes the grader compute (its notebook parsed, its answers compared, correct functions called for it) is
computed in such a fork. Whatever that costs, it costs this submission alone. A fork knows the assignment, but no secret, no
gradebook and no other submission.
"""

import contextlib
import ctypes
import json
import os
import resource
import signal
import socket
import sys
from dataclasses import asdict, dataclass
from typing import Any, NoReturn

import numpy as np

from autograder import timing
from autograder.checking.mistakes import prepare
from autograder.errors import UserError
from autograder.exercises import exercises_of
from autograder.grading import channel
from autograder.grading.assignment import Assignment, Submission, read_assignment
from autograder.grading.evaluate import Verdict, evaluate, graded_cells, notebook_text
from autograder.sandbox.host.bubblewrap import SandboxUnavailable

PR_SET_PDEATHSIG = 1  # from linux/prctl.h


@dataclass
class Program:
    """A confined interpreter that the coordinator has started for us, and will end.

    Attributes:
        input, output: our ends of its pipes. process: a descriptor of its process. pid: the number of it.
    """

    input: int
    output: int
    process: int
    pid: int

    def error_output(self) -> str:
        return ""  # the coordinator has it, and adds it

    def broken(self) -> bool:
        return False  # the coordinator sees whether the fork server is gone

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.process, signal.SIGKILL)

    def end(self) -> None:
        self.kill()


def main() -> None:
    """Read the assignment, say that we are ready, and fork for each submission until the coordinator is gone."""
    control = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    try:
        assignment = read_assignment(channel.receive(control))
        for exercise in exercises_of(
            assignment.unit
        ).values():  # so that what they import is imported before the first fork
            prepare(exercise, np.random.default_rng(0))
    except UserError as error:
        channel.send_json(control, {"error": str(error)})
        return
    channel.send_json(control, {"ready": True})
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # forks are reaped by the kernel
    while True:
        message, links, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            return
        if not os.fork():
            control.close()
            _serve(assignment, socket.socket(fileno=links[0]))
        os.close(links[0])


def _serve(assignment: Assignment, link: socket.socket) -> NoReturn:
    """Evaluate one submission and end. However that fails, the coordinator sees the end of the connection."""
    code = 1
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        socket.send_fds(link, [b"\1"], [os.pidfd_open(os.getpid())])
        job = channel.receive_json(link)
        _limit(job["memory"], job["cpu_seconds"])
        submission = Submission.from_bytes(channel.receive(link))
        if job["timed"]:
            with timing.measured() as spent:
                verdict = _evaluated(assignment, submission, job["attempt"], link)
        else:
            verdict, spent = _evaluated(assignment, submission, job["attempt"], link), None
        if verdict:
            channel.send_json(link, {"done": True, "gone": verdict[0], "spent": asdict(spent) if spent else None})
            channel.send(link, verdict[1])
        code = 0
    except (MemoryError, channel.ChannelClosed):
        pass
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(code)


def _evaluated(
    assignment: Assignment, submission: Submission, attempt: int, link: socket.socket
) -> tuple[bool, bytes] | None:
    def launch() -> Program:
        channel.send_json(link, {"launch": True})
        message, descriptors, _, _ = socket.recv_fds(link, 4096, 3)
        answer = json.loads(message)
        if "unavailable" in answer:
            raise SandboxUnavailable(answer["unavailable"])
        return Program(*descriptors, answer["pid"])

    try:
        verdict = evaluate(assignment, submission, attempt, launch)
        return verdict.gone, _result(verdict)
    except SandboxUnavailable as error:
        channel.send_json(link, {"unavailable": str(error)})
        return None


def _result(verdict: Verdict) -> bytes:
    """What the coordinator needs of a verdict: see ``entries.Result``."""
    value: dict[str, Any] = {
        "notebook": notebook_text(verdict),
        "graded": graded_cells(verdict.notebook),
        "scores": {name: asdict(score) for name, score in verdict.scores.items()},
        "refused": verdict.refused,
        "seconds": verdict.seconds,
        "late": verdict.late,
        "ended": verdict.ended,
    }
    return json.dumps(value, separators=(",", ":")).encode("ascii")


def _limit(memory: int, cpu_seconds: int) -> None:
    """Bound what this process may still use: bytes beyond what it has now, and seconds of computing."""
    with open("/proc/self/statm", encoding="ascii") as sizes:
        held = int(sizes.read().split()[5]) * resource.getpagesize()
    for kind, value in ((resource.RLIMIT_DATA, held + memory), (resource.RLIMIT_CPU, cpu_seconds)):
        resource.setrlimit(kind, (value, value))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
