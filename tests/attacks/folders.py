"""Submissions whose folder is not what it should be: links, pipes, other files, names of the folder itself."""

import os
import socket

from tests.attacks.attack import Attack


def a_deep_folder(folder):
    os.makedirs(folder.joinpath(*["d"] * 300))


def a_socket(folder):
    before = os.getcwd()
    os.chdir(folder)  # its path may be too long for a socket's
    try:
        with socket.socket(socket.AF_UNIX) as place:
            place.bind("socket")
    finally:
        os.chdir(before)


def instead(make):
    """Something else instead of the notebook."""

    def act(folder):
        (folder / "rnn.ipynb").unlink()
        make(folder / "rnn.ipynb")

    return act


ATTACKS = (
    Attack(
        "link_in_the_folder",
        "puts a link to the password file beside the notebook",
        "refused",
        place=lambda folder: (folder / "data").symlink_to("/etc/passwd"),
        says="symbolic link",
    ),
    Attack(
        "link_that_leads_to_itself",
        "puts a link to its own folder beside the notebook",
        "refused",
        place=lambda folder: (folder / "again").symlink_to(folder),
        says="symbolic link",
    ),
    Attack(
        "pipe_in_the_folder",
        "puts a pipe, which would block whoever reads it, beside the notebook",
        "refused",
        place=lambda folder: os.mkfifo(folder / "timestamp.txt"),
        says="neither a file nor a folder",
    ),
    Attack("socket_in_the_folder", "puts a socket beside the notebook", "refused", place=a_socket, says="neither"),
    Attack(
        "folders_in_folders",
        "puts three hundred folders, one in the other, beside the notebook",
        "refused",
        place=a_deep_folder,
        says="folders",
    ),
    Attack(
        "two_thousand_files",
        "puts two thousand files beside the notebook",
        "refused",
        place=lambda folder: [(folder / str(n)).touch() for n in range(2000)],
        says="files",
    ),
    Attack(
        "packages_in_the_folder",
        "puts packages named like numpy and the runner beside the notebook",
        "first",
        solved="first",
        place=lambda folder: [
            ((folder / name).mkdir(), (folder / name / "__init__.py").write_text("raise SystemExit"))
            for name in ("numpy", "sandbox", "course", "IPython", "autograder")
        ],
    ),
    Attack(
        "time_that_is_no_time",
        "hands in a time before all times",
        "all",
        place=lambda folder: (folder / "timestamp.txt").write_bytes(b"0000-99-99 \x00\xff 1e999999999 +99:99"),
    ),
    Attack(
        "name_with_commands",
        "has a folder's name that is a command, a query, a path and a format",
        "left out",
        student="x'); DROP TABLE grade;-- $(touch <token>) {0} %s [a] ..\\..",
    ),
    Attack(
        "name_with_lines",
        "has a folder's name with line breaks and codes of a terminal",
        "left out",
        student="a\n\x1b[2Jb\t",
    ),
    Attack(
        "name_like_an_option",
        "has a folder's name that a program would take for an option",
        "left out",
        student="--force",
    ),
    Attack(
        "notebook_is_a_link",
        "hands in a link to the work of a neighbour, who has solved everything",
        "refused",
        place=instead(lambda path: path.symlink_to("../../neighbour_1/01-rnn/rnn.ipynb")),
        says="symbolic link",
    ),
    Attack(
        "notebook_is_a_folder",
        "hands in a folder of the notebook's name",
        "refused",
        place=instead(lambda path: path.mkdir()),
    ),
    Attack(
        "notebook_is_a_pipe",
        "hands in a pipe, at which whoever opens it would wait",
        "refused",
        place=instead(os.mkfifo),
        says="neither a file nor a folder",
    ),
    Attack(
        "notebook_of_another_name",
        "hands in a notebook by names that look like the right one",
        "refused",
        place=lambda folder: [(folder / "rnn.ipynb").rename(folder / "RNN.ipynb"), (folder / "rnn.ipynb ").touch()],
        says="missing",
    ),
)
