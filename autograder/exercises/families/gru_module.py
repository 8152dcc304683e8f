"""One step of a GRU as a torch module: what it computes, and what torch finds of it, with one part wrong."""

from types import SimpleNamespace
from typing import Any

import torch
from torch.nn.functional import linear

from autograder.checking.exercise import Exercise
from autograder.exercises.families import steps
from autograder.exercises.families.parameters import copied_parameters
from autograder.reference import reading

GATES = {
    "the update gate": ("W_z", "U_z", "b_z"),
    "the reset gate": ("W_r", "U_r", "b_r"),
    "the candidate": ("W_h", "U_h", "b_h"),
}


def step(x, h, p):
    """The right step, as a function of the parameters: of a cell, or of a dict."""
    cell: Any = SimpleNamespace(**p) if isinstance(p, dict) else p
    return reading.GRUCell.forward(cell, x, h)


def argument(cell, gate, x, h):
    """The sum inside a gate's sigma, or the candidate's tanh."""
    return x @ getattr(cell, f"W_{gate}").T + h @ getattr(cell, f"U_{gate}").T + getattr(cell, f"b_{gate}")


def gates(cell, x, h):
    return torch.sigmoid(argument(cell, "z", x, h)), torch.sigmoid(argument(cell, "r", x, h))


def candidate(cell, x, h, r):
    return torch.tanh(argument(cell, "h", x, r * h))


def mixed(z, h, new):
    return (1 - z) * h + z * new


WHOLE_STEPS = []


def wrong_step(function):
    """A mistake in ``forward(cell, x, h)``, whose docstring is the hint; the cell starts right."""
    kind = type(function.__name__, (reading.GRUCell,), {"forward": lambda self, x, h: function(self, x, h)})
    WHOLE_STEPS.append((function.__name__, function.__doc__, kind))
    return function


def wrong_parts(name, gates=gates, candidate=candidate, mixed=mixed, returned=lambda new, z, r, candidate: (new, z, r)):
    """A cell with a mistake in one part of the step."""

    def forward(self, x, h):
        z, r = gates(self, x, h)
        proposed = candidate(self, x, h, r)
        return returned(mixed(z, h, proposed), z, r, proposed)

    return type(name, (reading.GRUCell,), {"forward": forward})


def parameter_mistakes(exercise):
    """What goes wrong with weights and biases, as in every step; here the parameters belong to the module."""

    def gru(x, h, p):
        return step(x, h, p)

    about_a_dict = Exercise(gru)
    about_a_dict.add(steps.parameter_mistakes(GATES, at=2), copied_parameters(GATES, at=2))
    for name, mistake in about_a_dict.mistakes.items():

        def forward(self, x, h, function=mistake.function):
            return function(x, h, dict(self.named_parameters()))

        exercise.add_mistake(name, mistake.hint, type(name, (reading.GRUCell,), {"forward": forward}))


# fmt: off
PARTS = (
    ("update_gate_on_the_old", "Your z weighs the old state: in this form it weighs the new one, h = (1 - z) * h + z * candidate.",
     {"mixed": lambda z, h, new: z * h + (1 - z) * new}),
    ("not_convex", "You add z times the candidate to the whole old state: the old state's share is 1 - z.",
     {"mixed": lambda z, h, new: h + z * new}),
    ("old_state_weighed_by_z_too", "Your z weighs both the old state and the candidate: the old state's share is 1 - z.",
     {"mixed": lambda z, h, new: z * h + z * new}),
    ("candidate_not_weighed", "You add the whole candidate: its share is z.",
     {"mixed": lambda z, h, new: (1 - z) * h + new}),
    ("old_state_lost", "Your new state is z times the candidate: add (1 - z) times the old state.",
     {"mixed": lambda z, h, new: z * new}),
    ("state_squashed_again", "You take another tanh of the new state: it is a mixture already, (1 - z) * h + z * candidate.",
     {"mixed": lambda z, h, new: torch.tanh(mixed(z, h, new))}),
    ("reset_after_the_product", "Your reset gate multiplies U_h h: it must multiply the state before the product, U_h (r * h).",
     {"candidate": lambda cell, x, h, r: torch.tanh(linear(x, cell.W_h, cell.b_h) + r * (h @ cell.U_h.T))}),
    ("reset_after_product_and_bias",
     "Your reset gate multiplies U_h h + b_h, as torch's does: here it multiplies the state before the product, U_h (r * h).",
     {"candidate": lambda cell, x, h, r: torch.tanh(x @ cell.W_h.T + r * linear(h, cell.U_h, cell.b_h))}),
    ("bias_reset", "Your reset gate multiplies b_h, too: it belongs to the old state alone, U_h (r * h) + b_h.",
     {"candidate": lambda cell, x, h, r: torch.tanh(linear(x, cell.W_h) + linear(r * h, cell.U_h) + r * cell.b_h)}),
    ("input_reset_too", "Your reset gate multiplies the whole sum inside the tanh: it belongs to the old state alone, U_h (r * h).",
     {"candidate": lambda cell, x, h, r: torch.tanh(r * argument(cell, "h", x, h))}),
    ("candidate_reset", "Your reset gate multiplies the candidate: it belongs inside, to the old state, U_h (r * h).",
     {"candidate": lambda cell, x, h, r: r * torch.tanh(argument(cell, "h", x, h))}),
    ("reset_turned_over", "Your candidate sees (1 - r) * h: the reset gate lets the old state in where it is open, r * h.",
     {"candidate": lambda cell, x, h, r: candidate(cell, x, h, 1 - r)}),
    ("update_gate_sees_the_reset_state", "Your update gate looks at r * h: only the candidate does, z and r look at the whole old state.",
     {"gates": lambda cell, x, h: (torch.sigmoid(argument(cell, "z", x, gates(cell, x, h)[1] * h)), gates(cell, x, h)[1])}),
    ("nothing_reset", "Your candidate looks at the whole old state: the reset gate r is worked out but not used.",
     {"candidate": lambda cell, x, h, r: candidate(cell, x, h, 1)}),
    ("gates_returned_in_the_other_order", "You return r before z: the order is new state, z, r.",
     {"returned": lambda new, z, r, _: (new, r, z)}),
    ("only_the_state_returned", "You return the new state alone: return a tuple of the new state, z and r.",
     {"returned": lambda new, *_: new}),
    ("gates_recurrent_weights_transposed",
     "U_z and U_r are the wrong way round in your gates: with one example per row, the product is with U_z.T and U_r.T.",
     {
         "gates": lambda cell, x, h: (
             torch.sigmoid(linear(x, cell.W_z, cell.b_z) + h @ cell.U_z),
             torch.sigmoid(linear(x, cell.W_r, cell.b_r) + h @ cell.U_r),
         )
     }),
    ("candidate_returned", "Your first result is the candidate: it still has to be mixed with the old state.",
     {"returned": lambda new, z, r, proposed: (proposed, z, r)}),
    ("candidate_for_reset_gate", "Your third result is the candidate: it should be the reset gate r.",
     {"returned": lambda new, z, r, proposed: (new, z, proposed)}),
    ("candidate_returned_too", "You return the candidate, too: return a tuple of three, the new state, z and r.",
     {"returned": lambda new, z, r, proposed: (new, z, r, proposed)}),
    ("state_returned_last", "You return the gates before the state: the order is new state, z, r.",
     {"returned": lambda new, z, r, _: (z, r, new)}),
    ("sigmoid_candidate", "Your candidate is squashed by sigma: it takes a tanh, so that a state can be negative.",
     {"candidate": lambda cell, x, h, r: torch.sigmoid(argument(cell, "h", x, r * h))}),
    ("candidate_not_squashed", "Your candidate is the plain sum: the tanh around it is missing.",
     {"candidate": lambda cell, x, h, r: argument(cell, "h", x, r * h)}),
    ("tanh_gates", "Your gates are squashed by tanh: a gate lies between 0 and 1, which is what sigma is for.",
     {"gates": lambda cell, x, h: (torch.tanh(argument(cell, "z", x, h)), torch.tanh(argument(cell, "r", x, h)))}),
    ("gates_without_gradient",
     "No gradient reaches the weights of your gates: work z and r out with torch, without .detach(), .data or no_grad.",
     {"gates": lambda cell, x, h: tuple(gate.detach() for gate in gates(cell, x, h))}),
    ("candidate_without_gradient",
     "No gradient reaches the weights of your candidate: work it out with torch, without .detach(), .data or no_grad.",
     {"candidate": lambda cell, x, h, r: candidate(cell, x, h, r).detach()}),
    ("copied_state_detached", "No gradient flows through the copy (1 - z) * h to the old state: use h as it is there, without .detach().",
     {"mixed": lambda z, h, new: mixed(z, h.detach(), new)}),
)
# fmt: on


@wrong_step
def old_state_reset_too(cell, x, h):
    """You reset the copied state too: r belongs inside the candidate and nowhere else."""
    z, r = gates(cell, x, h)
    return mixed(z, r * h, candidate(cell, x, h, r)), z, r


@wrong_step
def gates_swapped(cell, x, h):
    """Your two gates have changed places: z mixes old and new, r resets the state inside the candidate."""
    z, r = gates(cell, x, h)
    return mixed(r, h, candidate(cell, x, h, z)), z, r


@wrong_step
def gates_not_squashed(cell, x, h):
    """You return the sums inside sigma, not the gates themselves: z and r lie between 0 and 1."""
    return step(x, h, cell)[0], argument(cell, "z", x, h), argument(cell, "r", x, h)


@wrong_step
def old_state_detached(cell, x, h):
    """No gradient reaches the old state: with .detach(), or no_grad, nothing is learnt from the words before."""
    return step(x, h.detach(), cell)


@wrong_step
def word_detached(cell, x, h):
    """No gradient reaches the word x: use it as it is, without .detach()."""
    return step(x.detach(), h, cell)


@wrong_step
def new_state_from_numbers(cell, x, h):
    """No gradient reaches anything through your new state: no_grad, .data, .item() and torch.tensor(...) cut it off."""
    with torch.no_grad():
        return step(x, h, cell)


@wrong_step
def state_in_place(cell, x, h):
    """Your cell writes the new state into h, which belongs to the caller: make a new tensor and leave h as it was."""
    new, z, r = step(x, h, cell)
    with torch.no_grad():
        h.copy_(new)
    return new, z, r


@wrong_step
def state_in_place_and_returned(cell, x, h):
    """Your cell writes the new state into h and returns that: h belongs to the caller, and no gradient gets through it."""
    new, z, r = step(x, h, cell)
    with torch.no_grad():
        h.copy_(new)
    return h, z, r


def step_mistakes(exercise):
    """Mistakes in what the cell computes, and in what torch finds of it."""
    parameter_mistakes(exercise)
    for name, hint, parts in PARTS:
        exercise.add_mistake(name, hint, wrong_parts(name, **parts))
    for name, hint, kind in WHOLE_STEPS:
        exercise.add_mistake(name, hint, kind)
