"""Visible checks of the LSTM's way back."""

__all__: list[str] = []
