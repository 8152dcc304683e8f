"""No library may do the exercise: while a function is asked, torch's ready-made recurrent layers refuse to work."""

import functools
import re
import warnings

READY_MADE = re.compile(
    r"aten::(quantized_)?(rnn_tanh|rnn_relu|lstm|gru)(_cell)?|aten::mkldnn_rnn_layer|quantized::quantized_\w+_cell_dynamic"
)
KEYS = ("CompositeImplicitAutograd", "CPU", "MkldnnCPU")  # where those operators have kernels


class LibraryDoesTheExercise(RuntimeError):
    """A ready-made recurrent layer was called where the student was to write it."""


class without_recurrent_layers:
    """Within the block, every call of a recurrent layer of torch raises ``LibraryDoesTheExercise``.

    The kernels are overridden in torch's dispatcher: whichever name and thread a call comes from, it passes there.
    """

    def __enter__(self):
        self.overrides = [_overridden(namespace, found) for namespace, found in kernels()]

    def __exit__(self, *_):
        for override in self.overrides:
            override._destroy()


@functools.cache
def kernels():
    """What to override: each namespace with the operator and the key of each kernel. Nothing where there is no torch.

    Called first while nothing of a student's has run: it also removes what hands out kernels to keep, which no later
    override would reach.
    """
    try:
        import torch
    except ImportError:
        return ()
    del torch._C._dispatch_get_computed_kernel_for_dispatch_key
    found = {}
    for name in torch._C._dispatch_get_all_op_names():
        namespace, _, _ = name.partition("::")
        if READY_MADE.fullmatch(name.partition(".")[0]):
            has = functools.partial(torch._C._dispatch_has_kernel_for_dispatch_key, name)
            found[namespace] = (*found.get(namespace, ()), *((name, key) for key in KEYS if has(key)))
    with warnings.catch_warnings():  # torch warns of the first override only
        warnings.simplefilter("ignore")
        for namespace, those in found.items():
            _overridden(namespace, those)._destroy()
    return tuple(found.items())


def _overridden(namespace, found):
    from torch.library import Library

    override = Library(namespace, "IMPL")
    for name, key in found:
        override.impl(name, _refuse, key)
    return override


def _refuse(*_, **__):
    raise LibraryDoesTheExercise("a ready-made recurrent layer may not do this exercise")
