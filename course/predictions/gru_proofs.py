"""What readers predict before something is proved about the GRU."""

from course.predictions.prediction import Prediction

PREDICTIONS = {
    "reset_order": Prediction(
        "Two cells get the same weights, state and input. One resets before the product, the other after it. "
        "How far apart can their new states be after one step?",
        ("they are always equal", "always less than 0.01", "more than 0.1 in many cells"),
        "more than 0.1 in many cells",
        "Before: every neuron's old value is scaled by its own gate, then mixed. After: the old values are mixed, then "
        "scaled by the gate of the neuron that receives them.",
    ),
    "slide": Prediction(
        "How many of the four statements, (1) to (4), cannot stand as printed?",
        ("one", "two", "three", "all four"),
        "all four",
        "(1) multiplies x and h by one matrix, which fits only if D = H. (2) can never be negative. (3) has the new state "
        "on both sides and no candidate. (4) forgets that the old state is still mixed in, unless the update gate is "
        "open, too.",
    ),
    "ways_back": Prediction(
        "How many ways lead back from the new state to the old one?",
        ("two", "three", "four", "six"),
        "four",
        "The old state is used in four places: it is copied, it goes into the update gate, it goes into the reset gate, "
        "and it is multiplied by that gate on its way to the candidate.",
    ),
    "zero_state_test": Prediction(
        "At grading, about forty wrong GRUs are waiting: a gate on the wrong side, a missing bias, a transposed matrix. "
        "How many pass a test with a zero state and zero biases?",
        ("only one or two", "about a quarter", "more than half"),
        "more than half",
        "With h = 0 the reset gate has nothing to multiply, every U has nothing to multiply, and the copy is zero. "
        "A mistake there changes nothing, so the test cannot see it.",
    ),
}
