"""What readers predict about the LSTM."""

from course.predictions.prediction import Prediction

PREDICTIONS = {
    "lstm_keep": Prediction(
        "The forget gate stays at 0.9. How much of the first pulse is left after 19 steps?",
        ("nearly all of it", "about half", "about an eighth", "nothing"),
        "about an eighth",
        "0.9 to the power of 19 is 0.135. Only f = 1 keeps a value unchanged; f = 1 and i = 0 together copy the cell.",
    ),
    "lstm_vanish": Prediction(
        "Fifty steps back, before any training: which passes on more of the gradient, a plain RNN with orthogonal weights, "
        "or an LSTM with all biases at zero?",
        ("the LSTM, by far", "they are about equal", "the RNN, by far"),
        "the RNN, by far",
        "With b_f = 0 the LSTM ends ten orders of magnitude below the orthogonal RNN. A forget bias of 3 makes up for all of "
        "that.",
    ),
    "lstm_large_inputs": Prediction(
        "With inputs of size 1, how much is left at distance 50?",
        (
            "RNN a few tenths, LSTM with b_f = 3 nearly nothing",
            "both a few tenths",
            "RNN nearly nothing, LSTM with b_f = 3 about a hundredth",
        ),
        "RNN nearly nothing, LSTM with b_f = 3 about a hundredth",
        "Large inputs saturate tanh, and every way back through the RNN leads through its slopes. Along the cell there are no "
        "slopes, only forget gates, which the inputs shut now and then.",
    ),
}
