"""Out of the folder: links, mounts, namespaces, rights, devices."""

from tests.attacks.attack import Attack
from tests.attacks.reading import EVERYWHERE, SHOW
from tests.attacks.tampering import ALONE, LIBC

TRIED = "def tried(what, act):\n    try:\n        print(got, what, act())\n    except Exception as error:\n        print(what, type(error).__name__)\n"
OUTSIDE = ("/usr", "/etc", "/", "/sandbox", "/sandbox/course", "/dev", "/dev/pts", "/proc", "/sys", "/var", "/root")

ATTACKS = (
    Attack(
        "writes_outside_its_folders",
        "creates a file in every folder that is not its own",
        "all",
        cell=f"import os, sys\nfor folder in {OUTSIDE!r} + ('<root>', sys.prefix, sys.base_prefix, '../' * 9 + 'tmp/..', '<root>/submitted'):\n"
        "    try:\n        path = os.path.join(folder, '<token>')\n        open(path, 'x').close()\n        os.unlink(path)\n        print(got, folder)\n    except OSError:\n        pass",
    ),
    Attack(
        "links_to_what_is_hidden",
        "reads and writes through symbolic and hard links to the course's files",
        "all",
        cell=SHOW
        + "for n, target in enumerate(('<root>/canary.txt', '<root>', '/etc/passwd', '/proc/1/root', '/proc/self/fd/3', '/usr/bin/env', '../' * 12 + '<root>'.lstrip('/'))):\n"
        + "    for link in (os.symlink, os.link):\n        name = f'link{n}{link.__name__}'\n        try:\n            link(target, name)\n            show(name, open(name, 'rb').read())\n            open(name, 'a').close()\n            print(got, target)\n        except OSError:\n            pass",
    ),
    Attack(
        "mounts_and_unmounts",
        "mounts the disk, binds folders over others, and removes what hides the course",
        "all",
        cell=ALONE
        + LIBC
        + "for source, target, kind, flags in ((b'/', b'/tmp', None, 4096), (b'proc', b'/tmp', b'proc', 0), (b'tmpfs', b'/usr', b'tmpfs', 0), (b'overlay', b'/tmp', b'overlay', 0), (None, b'/', None, 32 | 4096)):\n"
        + "    told(source, libc.mount(source, target, kind, flags, None))\n"
        + "for target in (b'/proc', b'/tmp', b'/student', b'/dev/shm', b'/sandbox/course', b'/', b'<root>'):\n    told(target, libc.umount2(target, 2))\n"
        + "told('fsopen', libc.syscall(430, b'tmpfs', 0))\ntold('open_tree', libc.syscall(428, -100, b'/', 1))",
    ),
    Attack(
        "makes_namespaces",
        "makes user namespaces, in which it would be root, in every way there is",
        "all",
        cell=LIBC
        + "import glob, subprocess, sys\nfor flag in (0x10000000, 0x20000, 0x40000000, 0x20000000, 0x8000000, 0x4000000, 0x2000000, 0x80):\n    told(hex(flag), libc.unshare(flag))\n"
        + "for how in (['-Ur'], ['-Urm'], ['-n'], ['-p', '-f']):\n    told(how, -subprocess.run(['unshare', *how, 'true'], capture_output=True).returncode)\n"
        + "for path in glob.glob('/usr/bin/bwrap') + glob.glob(sys.prefix + '/lib/*/site-packages/*bubblewrap*/_bin/bwrap'):\n    told(path, -subprocess.run([path, '--unshare-all', '--ro-bind', '/', '/', 'true'], capture_output=True).returncode)",
    ),
    Attack(
        "enters_namespaces",
        "enters the namespaces of the processes above it",
        "all",
        cell=LIBC
        + "import glob\nfor path in glob.glob('/proc/*/ns/*'):\n    try:\n        told(path, libc.setns(os.open(path, os.O_RDONLY), 0))\n    except OSError:\n        pass\n"
        + "for pid in (1, os.getppid()):\n    try:\n        told(pid, libc.setns(os.pidfd_open(pid), 0x20000 | 0x10000000))\n    except OSError as error:\n        print(error.strerror)",
    ),
    Attack(
        "changes_its_root",
        "leaves by chroot, pivot_root and a descriptor of the folder above",
        "all",
        cell=ALONE
        + LIBC
        + SHOW
        + "os.makedirs('/tmp/jail', exist_ok=True)\ntold('chroot', libc.chroot(b'/tmp/jail'))\ntold('pivot', libc.syscall(155, b'/tmp', b'/tmp/jail'))\n"
        + "up = os.open('/', os.O_RDONLY)\nfor _ in range(20):\n    os.fchdir(up)\n    os.chdir('..')\nprint(os.listdir('.'))\n"
        + "try:\n    show('up', open('..' + '<root>/canary.txt', 'rb').read())\nexcept OSError as error:\n    print(error.strerror)\nos.chdir('/student')",
    ),
    Attack(
        "takes_rights",
        "becomes root by setuid, by capabilities, by programs that run as their owner, by modes of files",
        "all",
        cell=LIBC
        + TRIED
        + "import stat, struct, subprocess\nfor act in (lambda: os.setuid(0), lambda: os.setresuid(0, 0, 0), lambda: os.setgroups([0]), lambda: os.chown('/student', 0, 0)):\n    tried('root', act)\n"
        + "told('capset', libc.capset(struct.pack('Ii', 0x20080522, 0), struct.pack('6I', *[2**32 - 1] * 6)))\n"
        + "for line in (['su', '-c', 'id'], ['sudo', '-n', 'id'], ['pkexec', 'id'], ['passwd']):\n"
        + "    tried(line[0], lambda: subprocess.run(line, capture_output=True, stdin=subprocess.DEVNULL, timeout=3).check_returncode())\n"
        + "open('mine', 'w').close()\nos.chmod('mine', 0o6777)\nprint(os.getuid(), os.geteuid())\nassert libc.prctl(3) >= 0",
    ),
    Attack(
        "changes_modes",
        "sets the modes, owners, times and attributes of folders that are not its own, and locks its own",
        "all",
        cell=TRIED
        + f"import fcntl, os, sys\nfor path in {OUTSIDE!r} + ('<root>', sys.prefix, os.__file__, '/dev/null', '/student/../usr'):\n"
        + "    tried(path, lambda: os.chmod(path, os.stat(path).st_mode & 0o7777))\n    tried(path, lambda: os.chown(path, os.stat(path).st_uid, os.stat(path).st_gid))\n"
        + "    tried(path, lambda: os.utime(path, ns=(os.stat(path).st_atime_ns, os.stat(path).st_mtime_ns)))\n    tried(path, lambda: os.setxattr(path, 'user.mine', b''))\n"
        + "    tried(path, lambda: fcntl.ioctl(os.open(path, os.O_RDONLY), 0x40086602, fcntl.ioctl(os.open(path, os.O_RDONLY), 0x80086601, bytes(8))))\n"
        + "os.umask(0)\nos.makedirs('locked/inner')\nopen('locked/inner/file', 'w').close()\nos.chmod('locked/inner', 0)\nos.chmod('locked', 0)\nfor folder in ('/tmp', '/dev/shm', '/student'):\n    os.chmod(folder, 0)",
    ),
    Attack(
        "makes_devices",
        "makes device files of the disk and of memory, and opens those that there are",
        "all",
        cell=TRIED
        + "import os, stat\nfor kind, major, minor in ((stat.S_IFBLK, 8, 0), (stat.S_IFBLK, 254, 0), (stat.S_IFCHR, 1, 1), (stat.S_IFCHR, 5, 1)):\n"
        + "    tried('make', lambda: os.mknod(f'device{major}{minor}', kind | 0o666, os.makedev(major, minor)))\n"
        + "for name in ('mem', 'kmem', 'sda', 'vda', 'kvm', 'fuse', 'kmsg', 'loop-control', 'net/tun', 'vsock', 'vhost-vsock', 'uinput'):\n"
        + "    tried(name, lambda: os.close(os.open('/dev/' + name, os.O_RDWR)))",
    ),
    Attack(
        "opens_files_by_handle",
        "opens files by their number on the disk instead of a path",
        "all",
        cell=LIBC
        + "import struct\nmount = os.open('/usr', os.O_RDONLY)\nfor inode in (1, 2, 128, 256):\n    handle = struct.pack('IiII', 8, 1, inode, 0)\n    told(inode, libc.open_by_handle_at(mount, handle, 0))",
    ),
    Attack(
        "calls_the_kernel_in_odd_ways",
        "uses bpf, io_uring, userfaultfd, perf events, 32-bit calls and kernel modules",
        "all",
        cell=LIBC
        + "room = ctypes.create_string_buffer(256)\nfor n in (321, 323, 298, 246, 175, 313):\n    told(n, libc.syscall(n, 0, room, 128, 0, 0))\ntold('io_uring', libc.syscall(425, 8, room))\n"
        + "for n in (39, 102, 520):\n    told('x32', libc.syscall(0x40000000 + n, 0, room, 0))",
    ),
    Attack(
        "searches_again_after_all_that",
        "after unsharing, unmounting and changing folder, reads all files again",
        "first",
        solved="first",
        cell=SHOW
        + EVERYWHERE
        + ALONE
        + LIBC
        + "libc.unshare(0x10000000 | 0x20000)\nlibc.umount2(b'/proc', 2)\nos.chdir('/')\nfor path in files('/', '<root>'):\n    show(path, read(path))",
    ),
)
