"""What the notebooks import: data, plots, widgets, training and checks. Students may read all of it."""

__version__ = "0.1.0"
