import pytest

from alterlab_server.extract.readers.charset import decode

WORD = "Füße — день"


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (b"\xef\xbb\xbf" + WORD.encode(), "text/html; charset=latin1", WORD),
        (b"\xff\xfe" + WORD.encode("utf-16-le"), "", WORD),
        (WORD.encode("koi8-r", "replace"), 'text/html; charset="KOI8-R"', "F??e ? день"),
        (b'<meta charset="iso-8859-1">' + "Füße".encode("latin1"), "", '<meta charset="iso-8859-1">Füße'),
        (b'<meta http-equiv=x content="text/html; charset=gbk">' + "中文".encode("gbk"), "", "中文"),
        (b'<?xml version="1.0" encoding="shift_jis"?>' + "日本".encode("shift_jis"), "", "日本"),
        (b"<meta charset=utf-16>" + WORD.encode(), "", WORD),
        (WORD.encode(), "text/html; charset=nonsense", WORD),
        (WORD.encode(), "text/html; charset=iso-8859-1", WORD),
        (b"<meta charset=windows-1252>" + WORD.encode(), "", WORD),
        (b"<meta charset=shift_jis>" + "日本".encode("shift_jis"), "text/html; charset=iso-8859-1", "日本"),
        ("Füße".encode("latin1"), "text/html; charset=iso-8859-1", "Füße"),
        (WORD.encode(), "", WORD),
    ],
)
def test_the_first_of_mark_header_declaration_and_content_decides(body: bytes, content_type: str, text: str) -> None:
    assert decode(body, content_type)[0].endswith(text)


def test_undeclared_bytes_are_recognised_by_their_letters() -> None:
    text = "Съешь же ещё этих мягких французских булок, да выпей чаю. " * 3
    assert decode(text.encode("windows-1251")) == (text, "windows-1251")


def test_bytes_that_do_not_fit_are_replaced() -> None:
    assert decode("Füße".encode() + b"\xff", "text/html; charset=utf-8") == ("Füße\ufffd", "utf-8")


@pytest.mark.parametrize("content_type", ["text/html; charset=utf-8", ""])
def test_what_calls_itself_utf_8_and_is_none_is_recognised_by_its_letters(content_type: str) -> None:
    text = "<meta charset=utf-8>" + "Größe, Länge und Gewicht stehen auf der nächsten Seite. " * 3
    assert decode(text.encode("latin-1"), content_type) == (text, "windows-1252")
