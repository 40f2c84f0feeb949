"""What is new, changed or gone against the previous crawl with the same tracking id."""
