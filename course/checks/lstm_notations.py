"""Visible checks of peepholes and the Gamma notation."""

__all__: list[str] = []
