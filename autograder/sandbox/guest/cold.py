"""The program of the cold mode: an interpreter for one submission, in a bubblewrap of its own."""

import sys

from . import confining, runner, system_calls
from .warming import warm_up


def main() -> None:
    try:
        confining.own_mounts()
        confining.enclose(int(sys.argv[1]))
        system_calls.restrict_system_calls()
    except Exception as error:  # one sentence for the grader, which runs nothing then
        sys.exit(f"{type(error).__name__}: {error}")
    channel = runner.Channel()  # before the imports: what they print must not get into it
    warm_up()
    runner.main(channel)


if __name__ == "__main__":
    main()
