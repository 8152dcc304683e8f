"""The predictions of all units: question, options, answer and explanation, by name.

Each module here holds a dict ``PREDICTIONS``; a new module is found by itself. (Reading on spoils them.)
"""

import importlib
import pkgutil

from course.predictions.prediction import Prediction

__all__ = ["PREDICTIONS", "Prediction"]


def _collected() -> dict[str, Prediction]:
    found: dict[str, Prediction] = {}
    for module in pkgutil.iter_modules(__path__):
        for name, prediction in getattr(
            importlib.import_module(f"{__name__}.{module.name}"), "PREDICTIONS", {}
        ).items():
            if name in found:
                raise ValueError(f"two predictions are called {name!r}")
            found[name] = prediction
    return found


PREDICTIONS = _collected()
