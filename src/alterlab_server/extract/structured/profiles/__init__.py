"""The kinds of pages and the fields of their answers: one file each, and their table."""
