"""Sandboxes as the tests want them, in the mode of the moment: see the fixture ``mode``."""

from autograder.sandbox.host import launchers
from autograder.sandbox.host.process import Limits, Sandbox
from autograder.sandbox.protocol import wire

LIMITS = Limits(cell_seconds=3, call_seconds=2, total_seconds=60, grace_seconds=3)
LAUNCH = {}  # "now": what starts an interpreter


def sandbox_of_the_day(limits=LIMITS):
    return Sandbox(LAUNCH["now"], limits)


def text_of(outputs):
    return "".join(output.get("text", "") for output in outputs)


def shown(source):
    with sandbox_of_the_day() as sandbox:
        return text_of(sandbox.run_cell(source)[1])


def shown_anew(source, mode, hidden=()):
    """The same in a sandbox that is built now."""
    with launchers.open_launcher(mode, hidden) as launch, Sandbox(launch, LIMITS) as sandbox:
        return text_of(sandbox.run_cell(source)[1])


def asked(source, name, *args, **options):
    with sandbox_of_the_day() as sandbox:
        sandbox.run_cell(source)
        sandbox.capture(name)
        return sandbox.call(name, wire.pack(args), **options)
