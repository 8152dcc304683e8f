"""The wrong versions of unit 05's functions, by subject. The docstring of each is the hint that a student gets."""
