"""Visible checks of the exercises on names."""

__all__: list[str] = []
