"""One step of the GRU backwards, taken apart, so that wrong ones can be put together."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.exercises.families.gru import Z_NEW, Parameters, Step
from autograder.reference.rnn import sigmoid


class Back:
    """A backward step in the z/r form, taken apart. What is named replaces what the right one has there.

    Args:
        forward: from the step forwards to wrong values of "z", "r" and "n", the candidate.
        own: numbers, or functions of this object. share, copy: the weights of candidate and old state; lever, reset_lever:
            what stands beside the slopes of the gates, slope_z and slope_r; slope_h: that of tanh; reset: what the
            candidate's path is multiplied with; da_r: from da_h; missing: the paths that dh lacks; inputs: the gates that dx
            has; turned: the gates whose U is the wrong way round; pairs: what came in to U; through_U_h: False, if not.
    """

    def __init__(
        self,
        dh_next: np.ndarray,
        x: np.ndarray,
        h: np.ndarray,
        params: Parameters,
        forward: Callable[[Step], dict[str, Any]] | None = None,
        **own: Any,
    ) -> None:
        s = Step(Z_NEW, x, h, params)
        self.d, self.x, self.h, self.params = dh_next, x, h, params
        self.z, self.r, self.n = s.u, s.r, s.candidate()
        for name, value in (forward(s) if forward else {}).items():
            setattr(self, name, value)
        self.own: dict[str, Any] = {name: value(self) if callable(value) else value for name, value in own.items()}

    def __call__(self) -> tuple[np.ndarray, np.ndarray, Parameters]:
        z, r, n, h, d, params = self.z, self.r, self.n, self.h, self.d, self.params
        own, get = self.own, self.own.get
        U = {g: params[f"U_{g}"].T if g in get("turned", "") else params[f"U_{g}"] for g in "zrh"}
        da = {"h": d * get("share", z) * get("slope_h", 1 - n**2)}
        da["z"] = d * get("lever", n - h) * get("slope_z", z * (1 - z))
        back = da["h"] @ U["h"] if get("through_U_h", True) else da["h"]
        da["r"] = own["da_r"](da["h"]) if "da_r" in own else back * get("reset_lever", h) * get("slope_r", r * (1 - r))
        paths = (d * get("copy", 1 - z), da["z"] @ U["z"], back * get("reset", r), da["r"] @ U["r"])
        dh = sum((path for n, path in enumerate(paths) if n not in get("missing", ())), 0 * h)
        dx = sum((da[g] @ params[f"W_{g}"] for g in get("inputs", "zrh")), 0 * self.x)
        pairs = {"z": h, "r": h, "h": r * h} | get("pairs", {})
        gradients = {}
        for g in "zrh":
            gradients |= {f"W_{g}": da[g].T @ self.x, f"U_{g}": da[g].T @ pairs[g], f"b_{g}": da[g].sum(axis=0)}
        return dx, dh, gradients


def _logistic_slope(value: np.ndarray) -> np.ndarray:
    return value * (1 - value)


Slope = Callable[[Back, str], Any]  # of a gate, "z" or "r"
GATE_SLOPES: tuple[tuple[str, str, Slope], ...] = (
    ("missing", "is missing", lambda b, g: 1.0),
    ("of_tanh", "is one minus its square, which belongs to tanh", lambda b, g: 1 - getattr(b, g) ** 2),
    ("squashed_again", "is taken after another sigma", lambda b, g: _logistic_slope(sigmoid(getattr(b, g)))),
    ("without_the_gate", "is one minus the gate", lambda b, g: 1 - getattr(b, g)),
    ("of_the_other", "is taken at the other gate", lambda b, g: _logistic_slope(b.r if g == "z" else b.z)),
)
TANH_SLOPES: tuple[tuple[str, str, Callable[[Back], Any]], ...] = (
    ("missing", "is missing", lambda b: 1.0),
    ("not_squared", "is one minus the candidate, without the square", lambda b: 1 - b.n),
    ("of_sigma", "is that of the logistic function", lambda b: _logistic_slope(b.n)),
    ("at_the_new_state", "is taken at the new state", lambda b: 1 - (b.h + b.z * (b.n - b.h)) ** 2),
    ("squashed_again", "is taken after another tanh", lambda b: 1 - np.tanh(b.n) ** 2),
    ("one_plus", "is one plus the square", lambda b: 1 + b.n**2),
)
