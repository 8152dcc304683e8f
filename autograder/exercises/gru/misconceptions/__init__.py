"""The wrong versions of unit 04's functions, by subject."""
