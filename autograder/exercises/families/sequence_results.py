"""Right states of a sequence in a wrong form, as a table; and the mistakes of a step that a sequence calls by other names."""

import numpy as np

# what goes wrong with all states after they were worked out
RESULTS = (
    ("one_step_short", "Your loop is one step short: T inputs give T STATEs.", lambda one: one[:-1]),
    ("last_step_missing", "Your loop stops before the last input: the last entry was never computed.", lambda one: np.concatenate([one[:-1], np.zeros_like(one[-1:])])),
    ("first_step_missing", "The first entry of your result was never computed: start the loop at 0.", lambda one: np.concatenate([np.zeros_like(one[:1]), one[1:]])),
    ("all_equal", "All entries of your result are equal: store a copy of the state at every step, not the same array.", lambda one: np.stack([one[-1]] * len(one))),
    ("only_the_last", "You return the last state only: keep all of them, one per step.", lambda one: one[-1]),
    ("batch_first", "Your result has the batch first: it should be (T, B, H), time first, like x.", lambda one: one.swapaxes(0, 1)),
    ("stored_backwards", "Your states are stored from last to first: entry 0 should be the state after the first input.", lambda one: one[::-1]),
    ("as_a_list", "Your STATEs are a list: make them one array, with np.array or np.stack.", list),
    ("single_precision", "Your states are in single precision (float32): keep the float64 of the inputs.", lambda one: one.astype(np.float32)),
)  # fmt: skip
# mistakes of a step that have other names here
FORMS = (
    "no_recurrent_terms",
    "result_transposed",
    "batch_axis_lost",
    "first_example_for_all",
    "last_example_for_all",
    "averaged_over_batch",
)
