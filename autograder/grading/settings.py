"""What an instructor may set about grading, in nbgrader_config.py, as ``c.Grading.cell_seconds = 30``."""

from dataclasses import fields
from typing import Any

from traitlets import Bool, Enum, Float, Int, TraitError
from traitlets.config import Configurable

from autograder.errors import UserError
from autograder.sandbox.host.launchers import MODES
from autograder.sandbox.host.process import Limits
from autograder.workspace import Workspace

DAY = 24 * 60 * 60  # what takes longer in a submission will not end; the system's own timers end at some years
PEBIBYTE = 2**50


class Seconds(Float):
    """A number of seconds, up to a day."""

    def validate(self, obj: Any, value: Any) -> float:
        if isinstance(value, int | float) and not value <= DAY:  # nan is not, and passes traitlets' own bounds
            raise TraitError(f"The value of {self.name!r} must be a number of seconds, {DAY} (a day) at most")
        return super().validate(obj, value)


class Grading(Configurable):
    """The settings and their defaults. Seconds are of the clock on the wall."""

    sandbox = Enum(MODES, "warm", help="how submissions are confined; see autograder/sandbox/host/launchers.py").tag(
        config=True
    )
    cell_seconds = Seconds(Limits.cell_seconds, min=0.1, help="for one cell of a submission").tag(config=True)
    call_seconds = Seconds(Limits.call_seconds, min=0.1, help="for one question to a function").tag(config=True)
    total_seconds = Seconds(Limits.total_seconds, min=1, help="for a whole submission").tag(config=True)
    memory = Int(Limits.memory, min=2**29, max=PEBIBYTE, help="bytes that a submission may use").tag(config=True)
    processes = Int(Limits.processes, min=4, help="processes that a submission may have at a time").tag(config=True)
    threads = Int(Limits.threads, min=16, help="threads that all its processes may have together").tag(config=True)
    file_size = Int(Limits.file_size, min=2**20, max=PEBIBYTE, help="bytes that one file of a submission may have").tag(
        config=True
    )
    partial_credit = Bool(
        True, help="whether an exercise earns points check by check; if not, only when all of its checks pass"
    ).tag(config=True)
    other_assignments = Enum(
        ("refuse", "stock"),
        "refuse",
        help="what `nbgrader autograde` does with an assignment that is no unit of this course: refuse it; or grade it as "
        "nbgrader does by itself, which runs what students wrote UNCONFINED, with all that you may do, beside its tests",
    ).tag(config=True)

    @classmethod
    def of(cls, workspace: Workspace) -> "Grading":
        """The settings of a course.

        Raises:
            UserError: naming the setting that is unknown or has a value that makes no sense.
        """
        given = workspace.config.get("Grading", {})
        if unknown := sorted(set(given) - set(cls.class_trait_names(config=True))):
            raise UserError(
                f"nbgrader_config.py sets Grading.{unknown[0]}, which is no setting. "
                f"The settings are: {', '.join(sorted(cls.class_trait_names(config=True)))}."
            )
        try:
            return cls(config=workspace.config)
        except TraitError as error:
            raise UserError(f"nbgrader_config.py: {error}") from error

    @property
    def limits(self) -> Limits:
        """The bounds of one submission."""
        names = {field.name for field in fields(Limits)} & set(self.trait_names(config=True))
        return Limits(**{name: getattr(self, name) for name in names})
