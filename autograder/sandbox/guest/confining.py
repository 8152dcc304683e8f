"""What an interpreter in bubblewrap does to itself before a student's code runs in it; a fork of the warm one, first,
leaves the others' namespaces.

Both hold CAP_SYS_ADMIN in bubblewrap's user namespace, which ``separate`` and ``enclose`` need. When they are done no
rights are left, and no way to get any: new user namespaces are switched off in there.
"""

import ctypes
import os
import stat
import struct
from typing import Any

from py_landlock import AccessFs, Landlock

# from linux/sched.h, linux/mount.h, linux/prctl.h and linux/capability.h
CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWPID, CLONE_NEWNET = 0x20000, 0x8000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
CAPABILITY_VERSION_3 = 0x20080522

WRITABLE = ("/student", "/tmp", "/dev/shm")
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty")
MAX_FILES = 20_000  # in each folder that can be written: what has no size takes room, too
LIBC = ctypes.CDLL(None, use_errno=True)


def libc_call(name: str, *args: Any) -> None:
    """Call a function of the C library.

    Raises:
        OSError: as it reports.
    """
    if getattr(LIBC, name)(*args) < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def separate() -> None:
    """Leave the namespaces of the other submissions: processes (from the next fork on), mounts, network, IPC.

    The new network has nothing but a loopback device, which stays down.
    """
    libc_call("unshare", CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC)
    own_mounts()


def own_mounts() -> None:
    """Get mounts that may be changed: those that bubblewrap made belong to a user namespace above."""
    libc_call("unshare", CLONE_NEWNS)
    libc_call("mount", None, b"/", None, MS_REC | MS_PRIVATE, None)


def enclose(disk: int) -> None:
    """Put empty folders over all that others may have written or could see, give up every right, and let Landlock watch.

    Args:
        disk: bytes that fit into each folder that can be written.
    """
    for folder in WRITABLE:
        _empty(folder, disk)
    for path in filter(os.path.exists, (*DEVICES, "/dev/pts")):
        _make_read_only(path)
    # The process list in /proc holds the fork server with the other submissions, or bubblewrap's own command line; and
    # the kernel's settings there belong to root: the submissions of a class that root grades could write them.
    libc_call("mount", b"tmpfs", b"/proc", b"tmpfs", MS_NOSUID | MS_NODEV | MS_RDONLY, b"size=4k")
    os.chdir(WRITABLE[0])
    _give_up_rights()
    rules().apply()


def rules() -> Landlock:
    """What Landlock is to allow: reading everywhere, writing in ``WRITABLE`` and to ``DEVICES``."""
    everything = AccessFs.READ_FILE | AccessFs.READ_DIR | AccessFs.EXECUTE
    allowed = Landlock(strict=False).allow_all_network().add_path_rule("/", access=everything)
    allowed.allow_read_write(*WRITABLE).add_path_rule(*WRITABLE, access=everything | AccessFs.REFER)
    allowed.add_path_rule(*filter(os.path.exists, DEVICES), access=AccessFs.READ_FILE | AccessFs.WRITE_FILE)
    return allowed


def _make_read_only(path: str) -> None:
    """Make a mount read-only. The devices are the machine's own: their owner outside, root where root grades, could change
    their modes in here. They can still be written to."""
    kept = os.statvfs(path).f_flag & (MS_NOSUID | MS_NODEV | MS_NOEXEC)
    libc_call("mount", None, path.encode(), None, MS_REMOUNT | MS_BIND | MS_RDONLY | kept, None)


def _empty(folder: str, disk: int) -> None:
    """Mount an empty folder in memory over this one; what is mounted below it, read-only, stays."""
    with open("/proc/self/mounts", encoding="utf-8", errors="surrogateescape") as mounts:
        points = sorted({line.split()[1].encode().decode("unicode_escape") for line in mounts})
    below = {point: os.open(point, os.O_PATH) for point in points if point.startswith(folder + "/")}
    libc_call(
        "mount",
        b"tmpfs",
        folder.encode(),
        b"tmpfs",
        MS_NOSUID | MS_NODEV,
        f"size={disk},mode=700,nr_inodes={MAX_FILES}".encode(),
    )
    for point, descriptor in below.items():
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        os.makedirs(point if is_folder else os.path.dirname(point), exist_ok=True)
        if not is_folder:
            open(point, "w").close()
        libc_call("mount", f"/proc/self/fd/{descriptor}".encode(), point.encode(), None, MS_BIND | MS_REC, None)
        os.close(descriptor)


def _give_up_rights() -> None:
    libc_call("prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    header = struct.pack("Ii", CAPABILITY_VERSION_3, 0)
    libc_call("capset", header, bytes(24))
