"""Visible checks of backpropagation through time."""

__all__: list[str] = []
