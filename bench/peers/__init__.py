"""The same crawl with other crawlers. Each file runs alone, in an environment of its own (`bench.crawl`)."""
