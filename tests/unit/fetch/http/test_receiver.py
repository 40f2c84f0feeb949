from alterlab_server.fetch.http.receiver import ResponseReceiver


def cut_original_bytes(length: str) -> int | None:
    receiver = ResponseReceiver(max_bytes=4)
    receiver.start(200, [("content-length", length)])
    assert not receiver.body_piece(b"12345")
    return receiver.response().original_bytes


def test_the_size_of_a_cut_body_is_the_announced_one() -> None:
    assert cut_original_bytes("5000") == 5000


def test_an_announced_size_that_no_machine_can_count_is_not_told() -> None:
    assert cut_original_bytes("9" * 5000) is None
