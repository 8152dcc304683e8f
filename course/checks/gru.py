"""Visible checks of the GRU's exercises."""

__all__: list[str] = []
