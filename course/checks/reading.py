"""Visible checks of the exercises on reading gates."""

__all__: list[str] = []
