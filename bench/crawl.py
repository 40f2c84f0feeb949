"""Speed of a crawl of a real site (Debian's python3-doc, 527 link-heavy pages, served by nginx on this machine), with
us (markdown, stored, billed, robots.txt heeded) and with other crawlers (links and markdown), in one run; also
with a bare loop of pycurl and turbohtml.

Usage: python -m bench.crawl [--rounds N] [--no-peers] [--frontier ROWS]. Prints `name: value` lines.
"""

import argparse
import asyncio
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2

from bench.frontier import measure_frontier
from bench.scrape import free_port
from bench.service import KEY, service

SITE = Path("/usr/share/doc/python3.11/html")
PEERS = {"scrapy": ("scrapy",), "crawlee": ("crawlee[parsel]",), "bare": ("ada-url", "pycurl", "turbohtml")}
PEER_ENVIRONMENT = Path(".bench")
# The seconds of a crawl are those that its status tells, so looking seldom costs it least.
POLL_SECONDS = 0.5
_HERE = Path(__file__).parent
_NGINX = """
worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
  access_log off; types {{ text/html html; }} default_type application/octet-stream;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{ listen 127.0.0.1:{port}; root {site}; }}
}}
"""


@contextmanager
def site() -> Iterator[str]:
    """The documentation, served by nginx."""
    nginx = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if nginx is None or not SITE.is_dir():
        raise SystemExit("nginx and python3-doc are needed: apt-get install nginx-light python3-doc")
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        configuration = Path(folder) / "nginx.conf"
        configuration.write_text(_NGINX.format(folder=folder, port=port, site=SITE))
        process = subprocess.Popen([nginx, "-c", str(configuration)], stderr=subprocess.DEVNULL)
        try:
            url = f"http://127.0.0.1:{port}/index.html"
            _wait(url)
            yield url
        finally:
            process.terminate()
            process.wait(10)


def crawl_with_us(address: str, url: str) -> tuple[int, float]:
    """Pages and seconds of one crawl, from its acceptance to its last settlement."""
    fields = {"url": url, "max_pages": 1000, "max_depth": 20, "formats": ["markdown"], "sitemap": "skip"}
    with httpx2.Client(base_url=f"{address}/api/v1", headers={"X-API-Key": KEY}, timeout=60) as client:
        crawl_id = client.post("/crawl", json=fields).raise_for_status().json()["crawl_id"]
        body: dict[str, Any] = {"status": "discovering"}
        while body["status"] in ("discovering", "scraping"):
            time.sleep(POLL_SECONDS)
            body = client.get(f"/crawl/{crawl_id}").raise_for_status().json()
    took = datetime.fromisoformat(body["completed_at"]) - datetime.fromisoformat(body["created_at"])
    return body["completed"], took.total_seconds()


def crawl_with(name: str, url: str) -> tuple[int, float]:
    """Pages and seconds of one crawl, with us or with another crawler. Each has just started and is alone."""
    if name == "us":
        with service(free_port()) as address:
            return crawl_with_us(address, url)
    command = [str(PEER_ENVIRONMENT / "bin" / "python"), str(_HERE / "peers" / f"with_{name}.py"), url]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    pages, seconds = done.stdout.split()[-2:]
    return int(pages), float(seconds)


def installed_peers() -> list[str]:
    """The other crawlers that could be installed, into an environment beside the project's own."""
    python = PEER_ENVIRONMENT / "bin" / "python"
    if not python.exists():
        venv.create(PEER_ENVIRONMENT, with_pip=True)
    found = []
    for name, packages in PEERS.items():
        command = [str(python), "-m", "pip", "install", "-qq", "html-to-markdown", *packages]
        if subprocess.run(command, check=False).returncode == 0:
            found.append(name)
        else:
            print(f"crawl_with_{name}: not installed")
    return found


def compare(rounds: int, peers: list[str]) -> None:
    """Crawl in turns, and print the median of each crawler's pages per second."""
    rates: dict[str, list[float]] = {}
    with site() as url:
        for _ in range(rounds):
            for name in ("us", *peers):
                pages, seconds = crawl_with(name, url)
                rates.setdefault(name, []).append(pages / seconds)
                print(f"crawl_pages_{name}: {pages}")
    middle = {name: statistics.median(found) for name, found in rates.items()}
    for name, rate in middle.items():
        print(f"crawl_pages_per_second_{name}: {rate:.1f}")
    for name in peers:
        print(f"crawl_vs_{name}_ratio: {middle['us'] / middle[name]:.2f}")


def _wait(url: str) -> None:
    give_up = time.monotonic() + 20
    while time.monotonic() < give_up:
        try:
            httpx2.get(url, timeout=5).raise_for_status()
        except httpx2.HTTPError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"{url} did not come up")


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m bench.crawl")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-peers", action="store_true", help="measure us alone; nothing is installed")
    parser.add_argument("--frontier", type=int, metavar="ROWS", help="measure a frontier that grows to so many rows")
    options = parser.parse_args()
    if options.frontier:
        asyncio.run(measure_frontier(options.frontier))
    else:
        compare(options.rounds, [] if options.no_peers else installed_peers())


if __name__ == "__main__":
    sys.exit(main())
