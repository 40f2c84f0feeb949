import pytest

from alterlab_server.fetch.browser.heads import after_informational, closing, parse_head


def test_a_head_is_parsed_with_its_headers_in_order() -> None:
    head = parse_head(b"GET http://a.test/x HTTP/1.1\r\nHost: a.test\r\nX-A: 1\r\nx-a: 2\r\n\r\n")
    assert head is not None
    assert (head.method, head.target, head.body_bytes) == ("GET", "http://a.test/x", 0)
    assert head.header("x-a") == "1"
    assert head.to_origin("/x") == (b"GET /x HTTP/1.1\r\nHost: a.test\r\nX-A: 1\r\nx-a: 2\r\nConnection: close\r\n\r\n")


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /\r\n\r\n",
        b"GET / HTTP/2\r\n\r\n",
        b"GET / HTTP/1.1\r\nNo colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nA : b\r\n\r\n",
    ],
)
def test_what_is_no_http_1_request_is_none(raw: bytes) -> None:
    assert parse_head(raw) is None


@pytest.mark.parametrize(
    ("header", "count"),
    [
        ("Content-Length: 7", 7),
        ("Content-Length: -1", None),
        ("Content-Length: 1e3", None),
        ("Transfer-Encoding: chunked", None),
    ],
)
def test_a_body_of_unknown_length_is_known_as_such(header: str, count: int | None) -> None:
    head = parse_head(f"POST http://a.test/ HTTP/1.1\r\n{header}\r\n\r\n".encode())
    assert head is not None
    assert head.body_bytes == count


@pytest.mark.parametrize(
    ("value", "pair"),
    [
        ("Basic dXNlcjpwYTpzcw==", ("user", "pa:ss")),
        ("basic dXNlcjo=", ("user", "")),
        ("Basic !!!", ("", "")),
        ("Basic /w==", ("", "")),
        ("Bearer dXNlcjpwYXNz", ("", "")),
    ],
)
def test_credentials(value: str, pair: tuple[str, str]) -> None:
    head = parse_head(f"GET http://a.test/ HTTP/1.1\r\nProxy-Authorization: {value}\r\n\r\n".encode())
    assert head is not None
    assert head.credentials == pair


def test_a_response_is_made_to_end_its_connection() -> None:
    head = b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\nX: y\r\n\r\n"
    assert closing(head) == b"HTTP/1.1 200 OK\r\nX: y\r\nConnection: close\r\n\r\n"


def test_informational_answers_without_end_hold_nothing_up() -> None:
    assert after_informational(b"HTTP/1.1 100\r\n\r\n" * 500_000 + b"HTTP/1.1 200 OK\r\n") == b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("data", "left"),
    [
        (
            b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n",
            b"HTTP/1.1 200 OK\r\n",
        ),
        (b"HTTP/1.1 103 Early", b"HTTP/1.1 103 Early"),
        (b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 100 x\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 100 x\r\n\r\n"),
    ],
)
def test_informational_answers_are_left_out(data: bytes, left: bytes) -> None:
    assert after_informational(data) == left
