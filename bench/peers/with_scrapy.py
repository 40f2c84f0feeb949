"""Crawl a site with Scrapy: links and markdown of each page. Usage: with_scrapy.py URL; prints pages and seconds."""

import re
import sys
import time
from typing import ClassVar

import scrapy
from html_to_markdown import convert
from scrapy.crawler import CrawlerProcess
from scrapy.linkextractors import LinkExtractor


class Site(scrapy.Spider):
    """Follows all links of the start page's host."""

    name = "site"
    custom_settings: ClassVar = {
        "ROBOTSTXT_OBEY": True,
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 10,
        "DOWNLOAD_DELAY": 0,
        "LOG_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
    }
    pages = 0

    def parse(self, response):  # Scrapy is not installed where types are checked
        """Make markdown of a page, and follow its links."""
        if not isinstance(response, scrapy.http.HtmlResponse):
            return
        convert(response.text)
        Site.pages += 1
        for link in LinkExtractor(allow="^" + re.escape(response.urljoin("/"))).extract_links(response):
            yield scrapy.Request(link.url, self.parse)


if __name__ == "__main__":
    started = time.perf_counter()
    process = CrawlerProcess()
    process.crawl(Site, start_urls=[sys.argv[1]])
    process.start()
    print(Site.pages, time.perf_counter() - started)
