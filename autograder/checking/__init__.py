"""How an answer is judged: exercises, cases, named checks, known mistakes, diagnosis. Pure: nothing runs or is written here."""
