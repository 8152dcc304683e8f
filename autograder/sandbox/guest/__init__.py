"""The files that go into the sandbox. They know nothing of solutions, tests or scores, and import nothing of the project."""
