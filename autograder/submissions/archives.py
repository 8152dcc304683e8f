"""Opens a zip or a folder whose every name and byte may be hostile. Nothing is unpacked: notebooks are read one by one.

Why not nbgrader's ``zip_collect``: it unpacks everything to disk without a limit on sizes or entries, unpacks archives
inside archives, ends the whole run at the first damaged archive or at two files without a time, asks for one regular
expression a platform, and cannot be run twice without deleting what it collected before.
"""

import lzma
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TypeGuard

from autograder.errors import UserError
from autograder.submissions import intake
from autograder.submissions.paths import EntryRejected, printable, split

LITTER = re.compile(r"__macosx|\.ipynb_checkpoints|\.ds_store|thumbs\.db|desktop\.ini|\._.*", re.IGNORECASE)
NOTEBOOK = re.compile(r"\.ipynb(\.txt|\.json)?$", re.IGNORECASE)  # some browsers add what they think is missing
ARCHIVE = re.compile(r"\.(zip|tar|tgz|gz|bz2|xz|7z|rar)$", re.IGNORECASE)
UNIX_TIME = 0x5455  # the extra field in which zip programs keep the time in UTC
UTF8 = 0x800  # the flag that says in what the name is written


@dataclass(frozen=True)
class Limits:
    """What is read at most: bytes of a notebook, of all, entries, and how far a file may swell when it is unpacked."""

    file_bytes: int = intake.MAX_BYTES
    total_bytes: int = 4 * 2**30
    entries: int = 20_000
    ratio: int = 200
    ratio_from: int = 2**20  # smaller files may swell as they like


LIMITS = Limits()


@dataclass(frozen=True)
class Entry:
    """One file. ``time`` is in UTC without a zone, None if unknown; ``read()`` gives its bytes or raises ``EntryRejected``."""

    path: str
    parts: tuple[str, ...]
    time: datetime | None
    read: Callable[[], bytes]


@dataclass(frozen=True)
class Skipped:
    """A file that was not collected, and why."""

    path: str
    reason: str


# name, time, size, and how to read it or why it is rejected
Found = tuple[str, datetime | None, int, Callable[[], bytes] | EntryRejected]


@contextmanager
def open_archive(
    source: Path | str, zone: tzinfo | None = None, limits: Limits = LIMITS
) -> Iterator[tuple[list[Entry], list[Skipped]]]:
    """The notebooks (and nbgrader's timestamp.txt) of a zip or a folder, and what else is in it: ``(entries, skipped)``.

    Args:
        zone: a ``tzinfo``, that of the times in a zip, which say none; None for this machine's.

    Raises:
        UserError: if there is nothing that can be opened.
    """
    source = Path(source)
    if os.path.isdir(source):
        yield _listed(_walk(source, limits), limits)
        return
    if not os.path.isfile(source):
        raise UserError(
            f"There is no file or folder {source}. Name the zip from the platform, or the folder unpacked from it."
        )
    try:
        archive = zipfile.ZipFile(source)
    except OSError as error:
        raise UserError(f"{source} could not be read: {error.strerror}. Mend its permissions.") from error
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, OverflowError) as error:
        raise UserError(
            f"{source} is not a zip that can be read ({error}). Download it again; unpack any other kind of archive "
            "and name the folder."
        ) from error
    with archive:
        yield _listed(_zipped(archive, zone, limits), limits)


def _listed(found: Iterable[Found], limits: Limits) -> tuple[list[Entry], list[Skipped]]:
    """Sorts (name, time, size, read or EntryRejected) into entries and what is skipped."""
    entries, skipped, total = [], [], 0
    for count, (name, time, size, read) in enumerate(found):
        if count >= limits.entries:
            skipped.append(Skipped("...", f"and all after it: there are more than {limits.entries} files"))
            break
        path = printable(name)
        try:
            parts = split(name)
            if not parts or any(LITTER.fullmatch(part) for part in parts):
                continue
            if isinstance(read, EntryRejected):
                raise read
            if parts[-1] != "timestamp.txt":
                _refuse_other_kinds(parts[-1])
            if size > limits.file_bytes:
                raise EntryRejected(
                    f"is larger than {limits.file_bytes / 2**20:.3g} MB; ask for it with its outputs cleared"
                )
            if total + size > limits.total_bytes:
                raise EntryRejected(f"is beyond the first {limits.total_bytes / 2**30:.3g} GB, which are read at most")
        except EntryRejected as rejected:
            skipped.append(Skipped(path, str(rejected)))
            continue
        total += size
        entries.append(Entry(path, parts, time if plausible(time) else None, read))
    return entries, skipped


def _refuse_other_kinds(name: str) -> None:
    if ARCHIVE.search(name):
        raise EntryRejected("is an archive inside; unpack it, look into it, and collect its folder")
    if not NOTEBOOK.search(name):
        raise EntryRejected("is no notebook")


def plausible(time: datetime | None) -> TypeGuard[datetime]:
    """A clock that was never set, or is ahead, tells nothing."""
    return time is not None and datetime(1990, 1, 1) < time < datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1)


def _zipped(archive: zipfile.ZipFile, zone: tzinfo | None, limits: Limits) -> Iterator[Found]:
    for info in archive.infolist():
        name = _name_of(info)
        if info.is_dir():
            continue
        try:
            _refuse_entry(info, limits)
            read = partial(_read_zipped, archive, info, limits)
        except EntryRejected as rejected:
            read = rejected
        yield name, _time_of(info, zone), info.file_size, read


def _name_of(info: zipfile.ZipInfo) -> str:
    """The name as it was written. macOS writes UTF-8 without saying so; what is no UTF-8 is taken for cp437."""
    name = info.orig_filename  # filename ends at a NUL
    if info.flag_bits & UTF8:
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _refuse_entry(info: zipfile.ZipInfo, limits: Limits) -> None:
    kind = info.external_attr >> 16
    if stat.S_ISLNK(kind):
        raise EntryRejected("is a symbolic link; ask for the notebook itself")
    if stat.S_IFMT(kind) and not stat.S_ISREG(kind):
        raise EntryRejected("is neither a file nor a folder")
    if info.flag_bits & 0x1:
        raise EntryRejected("is encrypted; unpack it with its password and collect the folder")
    if info.file_size > max(limits.ratio_from, limits.ratio * info.compress_size):
        raise EntryRejected(
            f"would swell to more than {limits.ratio} times its size when unpacked, which no notebook does"
        )


def _read_zipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits) -> bytes:
    try:
        with archive.open(info) as file:
            data = file.read(limits.file_bytes + 1)
            if file.read(1):
                raise EntryRejected("is larger than the archive says")
    except NotImplementedError as error:
        raise EntryRejected("is packed in a way that cannot be read here; unpack it and collect the folder") from error
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        EOFError,
        OSError,
        RuntimeError,
        ValueError,
        struct.error,
    ) as error:
        raise EntryRejected("is damaged in the archive; download it again") from error
    return data


def _time_of(info: zipfile.ZipInfo, zone: tzinfo | None) -> datetime | None:
    """When a zipped file was last changed: UTC where the archive says it, else local time in ``zone``."""
    extra = info.extra
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        if kind == UNIX_TIME and size >= 5 and len(extra) >= 9 and extra[4] & 1:
            return datetime(1970, 1, 1) + timedelta(seconds=struct.unpack("<i", extra[5:9])[0])
        extra = extra[4 + size :]
    try:
        local = datetime(*info.date_time)
        aware = local.replace(tzinfo=zone) if zone else local.astimezone()
        return aware.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError, OSError):  # month 0, second 60: never set
        return None


def _walk(root: Path, limits: Limits) -> Iterator[Found]:
    unread = []
    for parent, folders, files in os.walk(root, onerror=unread.append):
        folders.sort()
        for name in sorted(files + [name for name in folders if os.path.islink(os.path.join(parent, name))]):
            path = Path(parent, name)
            inside = str(PurePosixPath(path.relative_to(root)))
            try:
                status = path.lstat()
            except OSError as error:
                yield inside, None, 0, EntryRejected(f"could not be read: {error.strerror}")
                continue
            if stat.S_ISLNK(status.st_mode):
                read = EntryRejected("is a symbolic link; ask for the notebook itself")
            elif not stat.S_ISREG(status.st_mode):
                read = EntryRejected("is neither a file nor a folder")
            else:
                read = partial(_read_file, path, limits)
            time = datetime.fromtimestamp(status.st_mtime, UTC).replace(tzinfo=None)
            yield inside, time, status.st_size, read
    for error in unread:
        path = Path(error.filename)
        if path == root:
            raise UserError(f"The folder {root} could not be read: {error.strerror}. Mend its permissions.")
        why = EntryRejected(f"is a folder that could not be read: {error.strerror}")
        yield str(PurePosixPath(path.relative_to(root))), None, 0, why


def _read_file(path: Path, limits: Limits) -> bytes:
    try:
        return intake.bytes_of(path, limits.file_bytes)
    except intake.SubmissionRejected as refused:
        raise EntryRejected(f"could not be read: {refused}") from refused
