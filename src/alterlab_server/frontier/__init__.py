"""The frontier of a crawl: which URLs belong to it, in which order, and when each may be asked for. Plain functions."""
