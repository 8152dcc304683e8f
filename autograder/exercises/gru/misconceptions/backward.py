"""Wrong versions of ``gru_step_backward``. Each docstring is the hint for an answer that equals that version."""

import numpy as np

from autograder.exercises.gru.misconceptions.parts import candidate, gates
from autograder.reference import gru
from autograder.reference.rnn import sigmoid


def backward(dh_next, x, h, params, **part):
    """``gru_step_backward`` with a part replaced.

    Args:
        part: ``slope_h``, ``slope_z``, ``slope_r`` (of the squashing); ``share`` and ``lever`` (what stands beside dh_next
            for the candidate and for the update gate); ``paths``, four factors for copy, update gate, candidate and reset
            gate; ``turned`` (the candidate's gradient goes back through U_h.T); ``paired`` (the state paired with U_h).
    """
    z, r = gates(x, h, params)
    new = candidate(x, r * h, params)
    copy, update, through, reset = part.get("paths", (1.0, 1.0, 1.0, 1.0))
    da_h = dh_next * part.get("share", z) * part.get("slope_h", 1 - new**2)
    da_z = dh_next * part.get("lever", new - h) * part.get("slope_z", z * (1 - z))
    drh = da_h @ (params["U_h"].T if part.get("turned") else params["U_h"])
    da_r = drh * h * part.get("slope_r", r * (1 - r))
    dx = da_z @ params["W_z"] + da_r @ params["W_r"] + da_h @ params["W_h"]
    dh = copy * dh_next * (1 - z) + update * da_z @ params["U_z"] + through * drh * r + reset * da_r @ params["U_r"]
    gradients = {}
    for gate, da, state in (("z", da_z, h), ("r", da_r, h), ("h", da_h, part.get("paired", r * h))):
        gradients |= {f"W_{gate}": da.T @ x, f"U_{gate}": da.T @ state, f"b_{gate}": da.sum(axis=0)}
    return dx, dh, gradients


class gru_step_backward:
    def copy_path_missing(dh_next, x, h, params):
        """Your dh lacks the first path, the copy: the part (1 - z) h of the new state hands dh_next (1 - z) back."""
        return backward(dh_next, x, h, params, paths=(0, 1, 1, 1))

    def update_gate_path_missing(dh_next, x, h, params):
        """Your dh lacks the second path: the old state also moves the update gate, through U_z."""
        return backward(dh_next, x, h, params, paths=(1, 0, 1, 1))

    def candidate_path_missing(dh_next, x, h, params):
        """Your dh lacks the third path: the candidate sees the old state through r times h."""
        return backward(dh_next, x, h, params, paths=(1, 1, 0, 1))

    def reset_gate_path_missing(dh_next, x, h, params):
        """Your dh lacks the fourth path: the old state also moves the reset gate, through U_r."""
        return backward(dh_next, x, h, params, paths=(1, 1, 1, 0))

    def both_gate_paths_missing(dh_next, x, h, params):
        """Your dh treats both gates as constants: the old state moves them too, through U_z and U_r."""
        return backward(dh_next, x, h, params, paths=(1, 0, 1, 0))

    def candidate_path_not_reset(dh_next, x, h, params):
        """On the candidate's path the old state was multiplied by r, so its gradient is multiplied by r as well."""
        _, r = gates(x, h, params)
        return backward(dh_next, x, h, params, paths=(1, 1, 1 / r, 1))

    def copied_by_the_wrong_share(dh_next, x, h, params):
        """The weight of the old state is 1 - z, on the way back too; your copy path uses z."""
        z, _ = gates(x, h, params)
        return backward(dh_next, x, h, params, paths=(z / (1 - z), 1, 1, 1))

    def candidate_by_the_wrong_share(dh_next, x, h, params):
        """The weight of the candidate is z, on the way back too; you give it 1 - z."""
        z, _ = gates(x, h, params)
        return backward(dh_next, x, h, params, share=1 - z)

    def candidate_not_weighed(dh_next, x, h, params):
        """The candidate enters the new state with weight z: its gradient is dh_next times z, before the slope."""
        return backward(dh_next, x, h, params, share=1.0)

    def update_gate_sees_the_candidate_only(dh_next, x, h, params):
        """The update gate weighs two things: more z means more candidate AND less old state, so the difference counts."""
        _, r = gates(x, h, params)
        return backward(dh_next, x, h, params, lever=candidate(x, r * h, params))

    def update_gate_sign_flipped(dh_next, x, h, params):
        """Your update gate's gradient has the opposite sign: more z means more of the candidate and less of the old state."""
        _, r = gates(x, h, params)
        return backward(dh_next, x, h, params, lever=h - candidate(x, r * h, params))

    def slope_of_tanh_missing(dh_next, x, h, params):
        """The slope of tanh is missing on the candidate's path: it is one minus the candidate squared."""
        return backward(dh_next, x, h, params, slope_h=1.0)

    def slope_at_the_new_state(dh_next, x, h, params):
        """You take the slope of tanh at the new state: it belongs to the candidate, one minus the candidate squared."""
        return backward(dh_next, x, h, params, slope_h=1 - gru.gru_step(x, h, params) ** 2)

    def slopes_of_gates_missing(dh_next, x, h, params):
        """The slope of the logistic function is missing at both gates: it is z (1 - z), and r (1 - r)."""
        return backward(dh_next, x, h, params, slope_z=1.0, slope_r=1.0)

    def slopes_of_tanh_at_gates(dh_next, x, h, params):
        """At the gates you use the slope of tanh, 1 - z**2; they are squashed by the logistic function: z (1 - z)."""
        z, r = gates(x, h, params)
        return backward(dh_next, x, h, params, slope_z=1 - z**2, slope_r=1 - r**2)

    def slopes_squashed_again(dh_next, x, h, params):
        """z and r have been through the logistic function already: the slope is z (1 - z), without another sigmoid."""
        slope_z, slope_r = (sigmoid(gate) * (1 - sigmoid(gate)) for gate in gates(x, h, params))
        return backward(dh_next, x, h, params, slope_z=slope_z, slope_r=slope_r)

    def slopes_swapped(dh_next, x, h, params):
        """You take the update gate's slope at r and the reset gate's at z: each gate has the slope of its own value."""
        z, r = gates(x, h, params)
        return backward(dh_next, x, h, params, slope_z=r * (1 - r), slope_r=z * (1 - z))

    def candidate_gradient_turned(dh_next, x, h, params):
        """The gradient of r times h goes back through U_h the other way round: da @ U_h, where the step had U_h.T."""
        return backward(dh_next, x, h, params, turned=True)

    def state_not_reset_for_U_h(dh_next, x, h, params):
        """U_h was multiplied with r times h, so its gradient pairs with r times h; you pair it with h."""
        return backward(dh_next, x, h, params, paired=h)

    def input_through_the_candidate_only(dh_next, x, h, params):
        """Your dx comes from the candidate alone: the input moves both gates as well, through W_z and W_r."""
        z, r = gates(x, h, params)
        _, dh, gradients = backward(dh_next, x, h, params)
        da = dh_next * z * (1 - candidate(x, r * h, params) ** 2)
        return da @ params["W_h"], dh, gradients

    def weight_gradients_transposed(dh_next, x, h, params):
        """Your weight gradients are transposed: each has the shape of its matrix, da.T @ x."""
        dx, dh, gradients = backward(dh_next, x, h, params)
        return dx, dh, {name: gradient.T for name, gradient in gradients.items()}

    def biases_not_summed(dh_next, x, h, params):
        """The biases are shared by all examples: each gradient is a sum over the batch, of shape (H,)."""
        dx, dh, gradients = backward(dh_next, x, h, params)
        rows = [backward(*(a[n : n + 1] for a in (dh_next, x, h)), params)[2] for n in range(len(x))]
        return dx, dh, gradients | {f"b_{gate}": np.stack([row[f"b_{gate}"] for row in rows]) for gate in "zrh"}

    def averaged(dh_next, x, h, params):
        """You average the weight gradients over the batch: sum them, the loss has done any averaging already."""
        dx, dh, gradients = backward(dh_next, x, h, params)
        return dx, dh, {name: gradient / len(x) for name, gradient in gradients.items()}

    def gradient_in_place(dh_next, x, h, params):
        """Your function changes the gradient that it was given: make a new array instead of *=."""
        result = backward(dh_next, x, h, params)
        dh_next *= 0.5
        return result
