"""Visible checks of what is proved and disproved about the GRU."""

__all__: list[str] = []
