"""The system calls that no notebook needs: from here on the kernel refuses them to this process and all that it starts.

The list is flatpak's and Docker's, and in addition what no limit of ours counts: memory in nameless files, System V
segments, semaphores and message queues. Sockets are local ones only, so not even a loopback device can be used. What is
newer than the list is refused as unknown, and the C library then does without it.
"""

import ctypes
import errno
import os
import struct
import sys
from collections.abc import Mapping

from .confining import libc_call

# name, number on x86_64, number on aarch64 ("-" where there is none): from asm/unistd_64.h and asm-generic/unistd.h
REFUSED = """
    add_key 248 217             request_key 249 218         keyctl 250 219
    memfd_create 319 279        memfd_secret 447 447        shmget 29 194
    semget 64 190               msgget 68 186               mq_open 240 180
    ptrace 101 117              process_vm_readv 310 270    process_vm_writev 311 271
    pidfd_getfd 438 438         kcmp 312 272                process_madvise 440 440
    perf_event_open 298 241     bpf 321 280                 userfaultfd 323 282
    io_uring_setup 425 425      io_uring_enter 426 426      io_uring_register 427 427
    io_setup 206 0              fanotify_init 300 262       quotactl 179 60
    unshare 272 97              setns 308 268               pivot_root 155 41
    mount 165 40                umount2 166 39              chroot 161 51
    open_tree 428 428           move_mount 429 429          mount_setattr 442 442
    fsopen 430 430              fsconfig 431 431            fsmount 432 432
    fspick 433 433              quotactl_fd 443 443         swapon 167 224
    swapoff 168 225             reboot 169 142              acct 163 89
    sethostname 170 161         setdomainname 171 162       settimeofday 164 170
    adjtimex 159 171            clock_settime 227 112       clock_adjtime 305 266
    init_module 175 105         finit_module 313 273        delete_module 176 106
    kexec_load 246 104          kexec_file_load 320 294     syslog 103 116
    personality 135 92          name_to_handle_at 303 264   open_by_handle_at 304 265
    lookup_dcookie 212 18       nfsservctl 180 42           vhangup 153 58
    mbind 237 235               get_mempolicy 239 236       set_mempolicy 238 237
    migrate_pages 256 238       move_pages 279 239          set_mempolicy_home_node 450 450
    iopl 172 -                  ioperm 173 -                modify_ldt 154 -
    uselib 134 -                ustat 136 -                 sysfs 139 -
    create_module 174 -         get_kernel_syms 177 -       query_module 178 -
    _sysctl 156 -               vserver 236 -               afs_syscall 183 -
"""
NEWER = 451  # the first number after those of which the list has been made
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # from linux/audit.h
SOCKET = {"x86_64": 41, "aarch64": 198}
AF_UNIX = 1

# from linux/filter.h, linux/seccomp.h and linux/prctl.h
LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # where they are in struct seccomp_data
ALLOW, ERROR = 0x7FFF0000, 0x00050000
PR_SET_SECCOMP, SECCOMP_MODE_FILTER, PR_SET_NO_NEW_PRIVS = 22, 2, 38
Step = tuple[int, int, int, int]  # code, how many steps to skip if true, if false, value


def refused_calls(machine: str) -> dict[str, int]:
    """The number of each refused system call, by name."""
    words = REFUSED.split()
    column = 1 + list(ARCHITECTURES).index(machine)
    return {words[n]: int(words[n + column]) for n in range(0, len(words), 3) if words[n + column] != "-"}


def filter_program(machine: str, refused: Mapping[str, int]) -> list[Step]:
    """The filter, as steps of the kernel's small machine."""
    unknown = (RETURN, 0, 0, ERROR | errno.ENOSYS)  # also what a 32-bit program or x86_64's second set of calls gets
    steps = [(LOAD, 0, 0, ARCHITECTURE), (EQUAL, 1, 0, ARCHITECTURES[machine]), unknown]
    steps += [(LOAD, 0, 0, NUMBER), (AT_LEAST, 0, 1, NEWER), unknown]
    for number in refused.values():
        steps += [(EQUAL, 0, 1, number), (RETURN, 0, 0, ERROR | errno.EPERM)]
    steps += [(EQUAL, 1, 0, SOCKET[machine]), (RETURN, 0, 0, ALLOW), (LOAD, 0, 0, FIRST_ARGUMENT)]
    return [*steps, (EQUAL, 0, 1, AF_UNIX), (RETURN, 0, 0, ALLOW), (RETURN, 0, 0, ERROR | errno.EAFNOSUPPORT)]


def restrict_system_calls(refused: Mapping[str, int] | None = None) -> None:
    """Refuse them from now on, to this process and all that it starts, for good.

    Args:
        refused: the number of each call, by name; by default ``refused_calls``.

    Raises:
        OSError: if the kernel cannot do that, or this kind of machine is not known here.
    """
    machine = os.uname().machine
    if machine not in ARCHITECTURES or sys.maxsize < 2**32:
        raise OSError(errno.ENOSYS, f"no list of system calls for {machine}")
    steps = filter_program(machine, refused_calls(machine) if refused is None else refused)
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    head = ctypes.create_string_buffer(struct.pack("H6xQ", len(steps), ctypes.addressof(code)))
    libc_call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc_call("prctl", PR_SET_SECCOMP, SECCOMP_MODE_FILTER, head, 0, 0)
