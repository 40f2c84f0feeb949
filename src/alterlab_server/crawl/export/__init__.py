"""The results of a crawl as files in an object store: the installation's own, or the caller's."""
