"""What hostile submissions try, each with what it must get. Run as a class by the real ``grade``: see ``course.py``.

Floods end by themselves, and nothing aims at anything but listeners that the test opened on this machine.
"""

from tests.attacks import (
    answers,
    channel,
    escaping,
    floods,
    folders,
    networking,
    notebooks,
    patching,
    reading,
    signals,
    tampering,
)

FAMILIES = (channel, reading, tampering, escaping, networking, floods, signals, patching, answers, notebooks, folders)
ATTACKS = tuple(attack for family in FAMILIES for attack in family.ATTACKS)
