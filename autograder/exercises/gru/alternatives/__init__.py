"""The right versions of unit 04's functions, by subject."""
