"""Crawl a site by a bare loop: pycurl, links and markdown by turbohtml, one page after the other, nothing kept. Usage:
with_bare.py URL; prints pages and seconds. It is what a crawl costs that does nothing else."""

import io
import sys
import time
from urllib.parse import urldefrag, urljoin, urlsplit

import pycurl
import turbohtml


def crawl(start: str) -> int:
    """Fetch all pages below the start page's host; gives how many."""
    curl, seen, waiting, pages = pycurl.Curl(), {start}, [start], 0
    host = urlsplit(start).netloc
    while waiting:
        url, body = waiting.pop(), io.BytesIO()
        curl.setopt(pycurl.URL, url)
        curl.setopt(pycurl.WRITEDATA, body)
        curl.perform()
        if "html" not in (curl.getinfo(pycurl.CONTENT_TYPE) or "") or curl.getinfo(pycurl.RESPONSE_CODE) != 200:
            continue
        pages += 1
        tree = turbohtml.parse(body.getvalue().decode("utf-8", "replace"))
        tree.to_markdown()
        for anchor in tree.select("a"):
            link = urldefrag(urljoin(url, anchor.attr("href") or "")).url
            if link not in seen and urlsplit(link).netloc == host:
                seen.add(link)
                waiting.append(link)
    return pages


if __name__ == "__main__":
    started = time.perf_counter()
    found = crawl(sys.argv[1])
    print(found, time.perf_counter() - started)
