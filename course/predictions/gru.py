"""What readers predict about the gated recurrent unit."""

from course.predictions.prediction import Prediction

PREDICTIONS = {
    "gru_pulse": Prediction(
        "The RNN's recurrent weight is 0.9. The gated neuron's gate is open (0.98) at the pulse and nearly shut (0.02) "
        "afterwards. How much of the pulse is left 30 steps later?",
        (
            "about the same in both",
            "RNN: almost nothing; gated: about half",
            "RNN: about half; gated: all of it",
        ),
        "RNN: almost nothing; gated: about half",
        "At every silent step the copy is multiplied by 1 - 0.018. Of the 0.95 that went in, 0.95 · 0.982³⁰ = 0.55 is left. "
        "A gate that shuts more tightly keeps it longer.",
    ),
    "gru_marked": Prediction(
        "12 neurons, 400 training steps, and 20 steps to remember one of four marked symbols. How often is each network "
        "right at the end?",
        (
            "both nearly always",
            "GRU nearly always, RNN about half of the time",
            "GRU nearly always, RNN no better than guessing",
        ),
        "GRU nearly always, RNN no better than guessing",
        "Both run through the same code; they differ in the gates. The gates also bring three times the parameters. Whether "
        "that explains it, you can try at the end of this unit.",
    ),
    "gru_start": Prediction(
        "60 steps to remember, again 400 training steps, and three seeds for each start. Which GRUs learn the task?",
        (
            "those of both starts: training moves the gate to where it should be",
            "only those that start at b_z = 0",
            "only those that start at b_z = -3",
        ),
        "only those that start at b_z = -3",
        "At every step the copy is multiplied by 1 - z. With b_z = 0 it starts near a half, and 0.5⁶⁰ is practically zero: "
        "next to no gradient reaches the mark, and there is nothing to learn from. With b_z = -3 it starts near 0.95, and 0.95⁶⁰ is about "
        "1/20: small, but enough to learn from.",
    ),
}
