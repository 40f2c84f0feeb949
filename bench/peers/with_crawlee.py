"""Crawl a site with Crawlee: links and markdown of each page. Usage: with_crawlee.py URL; prints pages and seconds."""

import asyncio
import logging
import sys
import time

from crawlee import ConcurrencySettings
from crawlee.crawlers import ParselCrawler, ParselCrawlingContext
from crawlee.storage_clients import MemoryStorageClient
from html_to_markdown import convert


async def main(url: str) -> None:
    """Crawl all of the start page's host."""
    crawler = ParselCrawler(
        concurrency_settings=ConcurrencySettings(min_concurrency=10, desired_concurrency=10, max_concurrency=10),
        storage_client=MemoryStorageClient(),
        respect_robots_txt_file=True,
        configure_logging=False,
    )
    pages = 0

    @crawler.router.default_handler
    async def handle(context: ParselCrawlingContext) -> None:
        nonlocal pages
        convert((await context.http_response.read()).decode("utf-8", "replace"))
        pages += 1
        await context.enqueue_links()

    started = time.perf_counter()
    await crawler.run([url])
    print(pages, time.perf_counter() - started)


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    asyncio.run(main(sys.argv[1]))
