"""The right versions of unit 05's functions, by subject."""
