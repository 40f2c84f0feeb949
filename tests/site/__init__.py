"""A web server with a page for each misbehaviour, and some ordinary ones. By hand: `make site`."""

from tests.site.server import HostileSite

__all__ = ["HostileSite"]
