"""What benchmarks start: the real service on temporary data, and a fast web server with one page."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

KEY = "sk_live_benchmark"
PAGE_BYTES = 20_000
START_SECONDS = 60.0


def article(size: int = PAGE_BYTES) -> bytes:
    """An ordinary article of about `size` bytes."""
    sentence = "The quick brown fox jumps over the lazy dog, and the dog, as ever, takes no notice of it at all. "
    paragraphs = "".join(f"<p>{i}. {sentence * 4}</p>\n" for i in range(size // (len(sentence) * 4 + 12)))
    head = "<!DOCTYPE html><html lang=en><head><title>A fox</title><meta name=description content='On foxes'></head>"
    return f"{head}<body><article><h1>A fox</h1>\n{paragraphs}</article></body></html>".encode()


def serve_page(port: int) -> None:
    """Answer every request on `port` with the article; keep-alive, until the process is ended."""
    body = article()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    answer = head.encode() + body

    class Server(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = transport

        def data_received(self, data: bytes) -> None:
            assert isinstance(self.transport, asyncio.Transport)
            self.transport.write(answer * data.count(b"\r\n\r\n"))

    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", port)
        await server.serve_forever()

    asyncio.run(run())


@contextmanager
def page_server(port: int) -> Iterator[str]:
    """The article's URL, served by a process of its own."""
    code = f"from bench.service import serve_page; serve_page({port})"
    with _process([sys.executable, "-c", code], {}):
        url = f"http://127.0.0.1:{port}/"
        _wait_for(url)
        yield url


@contextmanager
def service(port: int, **environment: str) -> Iterator[str]:
    """The address of a running service with the account key `KEY` and no rate limits."""
    with tempfile.TemporaryDirectory() as folder:
        given = {
            "ALTERLAB_DATA": folder,
            "ALTERLAB_PORT": str(port),
            "ALTERLAB_BOOTSTRAP_API_KEY": KEY,
            "ALTERLAB_BOOTSTRAP_BALANCE": "1000000",
            "ALTERLAB_ALLOW_NETWORKS": "127.0.0.0/8",
            "ALTERLAB_LOG_LEVEL": "warning",
        }
        with _process([sys.executable, "-m", "alterlab_server.app.cli", "serve"], given | environment):
            address = f"http://127.0.0.1:{port}"
            _wait_for(f"{address}/api/v1/health", b'"alive":[{')
            yield address


@contextmanager
def _process(command: list[str], environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait_for(url: str, text: bytes = b"") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if text in answer.read():
                    return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit(f"{url} did not come up")
