"""The program of the cold way: an interpreter for one submission, in a bubblewrap of its own."""

import sys

from . import confining, runner, system_calls
from .warming import warm_up


def main():
    confining.own_mounts()
    confining.enclose(int(sys.argv[1]))
    system_calls.restrict_system_calls()
    channel = runner.Channel()  # before the imports: whatever they print must not get into it
    warm_up()
    runner.main(channel)


if __name__ == "__main__":
    main()
