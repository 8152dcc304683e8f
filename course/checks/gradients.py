"""Visible checks of how gradients fare on their way back."""

__all__: list[str] = []
