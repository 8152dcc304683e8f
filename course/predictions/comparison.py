"""What readers predict about the comparison of cells."""

from course.predictions.prediction import Prediction

PREDICTIONS = {
    "work_at_equal_parameters": Prediction(
        "Claim B: the GRU computes less. Give the GRU as many parameters as the LSTM has. How many multiplications does it "
        "then need for one step?",
        ("three quarters of the LSTM's", "about as many as the LSTM", "more than the LSTM"),
        "about as many as the LSTM",
        "Each weight is multiplied once per step, so equal parameters mean equal work, up to biases and rounding.",
    ),
    "quick_copy": Prediction(
        "The quick setting has short sequences: 10, 11 and 16 steps. Which cell copies best there?",
        ("the RNN", "the GRU", "one of the LSTMs", "there is no difference"),
        "the RNN",
        "So it was in our runs with the quick setting, with each of ten seeds and with both budgets. A wait of five steps is "
        "short: a gate has little to protect, and the simplest cell has learned the task first.",
    ),
    "long_sequences": Prediction(
        "Now adding over 50 steps, copying over a wait of 20, digits of 64 pixels. Claim C: on which of the three is the LSTM "
        "better than the GRU by more than their spreads?",
        ("on all three", "on the digits, the longest sequences", "on none of them"),
        "on none of them",
        "Both solve adding. On copying the GRU is ahead with both budgets. On the digits the LSTM's mean is lower, but the "
        "spreads overlap, so three seeds decide nothing.",
    ),
    "digits_by_rows": Prediction(
        "Digits read row by row, 1200 training steps, equal parameters. How far apart will the four cells be?",
        (
            "the gated cells are far ahead of the RNN",
            "all four within five in a hundred",
            "the RNN is far ahead",
        ),
        "all four within five in a hundred",
        "The plain RNN even has the fewest errors, 5 in 100 against 7 to 10. Eight steps need little memory, and a task that "
        "needs little memory says little about gates.",
    ),
    "another_start": Prediction(
        "With the usual starts the GRU had 0.7 % of the symbols wrong, the LSTM 10 %, the plain RNN 47 %. What do other starts "
        "change?",
        (
            "each cell gets a little better or worse, and the order stays",
            "the LSTM with forget bias 3 overtakes the GRU; the RNN stays last",
            "the order turns over: it depends on the start which cell copies best",
        ),
        "the order turns over: it depends on the start which cell copies best",
        "A GRU that starts with a nearly closed gate gets almost half of the symbols wrong, and an orthogonal RNN fewer than "
        "any of our LSTMs.",
    ),
}
