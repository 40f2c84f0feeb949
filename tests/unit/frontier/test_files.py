import pytest

from alterlab_server.frontier.files import is_file


@pytest.mark.parametrize("path", ["a.zip", "b/tower.JPG", "x.tar.gz?raw=1", "talk.mp4", "list.xlsx", ".png"])
def test_files_are_known_by_their_extension(path: str) -> None:
    assert is_file(f"https://a.test/{path}")


@pytest.mark.parametrize(
    "path",
    [
        "",
        "zip",
        "a.zip/",
        "a.pdf",
        "b.html",
        "v1.2",
        "feed.xml",
        "wiki/File:Tower.jpg",
        "w/File%3ATower.png",
        "?f=a.zip",
    ],
)
def test_pages_are_not(path: str) -> None:
    assert not is_file(f"https://a.test/{path}")
