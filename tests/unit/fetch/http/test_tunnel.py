"""Proxies whose answers are long, late or of another kind."""

import pytest

from alterlab_server.fetch.http.exchange import PinnedProxy
from alterlab_server.fetch.http.tunnel import ProxyRefused, open_tunnel

WORDS = b"What the host says."


class Answering:
    """A connection on which all answers are there; `endless` repeats them."""

    def __init__(self, answers: bytes, *, endless: bool = False) -> None:
        self.left = answers
        self._again = answers if endless else b""

    async def read(self, max_bytes: int) -> bytes:
        piece, self.left = self.left[:max_bytes], self.left[max_bytes:] or self._again
        return piece

    async def write(self, buffer: bytes) -> None:
        return None


def proxy(scheme: str) -> PinnedProxy:
    return PinnedProxy(scheme, "proxy.example", 1080, "93.184.216.34")


@pytest.mark.parametrize("bound", [b"\x01" + bytes(4), b"\x04" + bytes(16), b"\x03\x05proxy"])
async def test_what_a_socks_proxy_says_of_itself_is_read_and_no_more(bound: bytes) -> None:
    stream = Answering(b"\x05\x00" + b"\x05\x00\x00" + bound + bytes(2) + WORDS)
    await open_tunnel(stream, proxy("socks5"), "93.184.216.35", 443)
    assert stream.left == WORDS


@pytest.mark.parametrize("answer", [b"", b"\x05", b"\x05\x00\x05\x02\x00\x01", b"\x05\x00\x05\x00\x00\x03\x05pro"])
async def test_a_socks_proxy_that_ends_or_refuses(answer: bytes) -> None:
    with pytest.raises(ProxyRefused):
        await open_tunnel(Answering(answer), proxy("socks5"), "93.184.216.35", 443)


async def test_an_answer_without_end_is_none() -> None:
    with pytest.raises(ProxyRefused, match="no answer"):
        await open_tunnel(Answering(b"X-Filler: y\r\n", endless=True), proxy("http"), "93.184.216.35", 443)
