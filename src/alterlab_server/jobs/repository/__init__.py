"""Queries on jobs: their way from pending to ended, what is asked of them, their files, and the workers."""
