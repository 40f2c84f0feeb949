"""Where structured data stands in a page: one reader for each syntax, each giving plain JSON-like nodes."""
