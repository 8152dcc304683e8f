"""Cells and questions: what runs in the sandbox within its limits, what crosses its wall, and what does not."""

import re

import numpy as np
import pytest

from autograder.sandbox.guest import recurrent_layers
from autograder.sandbox.host import launchers
from autograder.sandbox.host.process import Limits, Sandbox, SandboxDied
from autograder.sandbox.host.substitutes import answer_call
from autograder.sandbox.protocol import wire
from autograder.sandbox.protocol.errors import CellError, without_numbers
from tests.sandboxes import asked, sandbox_of_the_day, shown, text_of

pytestmark = pytest.mark.usefixtures("mode")


def test_a_cell_that_takes_too_long_is_interrupted_and_the_next_one_runs():
    with sandbox_of_the_day() as sandbox:
        assert sandbox.run_cell("while True: pass")[0].name == "TimeLimit"
        assert text_of(sandbox.run_cell("print('still here')")[1]) == "still here\n"


def test_interrupts_come_ever_more_slowly_so_that_what_they_lead_to_can_end():
    source = (
        "import time\ncame = []\nwhile len(came) < 3:\n    try:\n        time.sleep(60)\n"
        "    except BaseException:\n        came.append(time.monotonic())\n"
        "print(came[1] - came[0] > 0.9, came[2] - came[1] > 1.8)"
    )
    with sandbox_of_the_day(Limits(cell_seconds=0.5, grace_seconds=60)) as sandbox:
        error, outputs = sandbox.run_cell(source)
    assert error is None and text_of(outputs) == "True True\n"


def test_one_process_cannot_take_all_memory():
    with sandbox_of_the_day() as sandbox:
        assert sandbox.run_cell("import numpy as np\nnp.ones(2**30)")[0].name == "MemoryError"


def test_floods_of_output_and_disk_are_cut():
    with sandbox_of_the_day() as sandbox:
        assert len(text_of(sandbox.run_cell("for _ in range(30): print('x' * 2**20)")[1])) < 100_000
        assert (
            sandbox.run_cell("with open('/tmp/x', 'wb') as f:\n    for _ in range(200): f.write(b'x' * 2**20)")[0].name
            == "OSError"
        )


def test_outputs_are_text_and_pictures():
    with sandbox_of_the_day() as sandbox:
        _, outputs = sandbox.run_cell(
            "%matplotlib inline\nimport matplotlib.pyplot as plt\nfrom IPython.display import HTML, display\n"
            "plt.plot([1, 2])\ndisplay(HTML('<script>1</script>'))\nprint('text')\n40 + 2"
        )
    assert "text" in text_of(outputs)
    data = [output["data"] for output in outputs if "data" in output]
    assert {"text/plain": "42"} in data and any("image/png" in item for item in data)
    assert not any("text/html" in item for item in data)


def test_the_pictures_of_a_cell_fit_into_a_message():
    with sandbox_of_the_day() as sandbox:
        error, outputs = sandbox.run_cell(
            "from IPython.display import display\nfor _ in range(20):\n"
            "    display({'image/png': b'\\x89PNG' + bytes(1_000_000)}, raw=True)"
        )
    assert error is None and 1 <= len(outputs) < 12


def test_too_many_threads_end_it():
    source = "import threading, time\nfor _ in range(80):\n    threading.Thread(target=time.sleep, args=(20,), daemon=True).start()\ntime.sleep(2)"
    with sandbox_of_the_day(Limits(threads=50)) as sandbox, pytest.raises(SandboxDied, match="more than 50 threads"):
        sandbox.run_cell(source)


def test_the_number_of_files_is_bounded():
    said = shown("import os\nfor folder in ('/tmp', '/student', '/dev/shm'): print(os.statvfs(folder).f_files)")
    assert said.split() == ["20000"] * 3


def test_a_function_is_asked_and_answers():
    seen = asked("import numpy as np\ndef double(x):\n    x *= 2\n    return x", "double", np.arange(3.0))
    assert np.array_equal(wire.unpack(seen["value"]), [0, 2, 4])
    assert np.array_equal(wire.unpack(seen["inputs"])[0], [0, 2, 4])


def test_a_function_of_ours_can_stand_in_for_the_students_own():
    source = "def step(x): return x + 1\ndef twice(x): return step(step(x))"
    assert asked(source, "twice", 1.0)["value"] == 3.0
    assert asked(source, "twice", 1.0, substitutes={"step": lambda x: 10 * x})["value"] == 100.0


def test_a_function_of_ours_can_be_an_argument():
    seen = asked("def apply(f): return f(2.0)", "apply", wire.FunctionRef("f_1"), functions={"f_1": lambda x: x + 5})
    assert seen["value"] == 7.0


def test_only_the_functions_that_were_offered_can_be_called():
    source = (
        "import sys\ndef f(x):\n    frame = sys._getframe()\n    while 'channel' not in frame.f_locals: frame = frame.f_back\n"
        "    channel = frame.f_locals['channel']\n    channel.send({'call': 'secret', 'args': {'tuple': []}})\n"
        "    return repr(channel.receive())"
    )
    assert "error" in asked(source, "f", 1.0, substitutes={"other": lambda: 1})["value"]["text"]


@pytest.mark.parametrize(
    "body",
    [
        "torch.nn.RNN(2, 3)(torch.zeros(4, 1, 2))",
        "torch.nn.LSTM(2, 3)(torch.zeros(4, 1, 2))",
        "torch.nn.GRU(2, 3)(torch.zeros(4, 1, 2))",
        "torch.nn.RNNCell(2, 3)(torch.zeros(1, 2))",
        "torch.nn.LSTMCell(2, 3)(torch.zeros(1, 2))",
        "torch.nn.GRUCell(2, 3)(torch.zeros(1, 2))",
        "getattr(torch, 'gru_cell')(torch.zeros(1, 2), torch.zeros(1, 3), torch.zeros(9, 2), torch.zeros(9, 3))",
    ],
)
def test_no_library_does_the_exercise(body):
    source = f"import torch\ndef f(x):\n    {body}\n    return x"
    assert asked(source, "f", 1.0)["error"] == "LibraryDoesTheExercise"
    assert "value" in asked(source, "f", 1.0, library=True)


LAYER = """
import torch
W, U, b = torch.ones(9, 2), torch.ones(9, 3), torch.ones(9)
def layer():
    return torch.gru_cell(torch.ones(1, 2), torch.ones(1, 3), W, U, b, b)
"""
DETOURS = {
    "a thread": "from concurrent.futures import ThreadPoolExecutor\ndef f(x): return ThreadPoolExecutor(1).submit(layer).result()",
    "a generator from before": "def made():\n    yield\n    while True: yield layer()\nstarted = made()\nnext(started)\ndef f(x): return next(started)",
    "a layer from before": "made = torch.nn.GRU(2, 3)\ndef f(x): return made(torch.zeros(4, 1, 2))",
    "a class of its own": "class Mine(torch.nn.LSTM): pass\ndef f(x): return Mine(2, 3)(torch.zeros(4, 1, 2))",
    "no gradients": "def f(x):\n    with torch.inference_mode(): return layer()",
}


@pytest.mark.parametrize("detour", DETOURS)
def test_no_plain_detour_leads_to_the_library(detour):
    source = LAYER + DETOURS[detour]
    assert asked(source, "f", 1.0)["error"] == "LibraryDoesTheExercise"
    assert "value" in asked(source, "f", 1.0, library=True)


def test_the_library_is_refused_question_by_question_and_cells_may_use_it():
    with sandbox_of_the_day() as sandbox:
        sandbox.run_cell(LAYER + "def f(x): return layer()")
        sandbox.capture("f")
        for allowed in (False, True, False, False, True):
            seen = sandbox.call("f", wire.pack((1.0,)), library=allowed)
            assert ("value" in seen) == allowed
            error, outputs = sandbox.run_cell("print(tuple(layer().shape))")
            assert error is None and text_of(outputs) == "(1, 3)\n"


def test_torch_may_be_imported_as_late_as_in_the_question():
    source = "def f(x):\n" + "".join(f"    {line}\n" for line in LAYER.strip().splitlines()) + "    return layer()"
    with launchers.open_launcher("none") as launch:
        for allowed in (False, True):
            with Sandbox(launch, Limits(call_seconds=20)) as sandbox:
                sandbox.run_cell(source)
                assert text_of(sandbox.run_cell("import sys\nprint('torch' in sys.modules)")[1]) == "False\n"
                sandbox.capture("f")
                seen = sandbox.call("f", wire.pack((1.0,)), library=allowed)
                assert "value" in seen if allowed else seen["error"] == "LibraryDoesTheExercise"


def test_every_recurrent_layer_and_function_of_torch_is_known():
    import torch

    layers = {
        name for name, kind in vars(torch.nn).items() if isinstance(kind, type) and re.search("RNN|LSTM|GRU", name)
    }
    assert layers - {"RNNBase", "RNNCellBase"} == set(recurrent_layers.LAYERS)
    functions = {name for name in dir(torch) if re.match("rnn_|lstm|gru", name)}
    assert functions == set(recurrent_layers.FUNCTIONS)


def test_an_error_comes_with_its_message_and_the_line_of_the_cell():
    source = "import numpy as np\n\ndef inner(x):\n    return np.ones(3)[x]  # here\ndef f(x):\n    return inner(7)"
    assert asked(source, "f", 1.0) == {
        "error": "IndexError",
        "message": "index 7 is out of bounds for axis 0 with size 3",
        "line": 4,
        "code": "return np.ones(3)[x] # here",
    }
    assert asked("def f(x): raise ValueError(f'{x} and {x * 1e9} and {3}')", "f", 0.25)["message"] == "… and … and 3"
    found = asked("class Message(ValueError): pass\ndef f(x):\n    raise Message(x)", "f", 1.0)
    assert found == {"error": "ValueError", "line": 3, "code": "raise Message(x)"}
    assert asked("", "f", 1.0) == {"error": "NoSuchFunction"}
    assert asked("def f(x):\n    while True: pass", "f", 1.0)["error"] == "TimeLimit"


def test_a_cell_that_stops_says_what_and_where():
    with sandbox_of_the_day() as sandbox:
        error, _ = sandbox.run_cell("x = 1\ny = undefined + x")
        assert error == CellError("NameError", "name 'undefined' is not defined", 2, "y = undefined + x")
        error, _ = sandbox.run_cell("x = 1\ndef f(:\n    pass")
        assert (error.name, error.line, error.code) == ("SyntaxError", 2, "def f(:")
        assert sandbox.run_cell("x = 1")[0] is None


@pytest.mark.parametrize(
    "packed, name",
    [
        (5, "Exception"),
        ([{"a": 1}], "Exception"),
        ({"error": ["ValueError"], "message": {}, "line": "1", "code": 5}, "Exception"),
        ({"error": "Mine", "line": -3}, "Exception"),
        ({"error": "ValueError", "line": True}, "ValueError"),
    ],
)
def test_a_forged_error_is_no_more_than_a_name(packed, name):
    assert CellError.of(packed) == CellError(name)


def test_a_forged_message_is_one_short_line_without_numbers():
    error = CellError.of(
        {
            "error": "ValueError",
            "message": "a\n\x1b[31m 0.123 1e5 12345 1234 " + "x" * 10**6,
            "line": 2,
            "code": "y" * 10**6,
        }
    )
    assert error.message.startswith("a [31m … … … 1234 xxx") and len(error.message) == 160 and len(error.code) == 100


@pytest.mark.parametrize("text", ["0.5", ".5", "1.", "-2.5e-3", "1e5", "12345", "(3, 0.25)", "٣٤٥٦٧", "[1. 2. 3.]"])
def test_numbers_that_an_input_could_be_are_left_out(text):
    shown = without_numbers(f"found {text} instead")
    assert "…" in shown and not re.search(r"\d\.|\.\d|\d{5}|\de", shown)


def test_what_is_asked_of_our_functions_is_modest():
    source = "import numpy as np\ndef f(n):\n    try:\n        return step(np.ones((int(n), 1)))\n    except ValueError as error:\n        return str(error)"
    asked_of = []

    def step(x):
        asked_of.append(x.shape)
        return x

    options = {"substitutes": {"step": step}}
    assert "does not take" in asked(source, "f", 1000.0, **options)["value"]["text"]
    assert asked(source, "f", 10.0, **options)["value"]["array"][1] == [10, 1] and set(asked_of) == {(10, 1)}


@pytest.mark.parametrize(
    "args",
    [
        (1e300,),
        (float("inf"),),
        (float("nan"),),
        (10**15,),
        (np.zeros((512, 1, 40, 1)), np.zeros((40, 1, 512, 1))),
        ([np.zeros((1, 1))] * 4000, np.zeros((316, 316))),
        ([np.zeros((1, 1))] * 40, np.zeros((200, 200))),
        ({"W": np.zeros((0, 4000))},),
        (np.zeros((200, 200), np.float16),),
        (np.zeros((32, 1, 32, 1)), np.zeros((1, 32, 1, 32))),
        (np.zeros((256, 1, 1)), np.zeros((1, 256, 1)), np.zeros((1, 1, 256))),
        ([np.zeros((1, 1, 1, 1))],),
    ],
    ids=range(12),
)
def test_arguments_that_would_grow_or_never_end_are_not_tried(args):
    request = {"call": "it", "args": wire.pack(args)}
    assert answer_call({"it": lambda *args: pytest.fail("it was called")}, request) == {"error": True}


def test_arguments_of_the_size_of_an_exercise_are_answered():
    args = ([np.zeros((8, 20))] * 20, np.zeros((30, 8, 20)), {"W": np.zeros((20, 20))}, 10.0, "gru", None)
    assert "value" in answer_call({"it": lambda *args: 1.0}, {"call": "it", "args": wire.pack(args)})
    large = (np.zeros((256, 200)), {name: np.zeros((200, 200), np.float32) for name in "WUV"})
    assert "value" in answer_call({"it": lambda *args: 1.0}, {"call": "it", "args": wire.pack(large)})


def test_who_asks_without_waiting_is_ended_in_time():
    source = (
        "import signal, sys\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])\n"
        "channel = next(f.f_locals['channel'] for f in iter_frames())\n"
        "def f(x):\n    while True:\n        channel.send({'call': 'x'})"
    )
    frames = "import sys\ndef iter_frames():\n    frame = sys._getframe()\n    while frame:\n        if 'channel' in frame.f_locals:\n            yield frame\n        frame = frame.f_back\n"
    with sandbox_of_the_day(Limits(call_seconds=1, grace_seconds=1, total_seconds=600)) as sandbox:
        assert sandbox.run_cell(frames + source)[0] is None
        sandbox.capture("f")
        with pytest.raises(SandboxDied, match=r"could not be interrupted|stopped listening"):
            sandbox.call("f", wire.pack((1.0,)))
