"""Not ending when it is time to, or ending before: signals, exits, crashes, other programs."""

from tests.attacks.attack import RIGHT, TARGET, Attack

ATTACKS = (
    Attack(
        "ignores_the_alarm",
        "ignores the alarm that would interrupt it, and goes on for ever",
        "nothing",
        says="could not be interrupted",
        cell="import signal\nfor n in range(1, 65):\n    try:\n        signal.signal(n, signal.SIG_IGN)\n    except (OSError, ValueError):\n        pass\nwhile True:\n    pass",
    ),
    Attack(
        "catches_the_interrupt",
        "catches every interrupt and goes on",
        "nothing",
        says="could not be interrupted",
        cell="while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass",
    ),
    Attack(
        "blocks_all_signals",
        "blocks every signal, as a program that must not be interrupted would, and goes on",
        "nothing",
        says="could not be interrupted",
        cell="import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\nwhile True:\n    pass",
    ),
    Attack(
        "computes_in_one_step",
        "computes a sum that takes hours in one step, between whose parts nothing can interrupt it",
        "nothing",
        says="could not be interrupted",
        cell="import itertools\nx = sum(itertools.repeat(0, 10**12))",
    ),
    Attack(
        "never_ends_in_one_cell",
        "goes on for ever in a cell, and can be interrupted",
        "all",
        cell="while True:\n    pass",
    ),
    Attack(
        "never_ends_when_asked",
        "goes on for ever when its function is asked",
        "others",
        solution="def rnn_forward(a, *others):\n    while True:\n        pass",
    ),
    Attack(
        "exits_at_once",
        "ends its process with os._exit in a cell",
        "nothing",
        says="ended the process",
        cell="import os\nos._exit(0)",
    ),
    Attack(
        "exits_when_asked",
        "ends its process with os._exit when its function is asked",
        "nothing",
        says="ended the process",
        where="rnn_step",
        solution="import os\ndef rnn_step(a, *others):\n    os._exit(0)",
    ),
    Attack(
        "leaves_politely",
        "raises SystemExit and KeyboardInterrupt in cells and exits of all kinds",
        "all",
        cell="import sys\ntry:\n    sys.exit('bye')\nfinally:\n    raise KeyboardInterrupt",
    ),
    Attack(
        "leaves_politely_when_asked",
        "raises SystemExit when its function is asked",
        "others",
        solution="def rnn_forward(a, *others):\n    raise SystemExit(100)",
    ),
    Attack(
        "raises_what_is_no_error",
        "raises an exception whose type's name, text and cause are hostile",
        "others",
        solution="class Oh(BaseException):\n    def __str__(self):\n        raise self\n    __repr__ = __str__\nOh.__name__ = Oh.__qualname__ = 'x' * 10**6\ndef rnn_forward(a, *others):\n    error = Oh()\n    error.__cause__ = error\n    raise error",
    ),
    Attack(
        "crashes",
        "reads memory that is not there",
        "nothing",
        says="ended the process",
        cell="import ctypes\nctypes.string_at(0)",
    ),
    Attack(
        "becomes_another_program",
        "replaces itself by a program that waits",
        "nothing",
        says="ended the process",
        cell="import os, sys\nos.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(300)', '<token>'])",
    ),
    Attack(
        "becomes_a_program_with_the_channel",
        "hands the channel to a program that forges answers",
        "nothing",
        says="your code",
        cell="import os, sys\nfor n in range(3, 20):\n    try:\n        os.set_inheritable(n, True)\n    except OSError:\n        pass\n"
        'forge = \'import os\\nfor n in range(3, 20):\\n    try:\\n        os.write(n, (34).to_bytes(8, "big") + b\\\'{"observation": {"value": 0.50000}}\\\')\\n    except OSError: pass\'\n'
        "os.execv(sys.executable, [sys.executable, '-c', forge])",
    ),
    Attack(
        "goes_on_at_the_end",
        "leaves threads, finalizers and exit handlers that never end",
        "all",
        cell="import atexit, threading, time\nclass Sticky:\n    def __del__(self):\n        time.sleep(300)\nkept = Sticky()\natexit.register(time.sleep, 300)\nthreading.Thread(target=time.sleep, args=(300,)).start()",
    ),
    Attack(
        "answers_from_two_processes",
        "forks when asked, so that two processes answer in turn",
        "nothing",
        solved="none",
        solution="import os\ndef rnn_forward(a, *others):\n    os.fork()\n    return 0.5",
    ),
    Attack(
        "changes_its_answers_later",
        "lets a thread replace its other functions while they are asked",
        "first",
        solved="first",
        cell="import threading, time\ndef change():\n    while True:\n        for name in ('rnn_step', 'rnn_forward', 'load_into_torch_rnn'):\n            globals()[name] = sum\n        time.sleep(0.01)\nthreading.Thread(target=change, daemon=True).start()",
    ),
    Attack(
        "takes_the_alarm_away",
        "cancels the alarm within its function, and answers right",
        "all",
        solution="import signal\n"
        + RIGHT[TARGET].replace(":\n", ":\n    signal.setitimer(signal.ITIMER_REAL, 0)\n", 1),
    ),
)
