"""The program of the cold way: an interpreter for one submission, confined from its start to its end."""

from . import filtering, runner
from .warming import warm_up


def main():
    filtering.refuse_calls()
    channel = runner.Channel()  # first of all: whatever an import prints must not get into it
    warm_up()
    runner.main(channel)


if __name__ == "__main__":
    main()
