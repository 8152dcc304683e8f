"""Sandboxes as the tests want them, in the way of the moment: see the fixture ``way``."""

from autograder.sandbox.host import launchers
from autograder.sandbox.host.process import Limits, Sandbox
from autograder.sandbox.protocol import wire

LIMITS = Limits(cell_seconds=3, ask_seconds=2, total_seconds=60, grace_seconds=3)
START = {}  # "now": what starts an interpreter


def sandbox_of_the_day(limits=LIMITS):
    return Sandbox(START["now"], limits)


def text_of(outputs):
    return "".join(output.get("text", "") for output in outputs)


def shown(source):
    with sandbox_of_the_day() as sandbox:
        return text_of(sandbox.run_cell(source)[1])


def shown_anew(source, way, hidden=()):
    """The same in a sandbox that is built now."""
    with launchers.opened(way, hidden) as start, Sandbox(start, LIMITS) as sandbox:
        return text_of(sandbox.run_cell(source)[1])


def asked(source, name, *args, **options):
    with sandbox_of_the_day() as sandbox:
        sandbox.run_cell(source)
        sandbox.take(name)
        return sandbox.ask(name, wire.pack(args), **options)
