"""System calls that no notebook needs, and that reach past namespaces and limits: the kernel refuses them in here.

Keyrings belong to a user, not to a namespace: a submission could read its instructor's, or leave a note for the next
one. Memory in nameless files and in System V segments is counted by no limit of ours. The rest have let code out of
better sandboxes than this one. Locks on a file that all may read, and news of who opens it, would let two submissions
that run side by side talk to each other.
"""

import ctypes
import errno
import os
import struct
import sys

from .confining import libc_call

# from linux/audit.h, asm/unistd_64.h and asm-generic/unistd.h
CALLS = {
    "x86_64": {
        "architecture": 0xC000003E,
        "socket": 41,
        "add_key": 248,
        "request_key": 249,
        "keyctl": 250,
        "memfd_create": 319,
        "memfd_secret": 447,
        "shmget": 29,
        "ptrace": 101,
        "process_vm_readv": 310,
        "process_vm_writev": 311,
        "pidfd_getfd": 438,
        "perf_event_open": 298,
        "bpf": 321,
        "userfaultfd": 323,
        "io_uring_setup": 425,
        "flock": 73,
        "inotify_init": 253,
        "inotify_init1": 294,
        "fanotify_init": 300,
        "fcntl": 72,
    },
    "aarch64": {
        "architecture": 0xC00000B7,
        "socket": 198,
        "add_key": 217,
        "request_key": 218,
        "keyctl": 219,
        "memfd_create": 279,
        "memfd_secret": 447,
        "shmget": 194,
        "ptrace": 117,
        "process_vm_readv": 270,
        "process_vm_writev": 271,
        "pidfd_getfd": 438,
        "perf_event_open": 241,
        "bpf": 280,
        "userfaultfd": 282,
        "io_uring_setup": 425,
        "flock": 32,
        "inotify_init1": 26,
        "fanotify_init": 262,
        "fcntl": 25,
    },
}
X32 = 0x40000000  # the bit of x86_64's second set of calls
FAMILIES = (1, 2, 10, 16)  # AF_UNIX, AF_INET, AF_INET6, AF_NETLINK: these stay in the network namespace
# of fcntl, from linux/fcntl.h: F_GETLK, F_SETLK, F_SETLKW, the same of F_OFD_*, F_SETLEASE, F_GETLEASE, F_NOTIFY
LOCKS = (5, 6, 7, 36, 37, 38, 1024, 1025, 1026)

# from linux/filter.h, linux/seccomp.h and linux/prctl.h
LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
NUMBER, ARCHITECTURE, FIRST_ARGUMENT, SECOND_ARGUMENT = 0, 4, 16, 24  # where they are in struct seccomp_data
ALLOW, ERROR = 0x7FFF0000, 0x00050000
PR_SET_SECCOMP, SECCOMP_MODE_FILTER, PR_SET_NO_NEW_PRIVS = 22, 2, 38


def filter_program(calls):
    """The filter as the kernel's small machine wants it: a list of (code, where to go if true, if false, value)."""
    steps = [(LOAD, 0, 0, ARCHITECTURE), (EQUAL, 1, 0, calls["architecture"]), (RETURN, 0, 0, ERROR | errno.ENOSYS)]
    steps += [(LOAD, 0, 0, NUMBER), (AT_LEAST, 0, 1, X32), (RETURN, 0, 0, ERROR | errno.ENOSYS)]
    for name, number in calls.items():
        if name not in ("architecture", "socket", "fcntl"):
            steps += [(EQUAL, 0, 1, number), (RETURN, 0, 0, ERROR | errno.EPERM)]
    locks = [step for lock in LOCKS for step in ((EQUAL, 0, 1, lock), (RETURN, 0, 0, ERROR | errno.EPERM))]
    steps += [(EQUAL, 0, len(locks) + 2, calls["fcntl"]), (LOAD, 0, 0, SECOND_ARGUMENT), *locks, (RETURN, 0, 0, ALLOW)]
    steps += [(EQUAL, 1, 0, calls["socket"]), (RETURN, 0, 0, ALLOW), (LOAD, 0, 0, FIRST_ARGUMENT)]
    for family in FAMILIES:
        steps += [(EQUAL, 0, 1, family), (RETURN, 0, 0, ALLOW)]
    return [*steps, (RETURN, 0, 0, ERROR | errno.EAFNOSUPPORT)]


def restrict_system_calls():
    """From now on, for this process and all that it starts, for good.

    Raises:
        OSError: if the kernel cannot do that, or this kind of machine is not known here.
    """
    machine = os.uname().machine
    if machine not in CALLS or sys.maxsize < 2**32:
        raise OSError(errno.ENOSYS, f"no list of system calls for {machine}")
    steps = filter_program(CALLS[machine])
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    head = ctypes.create_string_buffer(struct.pack("H6xQ", len(steps), ctypes.addressof(code)))
    libc_call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc_call("prctl", PR_SET_SECCOMP, SECCOMP_MODE_FILTER, head, 0, 0)
