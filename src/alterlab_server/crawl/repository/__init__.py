"""Queries on crawls: their own rows, their pages, and the slots of hosts."""
