"""What readers predict about the recurrent network."""

from course.predictions.prediction import Prediction

PREDICTIONS = {
    "rnn_slope": Prediction(
        "The weight w grows from 1 to 8. For most inputs x between -3 and 3, what happens to 1 - h², the slope of tanh?",
        ("it grows eightfold", "it stays as it is", "it falls to nearly zero"),
        "it falls to nearly zero",
        "A large weight makes the curve steep in one place and flat everywhere else: there, the neuron is saturated, "
        "and a change of the input hardly reaches it.",
    ),
    "rnn_pulse": Prediction(
        "The input is 1 once and 0 from then on. After five more steps, what do the two neurons show?",
        (
            "both are back at zero",
            "the first stays positive; the second changes its sign at every step and fades",
            "both stay where the pulse put them",
        ),
        "the first stays positive; the second changes its sign at every step and fades",
        "A recurrent weight above 1 holds a state against the pull of tanh. A negative one flips it at every step. "
        "Anything of size below 1 fades.",
    ),
}
