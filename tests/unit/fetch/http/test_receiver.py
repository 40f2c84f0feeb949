from alterlab_server.fetch.http.receiver import ResponseReceiver, header_text


def cut_original_bytes(length: str) -> int | None:
    receiver = ResponseReceiver(max_bytes=4)
    receiver.start(200, [("content-length", length)])
    assert not receiver.body_piece(b"12345")
    return receiver.response().original_bytes


def test_the_size_of_a_cut_body_is_the_announced_one() -> None:
    assert cut_original_bytes("5000") == 5000


def test_an_announced_size_that_no_machine_can_count_is_not_told() -> None:
    assert cut_original_bytes("9" * 5000) is None


def test_a_header_is_utf_8_or_else_latin_1() -> None:
    assert header_text("café".encode()) == header_text("café".encode("latin-1")) == "café"
