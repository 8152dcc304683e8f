"""What readers predict about gradients that travel back through time, and about delayed recall."""

from course.predictions.prediction import Prediction

PREDICTIONS = {
    "bptt_first_input": Prediction(
        "A random network reads 30 inputs; the loss depends on the last state only. Compared with the gradient of the last "
        "input, how large is the gradient of the first one?",
        ("about the same", "a tenth of it", "a thousandth of it, or less"),
        "a thousandth of it, or less",
        "On a logarithmic axis the points fall roughly along a straight line. So on average each step back multiplies the "
        "gradient by the same factor, and that factor is below one.",
    ),
    "bptt_delay": Prediction(
        "Sixteen neurons, 400 training steps. Up to which delay does the network answer nearly every time?",
        ("about 3", "about 8", "about 16", "about 30"),
        "about 8",
        "At 12 it answers correctly about half of the time, and at 20 it does little better than guessing.",
    ),
    "bptt_first_symbol": Prediction(
        "Only the first symbol counts: two bits in sixteen neurons, again 400 training steps. What becomes of the limit?",
        (
            "it stays near 8",
            "it moves out, but at a delay of 50 the network guesses",
            "it is gone: two bits can be kept for 50 steps",
        ),
        "it moves out, but at a delay of 50 the network guesses",
        "So both suspects play a part. With less to hold the limit moves out, and distance sets a limit of its own.",
    ),
    "bptt_gentle": Prediction(
        "Delay 50, the same sixteen neurons, the same 400 steps, the gentle start. How often is the answer correct?",
        (
            "a quarter of the time, by guessing",
            "about half of the time",
            "nearly always, for most seeds",
        ),
        "nearly always, for most seeds",
        "Same equation, same size, same training. The state had room enough before, too; what was missing was a gradient "
        "large enough to show what to keep.",
    ),
}
