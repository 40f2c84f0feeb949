"""What the HTTP tiers share: hops and redirects, headers, cookies, caps. Knows no HTTP library."""
