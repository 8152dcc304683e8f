"""Answers that are no answers: objects that lie, arrays of other kinds, things too large, cyclic, or of no form at all."""

from tests.attacks.attack import RIGHT, TARGET, Attack

RIGHT_AS = RIGHT[TARGET].replace("def rnn_forward(", "def right_forward(", 1) + "\n"


def wrong(name, tries, solution, wants="others", **rest):
    return Attack(name, tries, wants, solution=solution, **rest)


def as_other(name, tries, expression):
    return wrong(
        name,
        tries,
        f"import numpy as np\n{RIGHT_AS}def rnn_forward(a, *others):\n    right = lambda a: right_forward(a, *others)\n    return {expression}",
    )


ATTACKS = (
    wrong(
        "equal_to_everything",
        "returns an object that is equal to everything, true, and every length",
        "class Liar(float):\n    __eq__ = __lt__ = __gt__ = lambda self, other: True\n    __hash__ = None\n    __bool__ = lambda self: True\n    __array__ = lambda self, *args, **kwargs: self\ndef rnn_forward(a, *others):\n    return Liar()",
    ),
    wrong(
        "array_that_lies",
        "returns a subclass of an array that says it is equal, of the right shape and without error",
        "import numpy as np\nclass Liar(np.ndarray):\n    __eq__ = lambda self, other: True\n    shape = property(lambda self: (3, 4))\n    __array_function__ = __array_ufunc__ = lambda self, *args, **kwargs: True\n    astype = tobytes = lambda self, *args, **kwargs: self\ndef rnn_forward(a, *others):\n    return np.zeros(3).view(Liar)",
    ),
    wrong(
        "tensor_that_lies",
        "returns a tensor whose numpy and detach give other things",
        "import torch\nclass Liar(torch.Tensor):\n    detach = cpu = numpy = lambda self: self\n    __torch_function__ = classmethod(lambda *args, **kwargs: True)\ndef rnn_forward(a, *others):\n    return torch.zeros(3).as_subclass(Liar)",
    ),
    wrong(
        "pickles_itself",
        "returns an object whose unpickling would run a program",
        "import os\nclass Pickled:\n    def __reduce__(self):\n        return os.system, ('touch /tmp/<token>',)\ndef rnn_forward(a, *others):\n    return Pickled()",
    ),
    wrong(
        "array_of_pickles",
        "returns an array of objects that would run a program when unpickled",
        "import numpy as np, os\nclass Pickled:\n    def __reduce__(self):\n        return os.system, ('touch /tmp/<token>',)\ndef rnn_forward(a, *others):\n    return np.array([Pickled()] * 4, dtype=object)",
    ),
    wrong(
        "names_itself_a_question",
        "returns values that look like the packed form of other things",
        "def rnn_forward(a, *others):\n    return {'array': ['|O', [1], 'AAAA'], 'named': 'rnn_step', 'open': ['cell', {}], 'error': None}",
    ),
    wrong(
        "type_with_a_long_name",
        "returns an object whose type's name is a megabyte of text",
        "def rnn_forward(a, *others):\n    return type('x' * 10**6, (), {})()",
    ),
    wrong(
        "object_that_prints_itself",
        "returns an object whose repr, str, len and iteration end the process",
        "import os\nclass Bomb:\n    def end(self, *args):\n        os._exit(0)\n    __repr__ = __str__ = __len__ = __iter__ = __array__ = __bool__ = __eq__ = __float__ = end\n    __hash__ = None\ndef rnn_forward(a, *others):\n    return Bomb()",
    ),
    Attack(
        "cell_that_shows_itself",
        "ends cells with objects whose repr raises, never ends, prints or is huge",
        "all",
        cell="class Shown:\n    def __repr__(self):\n        print('x' * 10**6)\n        raise MemoryError\n    def _repr_html_(self):\n        return self\n    def _repr_png_(self):\n        return 'y' * 10**7\n    def _repr_mimebundle_(self, **_):\n        return {'text/plain': 5, 'text/html': b'', 'image/png': 7}\nShown()",
    ),
    wrong(
        "cyclic_list",
        "returns a list that holds itself",
        "def rnn_forward(a, *others):\n    a = []\n    a.append(a)\n    return a",
    ),
    wrong(
        "cyclic_dict_of_tuples",
        "returns a dict that holds itself in many ways, which would grow without end if it were followed",
        "def rnn_forward(a, *others):\n    a = {}\n    for key in 'abcd':\n        a[key] = (a, a)\n    return a",
    ),
    wrong(
        "list_that_grows_while_read",
        "returns a list whose iteration never ends",
        "class Long(list):\n    def __len__(self):\n        return 1\n    def __iter__(self):\n        while True:\n            yield 0.5\ndef rnn_forward(a, *others):\n    return Long()",
    ),
    wrong(
        "huge_array",
        "returns forty megabytes",
        "import numpy as np\ndef rnn_forward(a, *others):\n    return np.zeros(5 * 10**6)",
    ),
    wrong(
        "huge_text",
        "returns a hundred million letters",
        "def rnn_forward(a, *others):\n    return {'x' * 10**8: ['x' * 10**8] * 9}",
    ),
    wrong(
        "list_of_lists_without_end",
        "returns thirty lists, each of which holds the next one ten times",
        "def rnn_forward(a, *others):\n    for _ in range(30):\n        a = [a] * 10\n    return a",
    ),
    wrong(
        "huge_shape",
        "returns an array of 2^60 elements that are all one number in memory",
        "import numpy as np\ndef rnn_forward(a, *others):\n    return np.broadcast_to(0.5, (2**30, 2**20))",
    ),
    wrong(
        "huge_integer",
        "returns an integer of a hundred thousand digits",
        "def rnn_forward(a, *others):\n    return 10**100_000",
    ),
    as_other("right_but_nan", "returns the right shape, all of it no number", "right(a) * np.nan"),
    as_other("right_but_infinite", "returns the right shape, all of it infinite", "right(a) + np.inf"),
    as_other("right_as_text", "returns the right numbers as text", "str(right(a))"),
    as_other("right_as_texts", "returns the right numbers as an array of texts", "np.asarray(right(a)).astype('U32')"),
    as_other("right_as_objects", "returns the right numbers as Python objects", "np.asarray(right(a)).astype(object)"),
    as_other("right_as_half", "returns the right numbers in half precision", "np.asarray(right(a)).astype(np.float16)"),
    as_other("right_as_complex", "returns the right numbers as complex ones", "np.asarray(right(a)) + 0j"),
    as_other("right_as_truth", "returns whether the right numbers are large", "np.asarray(right(a)) > 0.5"),
    as_other(
        "right_as_records",
        "returns the right numbers in records",
        "np.asarray(right(a)).astype([('x', float), ('y', float)])",
    ),
    as_other("right_but_deeper", "returns the right numbers, an axis too many", "np.asarray(right(a))[None]"),
    as_other("right_in_a_list", "returns the right numbers in a list in a list", "[[right(a)]]"),
    as_other("right_and_more", "returns the right numbers and a second guess", "(right(a), 1 - right(a))"),
    as_other("right_as_a_promise", "returns a generator of the right numbers", "(x for x in [right(a)])"),
    as_other("right_as_a_function", "returns a function that would give the right numbers", "lambda: right(a)"),
    as_other("always_a_half", "returns a half everywhere", "np.full(np.shape(a), 0.5)"),
    as_other("nothing_at_all", "returns empty arrays", "np.zeros((0,) + np.shape(a))"),
    wrong(
        "writes_the_answer_into_the_question",
        "changes its input in place and returns it",
        "def rnn_forward(a, *others):\n    try:\n        a[...] = 0.5\n    except TypeError:\n        pass\n    return a",
    ),
    wrong("is_a_type", "is a class of Python's own, not a function", "rnn_forward = type"),
    wrong(
        "is_a_module_class",
        "is a class of torch modules whose constructor and parameters lie",
        "import torch\nclass rnn_forward(torch.nn.Module):\n    def __init__(self, *args):\n        pass\n    def named_parameters(self):\n        return self\n    def __iter__(self):\n        while True:\n            yield 'w', self",
    ),
    as_other(
        "right_as_integers", "returns the right numbers rounded to integers", "np.asarray(right(a)).round().astype(int)"
    ),
    as_other(
        "right_as_fractions",
        "returns the right numbers as fractions",
        "__import__('fractions').Fraction(float(np.ravel(right(a))[0]))",
    ),
    wrong(
        "tensor_without_numbers",
        "returns tensors that have a shape but no numbers, sparse ones, and ones that hook into whoever reads them",
        "import torch\nturn = []\ndef rnn_forward(a, *others):\n    turn.append(1)\n    shape = tuple(getattr(a, 'shape', ()))\n    return [torch.zeros(shape, device='meta'), torch.zeros(3, 3).to_sparse(), torch.zeros(shape, dtype=torch.bfloat16), torch.nested.nested_tensor([torch.zeros(2), torch.zeros(3)])][len(turn) % 4]",
    ),
    Attack(
        "subclass_with_the_right_numbers",
        "returns the right numbers as a subclass of an array, which is allowed",
        "all",
        solution=f"import numpy as np\n{RIGHT_AS}class Mine(np.ndarray):\n    pass\ndef rnn_forward(a, *others):\n    return np.asarray(right_forward(a, *others)).view(Mine)",
    ),
    Attack(
        "torch_module_that_lies",
        "returns a torch module whose settings and state are forged",
        "others",
        where="load_into_torch_rnn",
        solution="import torch\nclass RNN(torch.nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.mode, self.num_layers, self.batch_first, self.bidirectional = 'RNN_TANH', 1, False, False\n"
        "    def state_dict(self, *args, **kwargs):\n        return {'weight_ih_l0': 1.0, 'weight_hh_l0': torch.zeros(2), 'bias_ih_l0': 'x', 'more': self}\ndef load_into_torch_rnn(W, U, b):\n    return RNN()",
    ),
)
