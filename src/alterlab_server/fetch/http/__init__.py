"""What the HTTP tiers share: hops and redirects, headers, cookies, caps, and what each library needs besides."""
