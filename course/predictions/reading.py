"""What readers predict about a network that reads sentences."""

from course.predictions.prediction import Prediction

PREDICTIONS = {
    "reading_brother": Prediction(
        "At “brother” the first taste must go, and no new taste is known yet. Which gates does a GRU need at this word?",
        ("z near 0 and r near 0", "z near 1 and r near 1", "z near 1 and r near 0"),
        "z near 1 and r near 0",
        "The update gate replaces the old state by the candidate, and the reset gate hides the old state from that "
        "candidate, so nothing of the samosas comes back. With z near 0, the old state would be copied whatever r is.",
    ),
    "reading_rule": Prediction(
        "“Ilse likes kelpling (coast) it rains then Pia is late someone sells dunelet (desert) so dinner is …”",
        ("coast", "desert", "surprise"),
        "surprise",
        "Pia is named last, so what Ilse likes no longer counts. The sentence does not say what Pia likes, and a dunelet "
        "that somebody sells says nothing about her.",
    ),
    "reading_new_words": Prediction(
        "800 training steps of 32 sentences each. How often will it be right about two guests and two dishes whose names "
        "it has never seen?",
        ("as often as by guessing: 20%", "about half of the time", "nearly always"),
        "nearly always",
        "The first hundred steps or so look hopeless, and then the loss falls. Of readers with twelve different starts, "
        "even the worst got at least 99.5% of the held-out sentences right at the default distance.",
    ),
    "reading_far": Prediction(
        "They practise at distances up to 24 words, with 400 training steps. How often is each cell right at distance 24?",
        ("all three, above 90%", "GRU and LSTM above 90%, RNN below 50%", "GRU above 90%, LSTM and RNN below 50%"),
        "GRU and LSTM above 90%, RNN below 50%",
        "The RNN is hardly better at distance 0, which it also practised: most of its lessons are long sentences, from "
        "which it learns little.",
    ),
    "reading_gate": Prediction(
        "“Milo likes brinecake … then Joss loves barkroll someone sells dunelet …”: where will the update gate open widest?",
        ("at every dish", "where a taste is told", "at the names"),
        "where a taste is told",
        "At the dish that is merely sold, most neurons keep their update gate shut. A dish looks the same in both places; "
        "the word before it makes the difference, and the gate reads that word from the state, through U h.",
    ),
}
