"""What a site says of itself: its robots.txt and its sitemaps, fetched through the egress gate."""
