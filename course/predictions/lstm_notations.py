"""What readers predict about peepholes and the Gamma notation."""

from course.predictions.prediction import Prediction

PREDICTIONS = {
    "one_neuron_timer": Prediction(
        "One neuron, four seeds, the same training. Which kind ends with the lower loss?",
        ("the plain one", "the one with peepholes, for most seeds", "both the same"),
        "the one with peepholes, for most seeds",
        "Where its training succeeds, its loss is many times lower: its gates see the count. One of the four seeds stays stuck.",
    ),
    "gamma_or_plain": Prediction(
        "Rename u to i and a to h. Is the Gamma form now the LSTM of unit 04?",
        ("yes, only the letters differ", "no, one thing differs", "no, two things differ"),
        "no, two things differ",
        "Its gates and its proposal hear the memory cell where unit 04 has the state, and its last line has no tanh.",
    ),
}
