"""A PostgreSQL server of Debian's package, started for the tests and gone after them."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

USER, PASSWORD = "grader", "no-one-should-read-this"


def programs():
    """The folder of initdb and pg_ctl, which Debian keeps out of PATH; the newest version's, or None."""
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((path.parent for path in found), key=lambda path: int(path.parent.name), default=None)


def require_postgresql():
    """Skips where there is no server; in CI that is a failure."""
    if programs() is None:
        message = "no PostgreSQL on this machine: apt-get install postgresql"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)


@dataclass(frozen=True)
class Server:
    """One cluster of databases, reached by 127.0.0.1 with a password."""

    folder: Path
    port: int
    owner: dict  # subprocess's arguments: who runs it, for PostgreSQL refuses root

    def control(self, *arguments):
        subprocess.run(
            [programs() / "pg_ctl", "--wait", "--silent", f"--pgdata={self.folder / 'data'}", *arguments],
            cwd=self.folder,
            check=True,
            stdout=subprocess.DEVNULL,
            **self.owner,
        )

    def start(self):
        settings = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} -c fsync=off"
        self.control(f"--log={self.folder / 'log'}", f"--options={settings}", "start")

    def stop(self):
        self.control("--mode=immediate", "stop")

    def url(self, database="postgres", password=PASSWORD):
        return f"postgresql://{USER}:{password}@127.0.0.1:{self.port}/{database}"

    def create(self, database):
        """A new, empty database. Returns its address."""
        import psycopg

        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}"')
        return self.url(database)


@contextlib.contextmanager
def postgresql():
    """A running ``Server`` in a folder of its own: pytest's folders are closed to the user who runs it."""
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    owner = {}
    if os.getuid() == 0:
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
        owner = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        server = Server(folder, probe.getsockname()[1], owner)
    (folder / "password").write_text(PASSWORD)
    try:
        subprocess.run(
            [
                programs() / "initdb",
                f"--pgdata={folder / 'data'}",
                f"--username={USER}",
                f"--pwfile={folder / 'password'}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--no-locale",
                "--no-sync",
            ],
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
            **owner,
        )
        server.start()
        try:
            yield server
        finally:
            with contextlib.suppress(subprocess.CalledProcessError):  # a test may have stopped it
                server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
