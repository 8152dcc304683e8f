"""The sandbox seen from the grader: start a confined interpreter, run cells in it, call its functions, end it."""
