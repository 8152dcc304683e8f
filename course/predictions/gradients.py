"""What readers predict about gradients on their way back."""

from course.predictions.prediction import Prediction

PREDICTIONS = {
    "gradient_line": Prediction(
        "The norm of the gradient against distance, on a logarithmic axis: what does the curve look like?",
        (
            "it falls fast, then levels off",
            "it falls in nearly a straight line",
            "it falls slowly, then faster and faster",
        ),
        "it falls in nearly a straight line",
        "On a logarithmic axis a straight line means that every step multiplies by about the same factor, here 0.56. "
        "Fifty such factors leave about 2e-13.",
    ),
    "gradient_rho": Prediction(
        "Rho is 0.9. How large is the norm of the gradient at distance 50, if it is 1 at distance 0?",
        ("about 0.9", "about 0.5", "about 0.005", "about 1e-15"),
        "about 0.005",
        "The power 0.9 ** 50 is 0.0052, and the slopes of tanh take away a little more. With rho = 0.5 what is left is so "
        "small that adding it to 1 hardly changes a float.",
    ),
    "gradient_relu": Prediction(
        "Rho is 1, with relu instead of tanh. How much of the gradient is left at distance 50?",
        (
            "all of it: the slope is 1",
            "about half",
            "less than a thousandth: half of the neurons pass nothing on",
        ),
        "less than a thousandth: half of the neurons pass nothing on",
        "About half of the rows of the Jacobian are zero, so one step back keeps about 1 / sqrt(2) of the norm. Fifty such "
        "steps leave 3e-8. This network is luckier, with 1e-5; forty other random starts gave 4e-10 to 1e-5.",
    ),
    "gradient_bound_gap": Prediction(
        "Rho is 1.5, so the bound grows at every step. How near does the measured gradient come to it at distance 50?",
        ("it reaches the bound", "within a factor of ten", "it stays far below, by more than a thousand"),
        "it stays far below, by more than a thousand",
        "The bound multiplies by the largest slope, as if every neuron had it. In a network that saturates, most slopes "
        "are far smaller.",
    ),
    "gradient_pieces": Prediction(
        "The symbol to be echoed is 4 steps back. Which pieces are long enough to learn it?",
        ("even k = 1: the state carries the symbol across", "k = 4 and longer", "only k = 5 and longer"),
        "only k = 5 and longer",
        "With k = 4 a symbol always lies in an earlier piece than its answer, so no gradient connects the two. From k = 5 "
        "on, some pairs lie in the same piece, and that is enough.",
    ),
    "gradient_leak": Prediction(
        "Rho is 0.9 and the inputs are large, so the Elman network keeps about 1e-12 at distance 50. What does a leaky "
        "network with alpha = 0.01 keep?",
        ("about 1e-10", "about 1e-3", "more than one half"),
        "more than one half",
        "The copy alone returns 1 - alpha = 0.99 of the gradient at every step, and 0.99 ** 50 is 0.6.",
    ),
    "gradient_leak_price": Prediction(
        "We train leaky networks on delayed recall, with one symbol to keep or with ten in a row. Which alpha wins?",
        (
            "0.01, which keeps the gradient best",
            "0.1, the compromise, for both tasks",
            "none wins everywhere: it depends on the task and the delay",
        ),
        "none wins everywhere: it depends on the task and the delay",
        "Alpha = 1 takes in every symbol at full strength and fails at a delay of 50. A small alpha reaches further back, "
        "but its symbols enter weakly and run into each other.",
    ),
}
