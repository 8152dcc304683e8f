"""How fast grading is: this grader, plain nbgrader and otter-grader on the same class, where the time goes, and growth."""
