"""The visible checks, one for each exercise, and what they are made of.

A notebook calls ``checks.rnn_step(rnn_step)``. To read a check, run ``checks.rnn_step??`` in a cell.
"""

from course.checks.backpropagation import *  # noqa: F403
from course.checks.comparing_gradients import expect_gradient, expect_gradients, numeric_gradient
from course.checks.comparison import *  # noqa: F403
from course.checks.failures import CheckFailed
from course.checks.gradients import *  # noqa: F403
from course.checks.gru import *  # noqa: F403
from course.checks.gru_proofs import *  # noqa: F403
from course.checks.lstm import *  # noqa: F403 - each subject's module names its checks in __all__
from course.checks.lstm_backwards import *  # noqa: F403
from course.checks.lstm_notations import *  # noqa: F403
from course.checks.memory_tasks import *  # noqa: F403
from course.checks.names import *  # noqa: F403
from course.checks.primitives import (
    expect,
    expect_close,
    expect_parts,
    expect_shape,
    no_overflow,
    plain,
    shown,
    torch_or_none,
    unchanged,
)
from course.checks.reading import *  # noqa: F403
from course.checks.rnn import *  # noqa: F403
from course.checks.training import *  # noqa: F403
from course.checks.visible import visible_check

__all__ = [
    "CheckFailed",
    "expect",
    "expect_close",
    "expect_gradient",
    "expect_gradients",
    "expect_parts",
    "expect_shape",
    "no_overflow",
    "numeric_gradient",
    "plain",
    "shown",
    "torch_or_none",
    "unchanged",
    "visible_check",
]
