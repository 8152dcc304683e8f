"""The hostile archives are what they say, and collecting takes the honest notebook out of each, and nothing else."""

import zipfile

import pytest

from autograder.errors import UserError
from autograder.submissions.archives import Limits
from tests.attacks.archives import ARCHIVES, SWOLLEN
from tests.downloads import got, work

HONEST = ("alice/rnn.ipynb", b"{}")


@pytest.fixture
def built(request, tmp_path):
    path = tmp_path / "download.zip"
    next(archive for archive in ARCHIVES if archive.name == request.param).build(path, HONEST, tmp_path)
    return path


@pytest.mark.parametrize(
    "built", [a.name for a in ARCHIVES if a.name not in ("cut_off", "lies_about_sizes")], indirect=True
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_honest_notebook_is_in_it(built):
    with zipfile.ZipFile(built) as archive:
        assert archive.read(HONEST[0]) == HONEST[1]
        assert len(archive.infolist()) > 1
    assert built.stat().st_size < 10 * 2**20


@pytest.mark.parametrize("built", ["swells"], indirect=True)
def test_a_bomb_swells(built):
    with zipfile.ZipFile(built) as archive:
        info = archive.infolist()[0]
    assert info.file_size == SWOLLEN > 500 * info.compress_size


@pytest.mark.parametrize("built", ["lies_about_sizes"], indirect=True)
def test_a_bomb_can_deny_it(built):
    with zipfile.ZipFile(built) as archive:
        info = archive.infolist()[0]
    assert info.file_size == 10 and info.compress_size > 10_000


@pytest.mark.parametrize("built", ["cut_off"], indirect=True)
def test_a_cut_archive_cannot_be_opened(built):
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(built)


def everything(folder):
    """All names and contents below a folder."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and not path.is_symlink()}


LOST = {"many_entries": "there are more than 500 files", "lies_about_sizes": "damaged"}  # the honest one with them


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda archive: archive.name)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_collecting_takes_the_honest_notebook_and_writes_nowhere_else(archive, workspace, tmp_path):
    honest, path = work("alice"), tmp_path / "download.zip"
    (tmp_path / "secret").write_text("CANARY")
    archive.build(path, ("alice/rnn.ipynb", honest), tmp_path)
    before = everything(tmp_path)
    try:
        filed, left, _ = got(workspace, path, limits=Limits(entries=500))
    except UserError as problem:
        assert archive.name == "cut_off" and str(problem)
        filed = {}
    else:
        if archive.name in LOST:
            assert "alice" not in filed and any(LOST[archive.name] in why for why in left.values())
        else:
            assert filed["alice"] == honest and len(filed) <= 2
        assert b"CANARY" not in b"".join(filed.values())
        assert left or archive.name == "doubles"
    written = everything(tmp_path).keys() - before.keys()
    assert all(name.is_relative_to(workspace.folder("submitted")) for name in written)
    assert all(everything(tmp_path)[name] == content for name, content in before.items())
