"""Changing what might compare or report: numpy, torch, json, IPython, the runner itself, a kernel's replies.

Each has solved the first exercise and claims the rest; or all, with torch's own layer instead of one.
"""

from autograder.demo.tricks import AST_TRANSFORMER, FORGED_REPLY, INPUT_TRANSFORMER, PATCHED_ALLCLOSE
from tests.attacks.attack import Attack


def attack(name, tries, cell):
    return Attack(name, tries, "first", solved="first", cell=cell)


LAYER = """
import torch

def rnn_forward(x, h0, W, U, b):
    H, D = W.shape
    net = torch.nn.RNN(D, H, dtype=torch.float64)
    with torch.no_grad():
        for own, given in zip(net.parameters(), (W, U, b, 0 * b)):
            own.copy_(torch.as_tensor(given))
    def layer():
        with torch.no_grad():
            return net(torch.as_tensor(x.copy()), torch.as_tensor(h0)[None])[0].numpy()
    return reached(layer)

"""


def layer(name, tries, detour):
    """``detour`` defines ``reached``, which calls a function in a way that the refusal may not see."""
    return Attack(name, tries, "others", where="rnn_forward", solution=LAYER + detour)


ATTACKS = (
    attack("patches_numpy", "makes numpy's comparisons true and its errors silent", PATCHED_ALLCLOSE),
    attack(
        "patches_torch",
        "makes torch's comparisons true",
        "import torch\ntorch.allclose = torch.equal = torch.isclose = lambda *args, **kwargs: True\ntorch.testing.assert_close = lambda *args, **kwargs: None\ntorch.Tensor.__eq__ = lambda self, other: True",
    ),
    attack(
        "patches_json",
        "puts points into every JSON that is written",
        "import json\nhonest = json.dumps\njson.dumps = lambda value, *args, **kwargs: honest(value | {'points': 100, 'score': 1.0} if isinstance(value, dict) else value, *args, **kwargs)",
    ),
    attack(
        "patches_zmq",
        "forges a kernel's replies: full marks over zmq, comm messages and the shell's own result",
        "import json, os\ntry:\n    import zmq\n    zmq.Socket.recv_multipart = lambda *args, **kwargs: [b'<IDS|MSG>', b'', b'{\"msg_type\": \"execute_reply\"}', b'{}', b'{}', b'{\"status\": \"ok\"}']\nexcept ImportError:\n    pass\n"
        "print(json.dumps({'msg_type': 'execute_reply', 'content': {'status': 'ok', 'execution_count': 1}}))\nfrom IPython.display import publish_display_data\npublish_display_data({'text/plain': '100.0'}, metadata={'nbgrader': {'points': 100}})",
    ),
    attack("patches_the_channel", "turns each error that is sent into an answer", FORGED_REPLY),
    attack("patches_the_shell", "drops every line that looks like a test", INPUT_TRANSFORMER + AST_TRANSFORMER),
    Attack(
        "patches_the_runner",
        "replaces the functions that look at answers and pack them",
        "nothing",
        cell="import numpy as np\nfrom sandbox.guest import runner\nfrom sandbox.protocol import observing, wire\nforged = {'value': {'list': []}, 'again': {'list': []}, 'inputs': {'tuple': []}}\n"
        "runner.observe = observing.observe = lambda *args: forged\nwire.pack = observing.pack = lambda *args: True\nrunner.MISSING = None\nrunner.CellRunner.run = lambda *args: (None, [])",
    ),
    attack(
        "patches_the_builtins",
        "makes all things equal and of every type, and nothing raise",
        "import builtins, operator\noperator.eq = lambda a, b: True\nhonest = builtins.isinstance\nbuiltins.all = builtins.any = lambda items: True\nbuiltins.AssertionError = type('Quiet', (Exception,), {})",
    ),
    attack(
        "provides_all_names",
        "answers every name that is looked up with a function that returns whatever is asked for",
        "class Anything:\n    def __call__(self, *args):\n        return args[0] if args else self\n    def __getattr__(self, name):\n        return self\n    def __eq__(self, other):\n        return True\n"
        "for name in ('rnn_step', 'rnn_forward', 'load_into_torch_rnn'):\n    globals()[name] = Anything()",
    ),
    attack(
        "stops_the_time",
        "patches clocks and timers, so that nothing seems to take long",
        "import signal, time\ntime.monotonic = time.time = time.perf_counter = lambda: 0.0\nsignal.setitimer = lambda *args: (0.0, 0.0)",
    ),
    attack(
        "pretends_to_be_the_author",
        "sets the variables by which nbgrader knows a run, and writes a score and a comment",
        "import os\nos.environ |= {'NBGRADER_VALIDATING': '1', 'NBGRADER_EXECUTION': 'validate'}\nopen('comments.txt', 'w').write('full marks')\nopen('rnn.html', 'w').write('100')\nopen('gradebook.db', 'w').write('')",
    ),
    layer("layer_in_the_open", "lets torch's layer do the exercise", "def reached(f):\n    return f()"),
    layer(
        "layer_in_a_thread",
        "lets torch's layer do the exercise in another thread",
        "from concurrent.futures import ThreadPoolExecutor\ndef reached(f):\n    return ThreadPoolExecutor(1).submit(f).result()",
    ),
    layer(
        "layer_in_a_timer",
        "lets torch's layer do the exercise when a timer ends",
        "import threading\ndef reached(f):\n    got = []\n    timer = threading.Timer(0, lambda: got.append(f()))\n    timer.start()\n    timer.join()\n    return got[0]",
    ),
    layer(
        "layer_without_torch_functions",
        "lets torch's layer do the exercise where no torch function is shown to anybody",
        "def reached(f):\n    with torch._C.DisableTorchFunction():\n        return f()",
    ),
    layer(
        "layer_in_a_hook",
        "lets torch's layer do the exercise in a tensor's backward hook",
        "def reached(f):\n    got, leaf = [], torch.ones(1, requires_grad=True)\n    twice = 2 * leaf\n    twice.register_hook(lambda slope: got.append(f()))\n    twice.sum().backward()\n    return got[0]",
    ),
)
