"""What readers predict about training LSTMs."""

from course.predictions.prediction import Prediction

PREDICTIONS = {
    "lstm_learns": Prediction(
        "Which of the LSTMs learn it?",
        ("all: training finds the right forget gates", "those with b_f = 1 and b_f = 3", "only those with b_f = 3"),
        "only those with b_f = 3",
        "Training could open the forget gates only by following a gradient, and with the gates half shut that gradient does "
        "not arrive. Over 30 steps, three times as much training does not help b_f = 1.",
    ),
}
