"""Using up what all share: processes, threads, memory, disk, output, stack, descriptors, inodes. Each ends by itself."""

from tests.attacks.attack import Attack

ATTACKS = (
    Attack(
        "fork_bomb",
        "forks and goes on forking in the children, a hundred processes at most",
        "nothing",
        says="processes",
        cell="import os, time\nfor _ in range(100):\n    if os.fork() == 0:\n        time.sleep(20)\n        os._exit(0)\ntime.sleep(20)",
    ),
    Attack(
        "fork_bomb_while_asked",
        "forks when it is asked, and answers in every child",
        "nothing",
        says="your code",
        where="rnn_step",
        solution="import os, time\ndef rnn_step(a, *others):\n    for _ in range(100):\n        if os.fork() == 0:\n            time.sleep(20)\n            os._exit(0)\n    time.sleep(20)",
    ),
    Attack(
        "fork_bomb_in_a_hurry",
        "forks, and forks in every child, nine times over: five hundred processes if nothing stops it",
        "nothing",
        says="your code",
        cell="import os, time\nfor _ in range(9):\n    os.fork()\ntime.sleep(20)",
    ),
    Attack(
        "fork_bomb_that_runs_away",
        "forks, and ends itself while its child goes on, three thousand times",
        "nothing",
        says="ended the process",
        cell="import os\nfor _ in range(3000):\n    if os.fork():\n        os._exit(0)",
    ),
    Attack(
        "threads",
        "starts eight hundred threads with small stacks",
        "nothing",
        says="threads",
        cell="import threading, time\nthreading.stack_size(65536)\nfor _ in range(800):\n    threading.Thread(target=time.sleep, args=(8,), daemon=True).start()\ntime.sleep(3)",
    ),
    Attack(
        "memory",
        "takes memory until there is none, three gigabytes at most, and keeps all but a little of it",
        "all",
        cell="kept = []\ntry:\n    for _ in range(96):\n        kept.append(bytearray(2**25))\nexcept MemoryError:\n    del kept[-8:]\nassert len(kept) < 48",
    ),
    Attack(
        "memory_of_many_processes",
        "takes half a gigabyte in each of four processes",
        "nothing",
        says="of memory",
        cell="import os, time\nfor _ in range(4):\n    if os.fork() == 0:\n        kept = b'x' * 5 * 10**8\n        time.sleep(20)\n        os._exit(0)\ntime.sleep(20)",
    ),
    Attack(
        "memory_that_is_shared",
        "takes three gigabytes of memory that could be shared, which a limit of the kernel's does not count",
        "nothing",
        says="of memory",
        cell="import mmap, time\nkept = []\nfor _ in range(12):\n    kept.append(mmap.mmap(-1, 2**28))\n    for place in range(0, 2**28, 4096):\n        kept[-1][place] = 1\ntime.sleep(20)",
    ),
    Attack(
        "memory_in_nameless_files",
        "keeps memory in files without a name and in shared segments, which no process is billed for",
        "all",
        cell="import ctypes, os\nkept = []\ntry:\n    for _ in range(64):\n        kept.append(os.memfd_create('x'))\n        os.write(kept[-1], bytes(2**23))\nexcept OSError as error:\n    print(error.strerror)\n"
        "libc = ctypes.CDLL(None)\nkept.append(libc.shmget(0, 2**28, 0o1600))\nprint('refused' if kept == [-1] else got)",
    ),
    Attack(
        "memory_in_semaphores_and_queues",
        "keeps memory in semaphores and message queues, which no process is billed for: ten megabytes at most",
        "all",
        cell="import ctypes, os\nlibc, rt = ctypes.CDLL(None), ctypes.CDLL('librt.so.1')\nkept = [libc.semget(0, 32000, 0o1600) for _ in range(5)]\n"
        "kept += [libc.msgget(0, 0o1600), rt.mq_open(b'/<token>', os.O_CREAT | os.O_RDWR, 0o600, None)]\nprint('refused' if set(kept) == {-1} else got)",
    ),
    Attack(
        "memory_in_a_network_of_its_own",
        "keeps memory in the buffers of sockets that are connected over its own loopback device",
        "all",
        cell="import socket\ntry:\n    place = socket.create_server(('127.0.0.1', 0))\n    print(got, socket.create_connection(place.getsockname(), 1).send(bytes(2**20)))\n"
        "except OSError as error:\n    print(error.strerror)",
    ),
    Attack(
        "tables_of_memory",
        "takes addresses for two terabytes, and touches them here and there, so that the kernel's tables of them grow",
        "all",
        cell="import mmap\ntry:\n    block = mmap.mmap(-1, 2**41, prot=mmap.PROT_READ)\n    for place in range(0, 2**36, 2**21):\n        block[place]\n    print(got, 'addresses')\nexcept OSError as error:\n    print(error.strerror)",
    ),
    Attack(
        "disk",
        "fills every folder that it can write, half a gigabyte each at most",
        "all",
        cell="import os\nfor folder in ('/student', '/tmp', '/dev/shm', '/dev', '/var/tmp', '/run'):\n    written = 0\n    try:\n        for n in range(64):\n            with open(f'{folder}/flood{n}', 'wb') as file:\n                written += file.write(bytes(2**23))\n"
        "    except OSError as error:\n        print(folder, written, error.strerror)\n    assert written <= 2**26\n    for n in range(64):\n        if os.path.exists(f'{folder}/flood{n}'):\n            os.unlink(f'{folder}/flood{n}')",
    ),
    Attack(
        "one_large_file",
        "makes one file of a terabyte, with holes, and one of a hundred megabytes without",
        "all",
        cell="for size in (2**40, 10**8):\n    try:\n        with open('large', 'wb') as file:\n            file.truncate(size)\n            file.write(bytes(10**8))\n        print(got, size)\n    except OSError as error:\n        print(error.strerror)",
    ),
    Attack(
        "inodes",
        "makes forty thousand empty files",
        "all",
        cell="import os\nmade = 0\ntry:\n    for made in range(40_000):\n        os.close(os.open(f'/tmp/{made}', os.O_CREAT))\nexcept OSError as error:\n    print(made, error.strerror)",
    ),
    Attack(
        "folders_in_folders_without_end",
        "makes two thousand folders, one in the other, deeper than any path can say",
        "all",
        cell="import os\nos.makedirs('/tmp/deep')\nos.chdir('/tmp/deep')\nfor _ in range(2000):\n    os.mkdir('d' * 200)\n    os.chdir('d' * 200)\nos.chdir('/student')",
    ),
    Attack(
        "descriptors",
        "opens five thousand descriptors and keeps them",
        "all",
        cell="import os\nkept = []\ntry:\n    for _ in range(5000):\n        kept.append(os.open('/dev/null', os.O_RDONLY))\nexcept OSError as error:\n    print(len(kept), error.strerror)\nassert len(kept) < 1024\nfor n in kept:\n    os.close(n)",
    ),
    Attack(
        "pipes",
        "fills the buffers of two hundred pipes and sockets",
        "all",
        cell="import os, socket\nkept = []\ntry:\n    for _ in range(200):\n        ends = socket.socketpair() if len(kept) % 2 else tuple(os.fdopen(n, 'wb', 0) for n in os.pipe()[1:])\n        kept.append(ends)\n"
        "        for end in ends[:1]:\n            os.set_blocking(end.fileno(), False)\n            os.write(end.fileno(), bytes(2**16))\nexcept OSError as error:\n    print(len(kept), error.strerror)\ndel kept, ends, end",
    ),
    Attack(
        "output",
        "prints thirty megabytes, shows a thousand objects, writes to both streams",
        "all",
        cell="import sys\nfrom IPython.display import display\nfor n in range(30):\n    print('x' * 2**20, file=(sys.stdout, sys.stderr)[n % 2])\nfor _ in range(1000):\n    display({'text/plain': 'y' * 1000}, raw=True)",
    ),
    Attack(
        "pictures",
        "shows a hundred pictures, and one of twenty megabytes",
        "all",
        cell="from IPython.display import display\nfor size in [10**6] * 100 + [2 * 10**7]:\n    display({'image/png': b'\\x89PNG' + bytes(size)}, raw=True)",
    ),
    Attack(
        "output_around_the_stream",
        "writes to the descriptors of standard output, from Python and from a program",
        "all",
        cell="import os, subprocess\nfor n in (0, 1, 2):\n    for _ in range(20):\n        try:\n            os.write(n, bytes(2**20))\n        except OSError:\n            pass\nsubprocess.run(['head', '-c', '20000000', '/dev/zero'])",
    ),
    Attack(
        "recursion",
        "recurses without end in Python, in repr, in a comparison and in the parser",
        "all",
        cell="import sys\ndef again(n):\n    return again(n + 1)\nnested = []\nfor _ in range(10**5):\n    nested = [nested]\nother = []\nfor _ in range(10**5):\n    other = [other]\n"
        "for act in (lambda: again(0), lambda: repr(nested), lambda: nested == other, lambda: eval('(' * 5000 + ')' * 5000), lambda: eval('-' * 10**5 + '1')):\n"
        "    try:\n        act()\n    except (RecursionError, MemoryError, SyntaxError) as error:\n        print(type(error).__name__)",
    ),
    Attack(
        "recursion_without_a_guard",
        "recurses without end after taking the interpreter's guard away",
        "nothing",
        says="ended the process",
        cell="import sys, threading\nsys.setrecursionlimit(10**9)\ndef again(n):\n    return [0, 1][len(str(sorted([n], key=lambda m: again(m + 1))))]\nagain(0)",
    ),
    Attack(
        "busy_processes",
        "keeps fifty processes busy, each in a session of its own, for as long as it may",
        "nothing",
        says="processes",
        cell="import os, time\nfor _ in range(50):\n    if not os.fork():\n        os.setsid()\n        while True:\n            pass\ntime.sleep(20)",
    ),
    Attack(
        "as_many_busy_processes_as_it_may",
        "keeps five processes busy, each in a session of its own, for five seconds",
        "all",
        cell="import os, time\nuntil = time.monotonic() + 5\nchildren = []\nfor _ in range(5):\n    child = os.fork()\n    if not child:\n        os.setsid()\n        while time.monotonic() < until:\n            pass\n        os._exit(0)\n    children.append(child)\nfor child in children:\n    os.waitpid(child, 0)",
    ),
)
