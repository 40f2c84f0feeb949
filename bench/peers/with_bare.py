"""Crawl a site by a bare loop: pycurl, links and markdown by turbohtml, one page after the other, nothing kept.

Usage: with_bare.py URL; prints pages and seconds. It is what a crawl costs that does nothing else.
"""

import io
import sys
import time
from functools import lru_cache

import ada_url
import pycurl
import turbohtml


@lru_cache(maxsize=10_000)
def joined(folder: str, href: str) -> str:
    """The address of a link on a page of a folder, without its fragment."""
    try:
        return ada_url.join_url(folder, href).partition("#")[0]
    except ValueError:
        return ""


def crawl(start: str) -> int:
    """Fetch all pages below the start page; gives how many."""
    curl, site = pycurl.Curl(), joined(start, "/")
    seen, waiting, pages = {start}, [start], 0
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
        folder = url.rpartition("/")[0] + "/"
        for href in {(anchor.attr("href") or "").partition("#")[0] for anchor in tree.select("a")}:
            link = joined(folder, href)
            if link not in seen and link.startswith(site):
                seen.add(link)
                waiting.append(link)
    return pages


if __name__ == "__main__":
    started = time.perf_counter()
    found = crawl(sys.argv[1])
    print(found, time.perf_counter() - started)
