"""Disturbing others: the warm parent, submissions beside it, submissions after it, the machine's own state.

If one of these got through, it would get through on the machine that runs the tests. So they change nothing when they
succeed: they write back what they have read, and kill only in a namespace of their own, which has few processes.
"""

from tests.attacks.attack import Attack

LIBC = "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\ndef told(what, result):\n    print(got if result >= 0 else 'refused:', what)\n"
ALONE = "import os\nassert os.getpid() < 50, 'not in a namespace of its own'\n"

ATTACKS = (
    Attack(
        "kills_its_process_group",
        "kills its process group, which may hold the fork server and all submissions",
        "nothing",
        says="ended the process",
        cell=ALONE + "os.kill(0, 9)",
    ),
    Attack(
        "kills_all_it_can_name",
        "kills every process by its number, and all at once",
        "all",
        cell=ALONE
        + "for pid in range(2, 5000):\n    if pid != os.getpid():\n        try:\n            os.kill(pid, 9)\n        except OSError:\n            pass\ntry:\n    os.kill(-1, 9)\nexcept OSError as error:\n    print(error.strerror)",
    ),
    Attack(
        "interrupts_its_parents",
        "sends every signal to its parent and to process 1, which ends it if they end",
        "nothing",
        says="ended the process",
        cell=ALONE
        + "import time\nfor signal in range(1, 65):\n    for pid in {1, os.getppid()}:\n        if pid > 0:\n            try:\n                os.kill(pid, signal)\n            except OSError:\n                pass\ntime.sleep(0.5)\nos._exit(0)",
    ),
    Attack(
        "slows_the_others_down",
        "gives its group, its user and its parents the lowest priority",
        "all",
        cell=ALONE
        + "for kind in (os.PRIO_PGRP, os.PRIO_USER, os.PRIO_PROCESS):\n    for who in (0, 1, os.getppid()):\n        try:\n            os.setpriority(kind, who, 19)\n        except OSError as error:\n            print(error.strerror)",
    ),
    Attack(
        "stops_itself_and_its_group",
        "stops its whole process group",
        "nothing",
        says="ran on after its time",
        cell=ALONE + "import signal\nos.kill(0, signal.SIGSTOP)",
    ),
    Attack(
        "attaches_to_its_parent",
        "attaches to its parent with ptrace, and takes its descriptors with pidfd_getfd",
        "all",
        cell=LIBC
        + "for pid in {1, os.getppid()}:\n    told('ptrace', libc.ptrace(16, pid, 0, 0))\n    try:\n        handle = os.pidfd_open(pid)\n"
        + "        told('descriptors', max(libc.syscall(438, handle, n, 0) for n in range(8)))\n    except OSError as error:\n        print(error.strerror)",
    ),
    Attack(
        "speaks_to_the_fork_server",
        "asks for a child of its own at every socket that it holds, as the grader asks the fork server",
        "nothing",
        says="your code",
        cell="import os, socket, stat\nfor n in range(1024):\n    try:\n        if stat.S_ISSOCK(os.fstat(n).st_mode):\n            way = socket.socket(fileno=os.dup(n))\n"
        "            mine, theirs = socket.socketpair()\n            socket.send_fds(way, [b'\\1'], [theirs.fileno()])\n            mine.settimeout(1)\n            print(got, mine.recv(16))\n"
        "        else:\n            os.write(n, b'\\1' * 8)\n    except OSError:\n        pass",
    ),
    Attack(
        "keeps_semaphores_and_queues",
        "makes semaphores, queues and segments that outlive their process",
        "all",
        cell=LIBC
        + "import subprocess, sys\nprint(libc.semget(0x51, 4, 0o1666), libc.msgget(0x51, 0o1666), libc.shmget(0x51, 4096, 0o1666))\n"
        + "rt = ctypes.CDLL('librt.so.1')\nprint(rt.mq_open(b'/<token>', os.O_CREAT | os.O_RDWR, 0o666, None))\n"
        + "from multiprocessing import shared_memory, resource_tracker\ntry:\n    kept = shared_memory.SharedMemory('<token>', True, 4096)\n    resource_tracker.unregister(kept._name, 'shared_memory')\nexcept OSError as error:\n    print(error.strerror)\n"
        + "open('/dev/shm/sem.<token>', 'wb').write(bytes(32))",
    ),
    Attack(
        "rewrites_the_course_package",
        "overwrites course, the runner and numpy on disk, for whoever imports them next",
        "all",
        cell="import course, numpy, os, sandbox.guest.runner as inside\nfor module in (course, inside, numpy):\n    path = module.__file__\n    planted = os.path.dirname(path) + '/<token>'\n"
        "    for act in (lambda: os.chmod(path, 0o644), lambda: open(path, 'a').close(), lambda: os.utime(path),\n"
        "                lambda: os.rename(path, path), lambda: os.mkdir(planted), lambda: os.link(path, planted)):\n"
        "        try:\n            act()\n            print(got, path)\n        except OSError as error:\n            print(error.strerror)",
    ),
    Attack(
        "spoils_what_is_imported",
        "breaks shared modules in memory, for whoever is forked next",
        "all",
        cell="import sys, course.checks\nimport numpy.linalg, random, statistics\nfor name in ('course.plots', 'course.training', 'statistics', 'decimal'):\n"
        "    module = sys.modules.get(name)\n    if module:\n        vars(module).clear()\nnumpy.linalg.norm = numpy.linalg.svd = None\nsys.modules['torch.nn.rnn'] = None",
    ),
    Attack(
        "leaves_programs_to_be_run",
        "writes start-up files for Python and IPython into every folder it can",
        "all",
        cell="import os\nfor folder in ('/student', '/tmp', '/dev/shm', os.path.expanduser('~'), '.'):\n"
        "    for name in ('sitecustomize.py', 'usercustomize.py', '.pythonrc', 'numpy/__init__.py', 'course/__init__.py', 'IPython.py',\n"
        "                 '.ipython/profile_default/startup/00.py', '.local/lib/python3.11/site-packages/evil.pth', '.bashrc'):\n"
        "        path = os.path.join(folder, name)\n        try:\n            os.makedirs(os.path.dirname(path), exist_ok=True)\n            open(path, 'w').write('raise SystemExit')\n        except OSError:\n            pass",
    ),
    Attack(
        "finds_programs_to_be_run",
        "imports numpy anew from its own folder, where an earlier submission may have left one",
        "all",
        cell="import os, subprocess, sys\nprint(sorted(os.listdir('/student')), os.listdir('/tmp'), os.listdir('/dev/shm'))\nassert not os.path.exists('/student/numpy')",
    ),
    Attack(
        "leaves_a_daemon",
        "starts programs that leave its session and go on after it",
        "all",
        cell="import os, subprocess, sys\nfor _ in range(3):\n    if os.fork() == 0:\n        os.setsid()\n        if os.fork() == 0:\n"
        "            import signal, time\n            for n in range(1, 32):\n                if n not in (9, 19):\n                    signal.signal(n, signal.SIG_IGN)\n"
        "            os.closerange(0, 1024)\n            time.sleep(300)\n        os._exit(0)\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)', '<token>'], start_new_session=True, env={})\nos.wait()",
    ),
    Attack(
        "types_into_the_terminal",
        "types (spaces) into the instructor's terminal, and asks for another one to control",
        "all",
        cell="import fcntl, os\nfor path in ('/dev/tty', '/dev/console', '/dev/pts/0', '/dev/stdin'):\n    try:\n        terminal = os.open(path, os.O_RDWR)\n"
        "        for letter in b'  ':\n            fcntl.ioctl(terminal, 0x5412, bytes([letter]))\n        print(got, 'it')\n    except OSError as error:\n        print(error.strerror)\n"
        "for n in range(10):\n    try:\n        fcntl.ioctl(n, 0x540E, 0)\n        fcntl.ioctl(n, 0x5412, b' ')\n        print(got, 'it')\n    except OSError:\n        pass",
    ),
    Attack(
        "changes_the_machine",
        "sets the clock, the host's name, the kernel's settings and the limits of others",
        "all",
        cell=LIBC
        + "import resource, socket, time\ndef tried(what, act):\n    try:\n        print(got, what, act())\n    except (OSError, ValueError) as error:\n        print(what, error)\n"
        + "def rewrite(path):\n    with open(path, 'rb', 0) as file:\n        value = file.read()\n    with open(path, 'wb', 0) as file:\n        return file.write(value)\n"
        + "for name in ('kernel/core_pattern', 'kernel/hostname', 'vm/swappiness', 'net/ipv4/ip_forward', 'fs/file-max'):\n    tried(name, lambda: rewrite('/proc/sys/' + name))\n"
        + "for name in ('/proc/1/oom_score_adj', '/proc/irq/default_smp_affinity', '/sys/kernel/uevent_helper', '/sys/kernel/mm/ksm/run'):\n    tried(name, lambda: rewrite(name))\n"
        + "tried('clock', lambda: time.clock_settime(time.CLOCK_REALTIME, time.time()))\ntried('name', lambda: socket.sethostname(socket.gethostname()))\n"
        + "tried('limit', lambda: resource.setrlimit(resource.RLIMIT_DATA, (-1, -1)))\ntold('log', libc.klogctl(10, None, 0))",
    ),
)
