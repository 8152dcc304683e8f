"""The hidden reference solutions: each exists once, is proved against torch, and is inlined into the source notebooks."""

import numpy as np

Array = np.ndarray  # of float64, in the shape that the docstring gives
Params = dict[str, Array]  # a cell's weights, or their gradients, by their names in the cell's notation
