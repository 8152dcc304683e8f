"""Visible checks of the exercises that compare cells."""

__all__: list[str] = []
