"""How a site wants to be visited, and what it names: its robots.txt and its sitemaps."""
