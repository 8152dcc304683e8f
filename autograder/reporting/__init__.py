"""What a grading shows about a class, and what the bank shows about the tests."""
