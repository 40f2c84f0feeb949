"""The body of a page: what a reader would call its content."""

from alterlab_server.extract.body.carve import Body, carve_body

__all__ = ["Body", "carve_body"]
