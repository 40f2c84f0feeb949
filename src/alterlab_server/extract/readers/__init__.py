"""Readers: one a kind of body, from bytes to what the formats are made of."""
