"""The hostile archives are what they say: Python's own zip reader sees in them what a collector will have to face."""

import zipfile

import pytest

from tests.attacks.archives import ARCHIVES, SWOLLEN

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
