import pytest

from alterlab_server.base.page import Page
from alterlab_server.fetch.kinds import content_kind


@pytest.mark.parametrize(
    ("content_type", "body", "kind"),
    [
        ("", b"<?xml version='1.0'?><a/>", "xml"),
        ("", b"\xef\xbb\xbf <p>with a mark</p>", "html"),
        ("application/octet-stream", b'\n{"a": 1}', "json"),
        ("", b"words", "text"),
        ("", b"w\x00rds", "binary"),
        ("application/pdf", b"\n<p>The document is gone.</p>", "html"),
        ("application/pdf", b"%PDF-1.7", "pdf"),
        ("image/svg+xml", b"<svg/>", "image"),
        ("application/atom+xml", b"<feed/>", "xml"),
        ("application/ld+json", b"{}", "json"),
        ("application/zip", b"<p>", "binary"),
    ],
)
def test_the_kind_of_a_response(content_type: str, body: bytes, kind: str) -> None:
    assert content_kind(Page("", "", 200, {"content-type": content_type}, body)) == kind
