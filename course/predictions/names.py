"""What readers predict about networks that write names, and about what came after the gates."""

from course.predictions.prediction import Prediction

PREDICTIONS = {
    "names_list": Prediction(
        "Which list did the network write?",
        ("A", "B", "C"),
        "C",
        "A is the table of pairs: every two neighbours look fine, the whole does not. B is real. C sounds like names, because the network remembers more than one letter.",
    ),
    "names_count": Prediction(
        "4.75 bits with all letters alike. What is left if you know the letter before?",
        ("about 4.1", "about 3.4", "about 2.5"),
        "about 3.4",
        "Frequencies alone bring 4.08; the letter before brings 3.44. Each further letter helps less, and needs 27 times as many counts.",
    ),
    "names_gru": Prediction(
        "Counting with three letters before costs 3.01 bits. What will the GRU need for a letter of a name that it has never seen?",
        ("about 3.4", "about 2.9", "about 2.0"),
        "about 2.9",
        "It beats the tables, but not by much. Nobody can know the next letter of a name: after “mar”, a dozen letters are good.",
    ),
    "names_temperature": Prediction(
        "At temperature 0.4, what will the names look like, compared with temperature 1?",
        ("more ordinary, and more of them exist", "longer, with strange letters", "the same, in another order"),
        "more ordinary, and more of them exist",
        "A low temperature trusts the likeliest letters, and those lead to names that are there already. A high one writes letters that were nearly ruled out.",
    ),
    "names_gate": Prediction(
        "Neuron 43 keeps its value as long as its update gate is shut. At which letters of r-a-c-k-e-l-l-a will the gate open widest?",
        ("at vowels", "at consonants, but not at the second l", "only at the first letter"),
        "at consonants, but not at the second l",
        "It opens at r and c and stays shut at a and e. At the second l it is shut too: what a gate does depends on the state, not on the letter alone.",
    ),
    "names_rounds": Prediction(
        "How many rounds does a sequence of 4,096 letters need?",
        ("12", "64", "2,048"),
        "12",
        "The shifts are 1, 2, 4, ..., 2048: twelve of them, because 2 to the power of 12 is 4096.",
    ),
    "names_speed": Prediction(
        "4,096 steps with 16 neurons on one core. How much faster than the step-by-step GRU is your scan?",
        ("about 3 times", "about 12 times", "about 100 times"),
        "about 100 times",
        "Some of it is the scan, some that there is no matrix product in a step. Compare the lower two lines: that is the scan alone.",
    ),
    "names_layers": Prediction(
        "The GRU needs 2.90 bits per letter, counting with two letters before 3.11. What does one layer of the minimal GRU need?",
        ("about 2.9, as the GRU", "about 3.1", "about 3.4"),
        "about 3.1",
        "One layer is as good as counting two letters. But the gates of the second layer look at what the first one remembers: with three layers the distance is nearly gone.",
    ),
}
