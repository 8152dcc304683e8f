"""Hostile zip archives, each around one honest notebook that must be collected all the same.

``build(path, honest, outside)`` writes one: ``honest`` is (name, bytes) of an entry that is as it should be, ``outside``
is a folder that lies two above where archives are unpacked to. Whoever opens one must write nothing there, follow no
link, and never hold more than a bounded number of bytes, whatever the entries say of themselves.
"""

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

PLANTED = b'{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": []}'
SWOLLEN = 100 * 2**20  # bytes that an entry of a bomb unpacks to: enough to be noticed, not to do harm


@dataclass(frozen=True)
class Archive:
    """One hostile archive. ``entries(outside)`` gives pairs (name or ZipInfo, bytes)."""

    name: str
    tries: str
    entries: Callable
    spoil: Callable = bytes  # what becomes of the file's bytes at the end

    def build(self, path, honest, outside):
        """Write it. The honest entry comes last, behind whatever might stop a reader."""
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for entry, content in [*self.entries(outside), honest]:
                archive.writestr(entry, content)
        path.write_bytes(self.spoil(path.read_bytes()))


def kind_of_file(name, kind, content=b""):
    """An entry that says it is a link, a device, a pipe."""
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (kind | 0o777) << 16
    return info, content


def climbing(outside):
    names = ("../../planted.ipynb", "a/../../../planted.ipynb", "..\\..\\planted.ipynb", "a/..\\../../planted.ipynb")
    return [(name, PLANTED) for name in names]


def absolute(outside):
    names = (
        f"{outside}/planted.ipynb",
        "/tmp/planted.ipynb",
        "C:\\planted.ipynb",
        "//host/share/planted.ipynb",
        "~/planted.ipynb",
    )
    return [(name, PLANTED) for name in names]


def links(outside):
    return [
        kind_of_file("mallory/rnn.ipynb", stat.S_IFLNK, str(outside / "secret").encode()),
        kind_of_file("mallory/way", stat.S_IFLNK, b"../.."),
        ("mallory/way/planted.ipynb", PLANTED),
    ]


def devices(outside):
    kinds = {"device": stat.S_IFCHR, "disk": stat.S_IFBLK, "pipe": stat.S_IFIFO, "socket": stat.S_IFSOCK}
    marked = [kind_of_file(f"mallory/{name}.ipynb", kind, PLANTED) for name, kind in kinds.items()]
    return marked + [
        (name, PLANTED) for name in ("NUL", "CON.ipynb", "aux/rnn.ipynb", "LPT1.ipynb", "rnn.ipynb:stream")
    ]


def swelling(outside):
    return [("mallory/rnn.ipynb", bytes(SWOLLEN))]


def many(outside):
    return [(f"mallory/{n}/rnn.ipynb", b"") for n in range(30_000)]


def nested(outside):
    content = bytes(2**20)
    for level in range(6):
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
            for copy in range(8):
                archive.writestr(f"{level}-{copy}.zip", content)
        content = inner.getvalue()
    return [("mallory/rnn.ipynb.zip", content), ("mallory/again.zip", content)]


def doubles(outside):
    return [
        (name, PLANTED)
        for name in ("mallory/rnn.ipynb", "mallory/RNN.ipynb", "mallory//rnn.ipynb", "mallory/./rnn.ipynb")
    ]


def strange_names(outside):
    names = (
        "",
        "/",
        ".",
        "..",
        "mallory/" + "x" * 5000,
        "a/" * 2000 + "rnn.ipynb",
        "mallory/\n\x1b[2J.ipynb",
        "mallory/\u202egnp.ipynb",
    )
    return [(name, PLANTED) for name in names if name]


def cut_off(raw):
    return raw[: len(raw) * 2 // 3]


def lying_about_sizes(raw):
    """Every size in the central directory becomes ten bytes, whatever really follows."""
    spoiled, place = bytearray(raw), 0
    while (place := raw.find(b"PK\x01\x02", place)) >= 0:
        struct.pack_into("<I", spoiled, place + 24, 10)
        place += 4
    return bytes(spoiled)


ARCHIVES = (
    Archive("climbs_out", "names entries by paths that lead out: ../, with slashes of both kinds", climbing),
    Archive("absolute_names", "names entries by absolute paths, drives, shares and homes", absolute),
    Archive("links", "holds links to a secret and to a folder above, and an entry that goes through one", links),
    Archive("devices", "holds devices and pipes, and names that are devices on other systems", devices),
    Archive("swells", "holds an entry that unpacks to a thousand times its size", swelling),
    Archive("many_entries", "holds thirty thousand entries", many),
    Archive("nested", "holds archives in archives in archives", nested),
    Archive("doubles", "holds the same name several times, spelled differently", doubles),
    Archive("strange_names", "holds names that are empty, endless, invisible or codes of a terminal", strange_names),
    Archive("cut_off", "ends in the middle: nothing can be collected", lambda outside: [], cut_off),
    Archive("lies_about_sizes", "says that its entries are ten bytes long", swelling, lying_about_sizes),
)
