"""How a site wants to be visited, and what it names: its robots.txt, its sitemaps, and when each host may be asked."""
