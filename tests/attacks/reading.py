"""Learning what is hidden: from disk, memory, processes, environment, descriptors, and from other submissions.

Each prints what it has found, and uses what it can. What must not be found are canaries, which ``course.py`` hides in
the grader's environment, beside the submissions, in the course's folder and in other students' work; the secret; the
questions; and lines of our own side.
"""

from tests.attacks.attack import RIGHT, TARGET, Attack
from tests.attacks.tampering import LIBC

SHOW = """
import os, re, sys
needle = re.compile(rb"CAN" + rb"ARY-[\\w-]+|\\b[0-9a-f]{64}\\b")
shown = set()
def show(what, content):
    content = content if isinstance(content, bytes) else str(content).encode(errors="replace")
    for found in set(needle.findall(content)) - shown:
        shown.add(found)
        print(what, found.decode())
"""
FOLDERS = ("/tmp", "/student", "/dev/shm", "/var/tmp", "/run")
EVERYWHERE = f"""
def files(*tops):
    for top in tops:
        for folder, _, names in os.walk(top):
            if not folder.startswith(("/usr/", "/sys/", "/proc/", "/etc/alternatives", sys.prefix, sys.base_prefix)):
                yield from (os.path.join(folder, name) for name in names)
def read(path):
    try:
        if os.path.isfile(path) and os.path.getsize(path) < 2**22:
            with open(path, "rb") as file:
                return file.read()
    except OSError:
        pass
    return b""
FOLDERS = {FOLDERS!r}
"""
RECORDED = RIGHT[TARGET].replace(
    "def rnn_forward(x, h0, W, U, b):\n", "def rnn_forward(x, h0, W, U, b):\n    record(x)\n", 1
)

ATTACKS = (
    Attack(
        "walks_the_disk",
        "reads every file on the disk that it can open",
        "first",
        solved="first",
        cell=SHOW + EVERYWHERE + "for path in files('/'):\n    show(path, read(path))\nprint(os.listdir('/'))",
    ),
    Attack(
        "knows_the_way_to_the_course",
        "opens the secret, the gradebook, the sources and the others' work by their paths",
        "first",
        solved="first",
        cell=SHOW
        + EVERYWHERE
        + "for path in files('<root>'):\n    print(path)\n    show(path, read(path))\n"
        + "for name in ('.autograder/secret', 'gradebook.db', 'nbgrader_config.py', 'canary.txt', '../canary.txt',\n"
        + "             'submitted/neighbour_1/01-rnn/rnn.ipynb', 'submitted/walks_the_disk/01-rnn/canary.txt'):\n"
        + "    show(name, read('<root>/' + name))\n    show(name, read('/proc/1/root<root>/' + name))",
    ),
    Attack(
        "reads_the_process_list",
        "reads the environment, the command line, the mounts and the files of every process",
        "first",
        solved="first",
        cell=SHOW
        + "import glob\nfor path in glob.glob('/proc/*/*') + glob.glob('/proc/*/task/*/*'):\n"
        + "    try:\n        if path.split('/')[-1] in ('environ', 'cmdline', 'mountinfo', 'stack', 'syscall', 'status', 'cgroup'):\n"
        + "            show(path, open(path, 'rb').read())\n    except OSError:\n        pass\n"
        + "for path in [path for name in ('fd/*', 'cwd', 'root/*') for path in glob.glob('/proc/*/' + name)]:\n"
        + "    try:\n        target = os.readlink(path) if os.path.islink(path) else path\n        show(path, target)\n"
        + "        if os.path.isfile(path):\n            show(path, open(path, 'rb').read())\n    except OSError:\n        pass",
    ),
    Attack(
        "searches_its_own_memory",
        "searches all Python objects, and its memory byte by byte, for what the grader may have left in it",
        "first",
        solved="first",
        cell=SHOW
        + "import gc\nfor item in gc.get_objects():\n    try:\n        if isinstance(item, dict):\n"
        + "            for value in list(item.values()):\n                if isinstance(value, (str, bytes)):\n                    show('object', value)\n"
        + "    except Exception:\n        pass\n"
        + "try:\n    memory = open('/proc/self/mem', 'rb', 0)\n    for line in open('/proc/self/maps'):\n"
        + "        if ' rw' in line and 'vvar' not in line:\n            low, high = (int(n, 16) for n in line.split()[0].split('-'))\n"
        + "            memory.seek(low)\n            show('memory', memory.read(min(high - low, 2**24)))\nexcept OSError as error:\n    print(error.strerror)",
    ),
    Attack(
        "searches_its_memory_by_address",
        "searches the memory around every object, without any list of what is mapped: the kernel says where there is none",
        "first",
        solved="first",
        cell=SHOW
        + "import ctypes, gc\nlibc, size = ctypes.CDLL(None), 2**18\ntarget = os.open('/tmp/page', os.O_RDWR | os.O_CREAT)\n"
        + "places = {id(item) // size for item in gc.get_objects()} | {id(item) // size for item in map(type, gc.get_objects())}\nread = 0\n"
        + "for place in sorted({near for place in places for near in (place - 1, place, place + 1)}):\n    for step in range(0, size, 4096):\n"
        + "        if libc.pwrite(target, ctypes.c_void_p(place * size + step), 4096, ctypes.c_long(step)) < 0:\n            os.pwrite(target, bytes(4096), step)\n        else:\n            read += 1\n"
        + "    show(place, os.pread(target, size, 0))\nassert read > 1000\nos.unlink('/tmp/page')",
    ),
    Attack(
        "reads_the_memory_of_its_parents",
        "reads the memory of the processes above it, by /proc, ptrace and process_vm_readv",
        "first",
        solved="first",
        cell=SHOW
        + LIBC
        + "room = ctypes.create_string_buffer(4096)\n"
        + "vector = (ctypes.c_size_t * 2)(ctypes.addressof(room), 4096)\n"
        + "for pid in (1, os.getppid()):\n    try:\n        show('mem', open(f'/proc/{pid}/mem', 'rb').read(10))\n    except OSError as error:\n        print(error.strerror)\n"
        + "    told('ptrace', libc.ptrace(16, pid, 0, 0))\n    told('vm', libc.process_vm_readv(pid, vector, 1, vector, 1, 0))\n    show('vm', room.raw)",
    ),
    Attack(
        "prints_its_environment",
        "prints the environment as Python, the C library and a child see it",
        "first",
        solved="first",
        cell=SHOW
        + "import ctypes, subprocess\nshow('python', dict(os.environ))\nshow('env', subprocess.run(['env'], capture_output=True).stdout)\n"
        + "block = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), 'environ')\nn = 0\n"
        + "while block[n]:\n    show('C', block[n])\n    n += 1\nprint(sys.argv, sys.orig_argv)",
    ),
    Attack(
        "reads_every_descriptor",
        "reads, and asks the peers of, all open descriptors",
        "first",
        solved="first",
        cell=SHOW
        + "import socket, stat\nfor n in range(1024):\n    try:\n        kind = os.fstat(n).st_mode\n    except OSError:\n        continue\n"
        + "    print(n, oct(kind))\n    try:\n        if stat.S_ISREG(kind):\n            show(n, os.pread(n, 2**20, 0))\n"
        + "        elif stat.S_ISSOCK(kind):\n            peer = socket.socket(fileno=os.dup(n))\n            print(n, peer.family, peer.getpeername())\n            show(n, peer.recv(2**16, socket.MSG_PEEK | socket.MSG_DONTWAIT))\n"
        + "    except OSError as error:\n        print(n, error.strerror)",
    ),
    Attack(
        "imports_the_references",
        "imports the instructor's side, by name and from where an editable install points",
        "first",
        solved="first",
        cell=SHOW
        + EVERYWHERE
        + "import glob, importlib, site\nfor folder in site.getsitepackages():\n    for path in glob.glob(folder + '/*.pth') + glob.glob(folder + '/__editable__*.py'):\n"
        + "        for place in re.findall(r'/[\\w./-]+', read(path).decode()):\n            sys.path.append(place)\n            sys.path.append(os.path.dirname(place))\n"
        + "for name in ('autograder', 'autograder.reference.rnn', 'autograder.exercises.rnn_step', 'tests.attacks'):\n"
        + "    try:\n        module = importlib.import_module(name)\n        print(got, name, module.__file__)\n        globals().update(vars(module))\n"
        + "    except ImportError as error:\n        print('closed', name)",
    ),
    Attack(
        "passes_the_questions_on",
        "keeps every question it is asked: prints it, writes it to every folder, to shared memory and to a keyring",
        "all",
        solution=EVERYWHERE.replace("def files", "import ctypes, os, sys\ndef files")
        + "def record(a):\n    print('QUESTION', repr(a))\n    for folder in FOLDERS:\n        try:\n"
        + "            with open(folder + '/questions-<token>', 'a') as file:\n                file.write(repr(a) + '\\n')\n        except OSError:\n            pass\n"
        + "    libc, text = ctypes.CDLL(None), repr(a).encode()\n    for ring in (-3, -4, -5):\n        libc.syscall(248, b'user', b'questions', text, len(text), ring)\n"
        + "    segment = libc.shmget(0x51, 4096, 0o1666)\n"
        + RECORDED,
    ),
    Attack(
        "reads_what_others_left",
        "reads all that an earlier submission, or one beside it, may have left: files, segments, keyrings, sockets",
        "first",
        solved="first",
        cell=SHOW
        + EVERYWHERE
        + "import ctypes, socket\nfor path in files(*FOLDERS):\n    if '/.' not in path:\n        print(path)\n        print(read(path)[:3000])\n"
        + "libc, room = ctypes.CDLL(None), ctypes.create_string_buffer(2000)\nfor ring in (-3, -4, -5):\n"
        + "    key = libc.syscall(250, 10, ring, b'user', b'questions', 0)\n    if key > 0 and libc.syscall(250, 11, key, room, 2000) > 0:\n        print(got, room.value)\n"
        + "print('segment' if libc.shmget(0x51, 4096, 0o666) < 0 else got)\n"
        + "meeting = socket.socket(socket.AF_UNIX)\ntry:\n    meeting.connect('\\0meeting-<token>')\n    print(got, meeting.recv(1000))\nexcept OSError as error:\n    print(error.strerror)",
    ),
    Attack(
        "waits_for_others_at_a_socket",
        "offers its notes at an abstract socket and a port to whoever is graded beside it",
        "all",
        cell="import os, socket, threading\ndef offer(place):\n    while True:\n        place.accept()[0].send(b'CAN' + b'ARY-from-another-submission')\n"
        + "for family, address in ((socket.AF_UNIX, '\\0meeting-<token>'), (socket.AF_INET, ('127.0.0.1', 47113))):\n"
        + "    place = socket.socket(family)\n    place.bind(address)\n    place.listen()\n    threading.Thread(target=offer, args=(place,), daemon=True).start()",
    ),
    Attack(
        "asks_for_the_others_at_a_port",
        "connects to the port at which another submission may offer its notes",
        "first",
        solved="first",
        cell="import socket\ntry:\n    print(got, socket.create_connection(('127.0.0.1', 47113), 1).recv(1000))\nexcept OSError as error:\n    print(error.strerror)",
    ),
)
